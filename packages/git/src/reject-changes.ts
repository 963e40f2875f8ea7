import { applyChanges, type ApplyResult, invertEdit } from './apply-changes.ts';
import type { FileEdit } from './apply-plan.ts';
import { commitTree, findCommit, setRef } from './commit.ts';
import { diffTrees } from './collect-changes.ts';
import type { Git, WorkTree } from './run-git.ts';
import { snapshotTree } from './snapshot.ts';

export interface RejectChanges {
  readonly worktree: WorkTree;
  readonly edits: readonly FileEdit[];
  readonly indexFile: string;
  readonly journalDir: string;
  readonly id: string;
  readonly note: unknown;
  /** Names the safety checkpoint: refs/boocode/checkpoints/<checkpointId>. */
  readonly checkpointId: string;
  readonly now: number;
}

export type RejectResult = ApplyResult & { readonly checkpoint: string | null };

/**
 * Puts files of a worktree back to what they were, after keeping everything as a checkpoint. Refuses all when one of them is no longer
 * what the person saw (the edit's new side). The agent's own index, branch and commits stay as they are.
 */
export async function rejectInWorktree(git: Git, options: RejectChanges): Promise<RejectResult> {
  const { worktree } = options;
  const checkpoint = await keepCheckpoint(git, { tree: worktree, indexFile: options.indexFile, id: options.checkpointId, message: 'Before a rejection' });
  const edits = options.edits.map(invertEdit);
  const result = await applyChanges(git, {
    tree: worktree,
    prefix: '',
    edits,
    journalDir: options.journalDir,
    id: options.id,
    note: options.note,
    match: 'exact',
    now: options.now,
  });
  return { ...result, checkpoint: checkpoint.commit };
}

/** Keeps the present files of a folder as a commit under refs/boocode/checkpoints/<id>. */
export async function keepCheckpoint(
  git: Git,
  options: {
    readonly tree: WorkTree;
    readonly indexFile: string;
    readonly id: string;
    readonly message: string;
    readonly parent?: string | undefined;
    readonly maxUntrackedBytes?: number | undefined;
  },
): Promise<{ ref: string; commit: string; treeId: string }> {
  const { tree: treeId } = await snapshotTree(git, options);
  const head = options.parent ?? (await findCommit(git, options.tree, 'HEAD'));
  const commit = await commitTree(git, options.tree, { treeId, parents: head === null ? [] : [head], message: options.message });
  const ref = `refs/boocode/checkpoints/${options.id}`;
  await setRef(git, options.tree, ref, commit);
  return { ref, commit, treeId };
}

/** Brings files of a worktree back to a checkpoint's state, all of them: undoing a rejection. Refuses files that changed since `from`. */
export async function restoreInWorktree(
  git: Git,
  options: Omit<RejectChanges, 'edits' | 'checkpointId'> & { readonly from: string; readonly to: string; readonly paths: readonly string[] | null },
): Promise<ApplyResult> {
  const { changes } = await diffTrees(git, { tree: options.worktree, from: options.from, to: options.to });
  const chosen = options.paths === null ? null : new Set(options.paths);
  const edits = changes.filter((change) => chosen === null || chosen.has(change.path) || (change.oldPath !== null && chosen.has(change.oldPath)));
  return applyChanges(git, {
    tree: options.worktree,
    prefix: '',
    edits,
    journalDir: options.journalDir,
    id: options.id,
    note: options.note,
    match: 'exact',
    now: options.now,
  });
}
