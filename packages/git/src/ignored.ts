import { type Git, runGit, splitRecords, type WorkTree } from './run-git.ts';

/** Whether git ignores a path; one that is a folder is named with a slash at its end. */
export async function isIgnored(git: Git, tree: WorkTree, path: string, signal?: AbortSignal): Promise<boolean> {
  // check-ignore knows no literal mode; with "./" in front no name is taken for anything else.
  const env = { GIT_LITERAL_PATHSPECS: '0' };
  const { code } = await runGit(git, {
    at: tree,
    args: ['check-ignore', '--quiet', '--', `./${path}`],
    what: `read the ignore rules of "${tree.path}"`,
    accept: (each) => each <= 1,
    env,
    signal,
  });
  return code === 0;
}

/** Of byte-exact names those that the rules of `tree` ignore, whatever any index says of them. */
export async function filterIgnored(git: Git, tree: WorkTree, names: readonly string[], signal?: AbortSignal): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const { stdout } = await runGit(git, {
    at: tree,
    args: ['check-ignore', '--no-index', '-z', '--stdin'],
    what: `read the ignore rules of "${tree.path}"`,
    input: Buffer.from(names.map((name) => `./${name}\0`).join(''), 'latin1'),
    accept: (each) => each <= 1,
    env: { GIT_LITERAL_PATHSPECS: '0' },
    signal,
  });
  return new Set(splitRecords(stdout).map((name) => name.slice('./'.length)));
}
