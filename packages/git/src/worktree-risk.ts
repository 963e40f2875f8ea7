import { join } from 'node:path';
import { collectChanges, diffTrees } from './collect-changes.ts';
import { findCommit } from './commit.ts';
import { findStat } from './path-facts.ts';
import { type Git, gitLine, runGit, splitRecords, type WorkTree } from './run-git.ts';

/** What would be lost with a worktree, in counts. */
export interface WorktreeRisk {
  /** Files that git knew, with uncommitted changes that are not in the base (what was applied is not lost). */
  readonly dirty: number;
  readonly untracked: number;
  /** Commits that no other branch, remote or tag has. */
  readonly unpushed: number;
  /** Locked by `git worktree lock`. */
  readonly locked: boolean;
}

/** Counts what would be lost if the worktree went away now. */
export async function worktreeRisk(
  git: Git,
  options: { readonly tree: WorkTree; readonly base: string; readonly branch: string; readonly indexFile: string },
): Promise<WorktreeRisk> {
  const { tree } = options;
  const collected = await collectChanges(git, options);
  const head = await findCommit(git, tree, 'HEAD');
  const uncommitted = head === null ? null : await pathsBetween(git, tree, head, collected.treeId);
  const lost = collected.changes.filter((change) => uncommitted === null || uncommitted.has(change.path));
  const tracked = await trackedPaths(git, tree);
  const untracked = lost.filter((change) => change.newBlob !== null && change.kind !== 'renamed' && !tracked.has(change.path)).length;
  return {
    dirty: lost.length - untracked,
    untracked: untracked + collected.nested.length,
    unpushed: head === null ? 0 : await countOwnCommits(git, { ...options, head }),
    locked: (await findStat(join(tree.gitDir, 'locked'))) !== null,
  };
}

async function countOwnCommits(
  git: Git,
  options: { readonly tree: WorkTree; readonly base: string; readonly branch: string; readonly head: string },
): Promise<number> {
  const args = ['rev-list', '--count', options.head, '--not', options.base, `--exclude=${options.branch}`, '--branches', '--remotes', '--tags'];
  return Number(await gitLine(git, { at: options.tree, args, what: `count the commits of "${options.branch}"` }));
}

async function pathsBetween(git: Git, tree: WorkTree, from: string, to: string): Promise<Set<string>> {
  const { changes } = await diffTrees(git, { tree, from, to });
  return new Set(changes.flatMap((change) => (change.oldPath === null ? [change.path] : [change.path, change.oldPath])));
}

async function trackedPaths(git: Git, tree: WorkTree): Promise<Set<string>> {
  const { stdout } = await runGit(git, { at: tree, args: ['ls-files', '-z'], what: `list the files of "${tree.path}"` });
  return new Set(splitRecords(stdout).map((record) => Buffer.from(record, 'latin1').toString('utf8')));
}
