import type { Comparison } from '@boocode/contracts/checkpoint.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { CheckpointId } from '@boocode/contracts/ids.ts';
import { patchesOf } from '@boocode/git/change-patch.ts';
import type { FolderState } from '@boocode/git/checkpoint.ts';
import { diffTrees } from '@boocode/git/collect-changes.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import { countTreeChanges } from '@boocode/git/tree-changes.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { listCheckpoints, type StoredCheckpoint, updateCounts } from './checkpoint-store.ts';
import { getCheckpoint, getFolderState, worktreeOf } from './restore-checkpoint.ts';
import { readState } from './take-checkpoint.ts';

/** Of one file's patch; more is cut at a line's end and said so. */
const MAX_PATCH_BYTES = 512 * 1024;
const MAX_FILES = 2_000;

export interface CompareChoice {
  readonly from?: CheckpointId | 'worktree' | undefined;
  readonly to?: CheckpointId | 'worktree' | undefined;
}

/** How two states differ, the checkpoint being the later one unless `to` is given. */
export async function compareCheckpoints(deps: CheckpointDeps, id: CheckpointId, { from, to }: CompareChoice): Promise<Comparison> {
  if (from !== undefined && to !== undefined) throw new BooError('invalid_request', 'Cannot compare the checkpoint: give "from" or "to", not both');
  const own = await getCheckpoint(deps, id);
  const worktree = await worktreeOf(deps, own);
  const tree = await deps.openTree(worktree);
  const other = from ?? to ?? (await findPrevious(deps, own)) ?? id;
  const [ours, theirs] = [await getFolderState(deps, tree, own), await stateOf(deps, own, { worktree, tree, other })];
  // Ignored files are compared only where both know of them.
  const side = (state: FolderState): string => (ours.hasIgnored && theirs.hasIgnored ? state.treeId : state.plainTreeId);
  const [before, after] = to === undefined ? [side(theirs), side(ours)] : [side(ours), side(theirs)];
  const { changes, skipped } = await diffTrees(deps.git, { tree, from: before, to: after });
  const shown = changes.slice(0, MAX_FILES);
  const patches = await patchesOf(deps.git, { tree, changes: shown, maxBytes: MAX_PATCH_BYTES });
  return {
    items: shown.map(({ path, oldPath, kind, binary, additions, deletions }, index) => ({
      path,
      oldPath,
      kind,
      binary,
      additions,
      deletions,
      patch: patches[index]?.patch ?? null,
      patchTruncated: patches[index]?.truncated ?? false,
    })),
    leftOut: [...skipped, ...changes.slice(MAX_FILES).map(({ path }) => ({ path, reason: 'there are too many files to show' }))],
    nextCursor: null,
  };
}

/** Counts what has not been counted yet, all with one command, and gives the list with it. */
export async function withCounts(deps: CheckpointDeps, list: readonly StoredCheckpoint[]): Promise<StoredCheckpoint[]> {
  const pairs = list.flatMap((stored, index) => {
    const before = list.slice(0, index).findLast(({ checkpoint }) => checkpoint.worktreeId === stored.checkpoint.worktreeId);
    return before === undefined || stored.countedFrom === before.checkpoint.id ? [] : [{ stored, before }];
  });
  const [first] = pairs;
  if (first === undefined) return [...list];
  const tree = await deps.openTree(await worktreeOf(deps, first.stored));
  const counts = await countTreeChanges(
    deps.git,
    tree,
    pairs.map(({ stored, before }) => ({ from: before.checkpoint.tree, to: stored.checkpoint.tree })),
  );
  const counted = pairs.map(({ stored, before }, index) => ({
    id: stored.checkpoint.id,
    from: before.checkpoint.id,
    ...(counts[index] ?? { files: 0, additions: 0, deletions: 0 }),
  }));
  await updateCounts(deps.sql, counted);
  const byId = new Map(counted.map(({ id, files, additions, deletions }) => [id, { files, additions, deletions }]));
  return list.map((stored) => ({ ...stored, checkpoint: { ...stored.checkpoint, ...byId.get(stored.checkpoint.id) } }));
}

async function findPrevious(deps: CheckpointDeps, { checkpoint }: StoredCheckpoint): Promise<CheckpointId | null> {
  const list = await listCheckpoints(deps.sql, checkpoint.sessionId);
  const index = list.findIndex((other) => other.checkpoint.id === checkpoint.id);
  return list.slice(0, Math.max(0, index)).findLast((other) => other.checkpoint.worktreeId === checkpoint.worktreeId)?.checkpoint.id ?? null;
}

async function stateOf(
  deps: CheckpointDeps,
  own: StoredCheckpoint,
  { worktree, tree, other }: { readonly worktree: Worktree; readonly tree: WorkTree; readonly other: CheckpointId | 'worktree' },
): Promise<FolderState> {
  if (other === 'worktree') return readState(deps, worktree, tree, {});
  const stored = await getCheckpoint(deps, other);
  if (stored.projectId !== own.projectId)
    throw new BooError('invalid_request', `Cannot compare with checkpoint ${other}: it belongs to another project; choose one of this project`);
  return getFolderState(deps, tree, stored);
}
