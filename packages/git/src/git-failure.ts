import { BooError } from '@boocode/contracts/error-code.ts';

/** What git left behind when it failed. */
export interface GitFailure {
  /** What we wanted, as a verb and an object: 'read the folder "/p"'. */
  readonly what: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
}

const NEXT_STEPS: readonly (readonly [RegExp, string])[] = [
  [/detected dubious ownership/u, 'the folder belongs to another user: allow it with `git config --global --add safe.directory <folder>`'],
  [/\.lock'?: File exists|Another git process seems to be running/u, 'wait for the other git process to end, or remove its lock file if none is running'],
  [/Permission denied|insufficient permission/u, 'check that you own the files of the repository'],
  [
    /promisor remote|does not appear to be a git repository|Could not read from remote|unable to access/u,
    'this partial clone has not fetched all it needs: reach its remote, or fetch the files with `git fetch --refetch`',
  ],
  [/not a git repository/u, 'start git there, or choose the folder of a repository'],
  [/bad object|object file .* is empty|loose object .* is corrupt|unable to read|missing blob/u, 'check the repository with `git fsck`'],
  [/(?:smudge|clean|external|process) filter/u, 'check that the program of this filter is installed'],
];

/** Translates a failed git command into a sentence with a next step. */
export function mapGitFailure(failure: GitFailure): BooError {
  if (/No space left on device|Disk quota exceeded/u.test(failure.stderr)) {
    return new BooError('storage_full', `Cannot ${failure.what}: the disk is full; free some space and try again`);
  }
  const [pattern, next] = NEXT_STEPS.find(([each]) => each.test(failure.stderr)) ?? [null, 'run the same in a terminal to see more, then try again'];
  const said = sayingOf(failure, pattern);
  return new BooError('git_failed', `Cannot ${failure.what}: git said "${said}"; ${next}`, {
    details: { stderr: failure.stderr.slice(0, 4_000), exitCode: failure.code },
  });
}

/** Git's own line: the one that the next step answers, else the first that says what is wrong. */
function sayingOf({ stderr, code, signal }: GitFailure, answered: RegExp | null): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:') && !line.startsWith('warning:'));
  const wrong = lines.filter((each) => /^(fatal|error):/u.test(each));
  const line = wrong.find((each) => answered?.test(each) === true) ?? lines.find((each) => answered?.test(each) === true) ?? wrong[0] ?? lines[0];
  if (line !== undefined) return line.replace(/^(fatal|error): /u, '').slice(0, 400);
  return signal === null ? `exit status ${code}` : `ended by ${signal}`;
}
