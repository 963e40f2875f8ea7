import { readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { findStat } from './path-facts.ts';
import { type Git, runGit, type WorkTree } from './run-git.ts';
import { FOLDER_FILE, OWNERS, shadowTree } from './shadow.ts';

export interface TidyShadows {
  readonly shadowDir: string;
  /** The folders of all projects. A private repository of another folder goes, unless a worktree of it is still there. */
  readonly folders: readonly string[];
  /** From about this many loose objects on a history is packed; 6,000 by default. */
  readonly packFrom?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TidiedShadows {
  /** The folders whose histories were removed, packed, or could not be tidied. */
  readonly removed: readonly string[];
  readonly packed: readonly string[];
  readonly failed: readonly string[];
}

const PACK_FROM = 6_000;
const MAX_PACKS = 50;
const KEPT_FOR = '14.days.ago';

/**
 * Removes the histories of forgotten projects and packs those with many loose objects; unreferenced contents go when they are 14 days old. What a
 * worktree, checkpoint, base or pending change refers to is never touched. Safe at any time, beside sessions that work.
 */
export async function tidyShadows(git: Git, options: TidyShadows): Promise<TidiedShadows> {
  const wanted = new Set(options.folders.map((folder) => shadowTree(options.shadowDir, folder).gitDir));
  const result = { removed: new Array<string>(), packed: new Array<string>(), failed: new Array<string>() };
  for (const name of await readdir(options.shadowDir).catch(() => [])) {
    options.signal?.throwIfAborted();
    if (!name.endsWith('.git')) continue;
    const gitDir = join(options.shadowDir, name);
    const folder = (await readFile(join(gitDir, FOLDER_FILE), 'utf8').catch(() => '')).replace(/\n$/u, '');
    if (!wanted.has(gitDir)) {
      if (await removeUnused(options.shadowDir, gitDir)) result.removed.push(folder);
    } else if (await isLoose(gitDir, options.packFrom ?? PACK_FROM)) {
      const isPacked = await pack(git, { path: gitDir, gitDir, commonDir: gitDir }, options.signal);
      (isPacked ? result.packed : result.failed).push(folder);
    }
  }
  return result;
}

/** Removes the history of a folder whose project is forgotten. It is kept, and false, while one of its worktrees is still there: `tidyShadows` looks again. */
export function forgetShadow(shadowDir: string, folder: string): Promise<boolean> {
  return removeUnused(shadowDir, shadowTree(shadowDir, folder).gitDir);
}

async function removeUnused(shadowDir: string, gitDir: string): Promise<boolean> {
  if ((await findStat(gitDir)) === null) return false;
  for (const name of await readdir(join(gitDir, 'worktrees')).catch(() => [])) {
    const pointer = await readFile(join(gitDir, 'worktrees', name, 'gitdir'), 'utf8').catch(() => '');
    if (pointer !== '' && (await findStat(dirname(pointer.replace(/\n$/u, '')))) !== null) return false;
  }
  // Out of the way in one step, so that a kill in the middle leaves no half of a repository under its name.
  const gone = `${gitDir.slice(0, -'.git'.length)}.gone`;
  await rm(gone, { recursive: true, force: true });
  await rename(gitDir, gone);
  for (const link of await readdir(join(shadowDir, OWNERS)).catch(() => [])) {
    const target = await readlink(join(shadowDir, OWNERS, link)).catch(() => '');
    if (join(shadowDir, OWNERS, target) === gitDir) await rm(join(shadowDir, OWNERS, link), { force: true });
  }
  await rm(gone, { recursive: true, force: true });
  return true;
}

/** As git estimates it: from one of the 256 folders of objects, and from the number of packs. */
async function isLoose(gitDir: string, packFrom: number): Promise<boolean> {
  const namesIn = (folder: string): Promise<string[]> => readdir(join(gitDir, 'objects', folder)).catch(() => []);
  const packs = (await namesIn('pack')).filter((name) => name.endsWith('.pack'));
  return packs.length > MAX_PACKS || (await namesIn('17')).length * 256 >= packFrom;
}

async function pack(git: Git, tree: WorkTree, signal: AbortSignal | undefined): Promise<boolean> {
  const args = ['-c', 'gc.worktreePruneExpire=never', '-c', 'gc.reflogExpire=never', 'gc', '--quiet', `--prune=${KEPT_FOR}`];
  const env = { GIT_DIR: tree.gitDir, GIT_WORK_TREE: tree.path };
  try {
    await runGit(git, { at: tree.gitDir, args, what: `pack the history in "${tree.gitDir}"`, env, timeoutMs: 1_800_000, signal });
    return true;
  } catch (error) {
    if (error instanceof BooError) return false;
    throw error;
  }
}
