import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { type Git, runGit, splitRecords, type WorkTree } from './run-git.ts';

/** How many filters of one repository may be broken. */
const MAX_BROKEN = 20;

/**
 * Runs `use`, again without a filter whenever one of them cannot run: a missing git-lfs must not keep anybody from keeping or restoring files. What such a
 * filter would convert is then taken as it lies there. Returns the names of those filters beside the result.
 */
export async function withWorkingFilters<T>(
  git: Git,
  tree: WorkTree,
  use: (git: Git) => Promise<T>,
): Promise<{ readonly value: T; readonly broken: string[] }> {
  const broken: string[] = [];
  for (;;) {
    try {
      return { value: await use(withoutFilters(git, broken)), broken };
    } catch (error) {
      const found = (await findBroken(git, tree, error)).filter((name) => !broken.includes(name));
      if (found.length === 0 || broken.length >= MAX_BROKEN) throw error;
      broken.push(...found);
    }
  }
}

/** The same git, for which these filters do nothing. */
function withoutFilters(git: Git, names: readonly string[]): Git {
  if (names.length === 0) return git;
  const settings = names.flatMap((name) => [
    [`filter.${name}.clean`, ''],
    [`filter.${name}.smudge`, ''],
    [`filter.${name}.process`, ''],
    [`filter.${name}.required`, 'false'],
  ]);
  const env: Record<string, string> = { ...git.env, GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [key = '', value = '']] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return { ...git, env };
}

const Said = z.object({ stderr: z.string() });

async function findBroken(git: Git, tree: WorkTree, error: unknown): Promise<string[]> {
  if (!(error instanceof BooError) || error.code !== 'git_failed') return [];
  const said = Said.safeParse(error.details).data?.stderr ?? '';
  const named = [...said.matchAll(/(?:clean|smudge) filter '([^']+)' failed/gu)].map((match) => match[1] ?? '');
  if (named.length > 0) return named;
  // A filter that is a process of its own ends without its name being said.
  return /remote end hung up|subprocess|external filter/u.test(said) ? listMissing(git, tree) : [];
}

/** Filters whose program is not there. */
async function listMissing(git: Git, tree: WorkTree): Promise<string[]> {
  const { stdout } = await runGit(git, {
    at: tree,
    args: ['config', '-z', '--get-regexp', String.raw`^filter\..*\.(clean|smudge|process)$`],
    what: `read the configuration of "${tree.path}"`,
    accept: (code) => code <= 1,
  });
  const missing = new Set<string>();
  for (const record of splitRecords(stdout)) {
    const [key = '', command = ''] = record.split('\n');
    const program = /^\s*'?([^\s']+)/u.exec(command)?.[1];
    if (program !== undefined && !(await isProgram(git, program))) missing.add(key.slice('filter.'.length, key.lastIndexOf('.')));
  }
  return [...missing];
}

async function isProgram(git: Git, program: string): Promise<boolean> {
  const places = isAbsolute(program) || program.includes('/') ? [program] : (git.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program));
  for (const place of places) {
    const isThere = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
