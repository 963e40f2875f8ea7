import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { findCommit } from './commit.ts';
import { replaceDurable, syncFolder } from './durable-file.ts';
import { findOwnCommits } from './own-commits.ts';
import { findStat } from './path-facts.ts';
import { removeFolder } from './remove-folder.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';
import { baseRefOf, findGitDir } from './worktree.ts';

const LOCK_REASON = "in BooCode's trash; `boocode worktrees restore` brings it back\n";

export interface MoveWorktree {
  /** The git directory that all worktrees share. */
  readonly commonDir: string;
  readonly from: string;
  /** On the same file system; nothing may lie there. */
  readonly to: string;
}

/**
 * Moves a worktree to the trash: one rename. What git knows of it goes along and is locked first, so that `git worktree prune` leaves it; its branch stays.
 * Safe to repeat after a kill at any line: it goes on where it stopped.
 */
export async function moveToTrash(options: MoveWorktree): Promise<void> {
  const gitDir = await findEither(options);
  if (gitDir !== null && (await findStat(join(gitDir, 'locked'))) === null) await writeFile(join(gitDir, 'locked'), LOCK_REASON);
  await move(options, gitDir);
}

/** Moves a worktree back out of the trash. A lock that was not ours stays. Safe to repeat. */
export async function moveFromTrash(options: MoveWorktree): Promise<void> {
  const gitDir = await findEither(options);
  await move(options, gitDir);
  if (gitDir === null) return;
  const lock = await readFile(join(gitDir, 'locked'), 'utf8').catch(() => null);
  if (lock === LOCK_REASON) await rm(join(gitDir, 'locked'), { force: true });
}

export interface PurgeWorktree {
  readonly project: WorkTree;
  /** Where it lies now. */
  readonly path: string;
  /** Names its refs. */
  readonly id: string;
  readonly branch: string;
  /** Refs of ours beside those that its id names. */
  readonly refs: readonly string[];
}

export interface PurgedWorktree {
  /** The branch that was left, since commits on it are nowhere else; null = it went. */
  readonly keptBranch: string | null;
}

/** Removes a worktree for good: its folder, what git knows of it and our refs; its branch only when everything on it is elsewhere. Safe to repeat. */
export async function purgeWorktree(git: Git, options: PurgeWorktree): Promise<PurgedWorktree> {
  const { project, path, branch } = options;
  const gitDir = await findGitDir(project.commonDir, path);
  const head = gitDir === null ? null : await findCommit(git, { path: project.path, gitDir, commonDir: project.commonDir }, 'HEAD');
  const tip = branch === '' ? null : await findCommit(git, project, `refs/heads/${branch}`);
  const { own } = await findOwnCommits(git, { project, branch, head });
  const isKept = own.length > 0 || (tip !== null && (await isCheckedOutElsewhere(git, options)));
  if (own.length > 0 && head !== null) await rescue(git, { project, branch, head });
  if (tip !== null && !isKept)
    await runGit(git, { at: project, args: ['update-ref', '--no-deref', '-d', `refs/heads/${branch}`, tip], what: `remove the branch "${branch}"` });
  await removeFolder(path);
  if (gitDir !== null) await removeFolder(gitDir);
  await deleteRefs(git, project, [baseRefOf(options.id), `refs/boocode/pending/${options.id}`, ...options.refs]);
  return { keptBranch: isKept ? branch : null };
}

/** Commits of a detached HEAD that no branch has get one. */
async function rescue(git: Git, { project, branch, head }: { readonly project: WorkTree; readonly branch: string; readonly head: string }): Promise<void> {
  const what = `keep the commits of "${branch}"`;
  if (
    (await gitLine(git, {
      at: project,
      args: ['for-each-ref', '--count=1', '--format=%(refname)', '--contains', head, 'refs/heads', 'refs/remotes', 'refs/tags'],
      what,
    })) !== ''
  )
    return;
  const name = `refs/heads/${branch}-detached`;
  const free = (await findCommit(git, project, name)) === null ? name : `${name}-${head.slice(0, 12)}`;
  await runGit(git, { at: project, args: ['update-ref', '--no-deref', free, head], what });
}

async function isCheckedOutElsewhere(git: Git, { project, path, branch }: PurgeWorktree): Promise<boolean> {
  const args = ['for-each-ref', '--format=%(worktreepath)', `refs/heads/${branch}`];
  const place = await gitLine(git, { at: project, args, what: `read the branch "${branch}"` });
  return place !== '' && place !== path;
}

async function deleteRefs(git: Git, project: WorkTree, refs: readonly string[]): Promise<void> {
  const input = refs.map((ref) => `delete ${ref}\n`).join('');
  await runGit(git, { at: project, args: ['update-ref', '--no-deref', '--stdin'], what: `remove refs of "${project.path}"`, input });
}

async function findEither({ commonDir, from, to }: MoveWorktree): Promise<string | null> {
  return (await findGitDir(commonDir, from)) ?? findGitDir(commonDir, to);
}

async function move({ from, to }: MoveWorktree, gitDir: string | null): Promise<void> {
  const isThere = (await findStat(from)) !== null;
  if (isThere && (await findStat(to)) !== null)
    throw new BooError('conflict', `Cannot move the worktree to "${to}": something lies there already; move it away and try again`);
  if (gitDir !== null) await replaceDurable(join(gitDir, 'gitdir'), `${join(to, '.git')}\n`);
  if (!isThere) return;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  await syncFolder(dirname(to));
  // The folder around it, when nothing else is in it.
  await rmdir(dirname(from)).catch(() => {});
}
