import { collectChanges, type CollectedChanges } from '@boocode/git/collect-changes.ts';
import { readFileHunks } from '@boocode/git/file-hunks.ts';
import { worktreeIndexOf } from '../worktrees/open-workplace.ts';
import { findWorktree } from '../worktrees/worktree-store.ts';
import type { ChangeDeps, CollectRequest } from './change-deps.ts';
import { type CollectedFile, isSameFile, listWaiting, reconcileChanges, type StoredChange } from './change-store.ts';
import { openTrees, type Trees } from './open-trees.ts';

export interface CollectedSession {
  /** How many changes are pending now. */
  readonly pending: number;
  /** The worktree's files as they were read; null when there is no worktree (any more). */
  readonly snapshot: Pick<CollectedChanges, 'treeId' | 'nested' | 'skipped' | 'unread' | 'emptyFolders'> | null;
}

type CollectDeps = Pick<ChangeDeps, 'sql' | 'git' | 'worktreesDir' | 'chatOf' | 'readBudget'>;

/**
 * Reads what a session's worktree holds over its base into rows. Waits for what is just being applied or taken back in the project's folder, which moves
 * the base. Rejects when the worktree is gone.
 */
export async function collectSessionChanges(deps: CollectDeps & Pick<ChangeDeps, 'folders'>, request: CollectRequest): Promise<CollectedSession> {
  const worktree = await findWorktree(deps.sql, request.worktreeId);
  if (worktree === null) return { pending: 0, snapshot: null };
  return deps.folders.run(worktree.projectId, () => collectInQueue(deps, request));
}

/** The same for who holds the project's folder already. */
export async function collectInQueue(deps: CollectDeps, request: CollectRequest): Promise<CollectedSession> {
  const worktree = await findWorktree(deps.sql, request.worktreeId);
  if (worktree === null || worktree.state !== 'ready') return { pending: 0, snapshot: null };
  const trees = await openTrees(deps, worktree);
  const { changes, runs, ...snapshot } = await collectChanges(deps.git, {
    tree: trees.tree,
    base: worktree.base,
    indexFile: worktreeIndexOf(deps, worktree.id),
    keepRef: `refs/boocode/pending/${worktree.id}`,
    budget: deps.readBudget,
  });
  const files = await withHunks(deps, trees, { changes, runs }, await listWaiting(deps.sql, worktree.id));
  const chatId = request.task === null ? null : await deps.chatOf(request.task.id);
  const by = request.task === null ? { agent: null, chatId, taskId: null } : { agent: request.task.agent, chatId, taskId: request.task.id };
  const pending = await reconcileChanges(deps.sql, { worktreeId: worktree.id, sessionId: request.sessionId }, files, by, request.inherited ?? new Map());
  return { pending, snapshot };
}

/** Only what differs from its row is read for hunks: the cost is that of what has changed. */
async function withHunks(
  deps: CollectDeps,
  trees: Trees,
  { changes, runs }: Pick<CollectedChanges, 'changes' | 'runs'>,
  rows: ReadonlyMap<string, StoredChange>,
): Promise<CollectedFile[]> {
  const moved = changes.filter((file) => !isSameFile(rows.get(file.path), file));
  const wanted = moved.map((file) => ({ file, runs: runs.get(file.path) ?? null, decided: decidedOf(rows.get(file.path), file) }));
  const hunks = await readFileHunks(deps.git, trees.tree, wanted);
  const byPath = new Map(moved.map((file, index) => [file.path, hunks[index] ?? []]));
  return changes.map((file) => ({ file, hunks: byPath.get(file.path) ?? null }));
}

/** What a person has accepted stays as it is, as long as it is counted from the same text. */
function decidedOf(row: StoredChange | undefined, file: CollectedChanges['changes'][number]) {
  const ranges = row?.hunks.filter((hunk) => hunk.marked) ?? [];
  const newBlob = row?.file.newBlob ?? null;
  if (ranges.length === 0 || newBlob === null || row?.file.oldBlob !== file.oldBlob) return null;
  return { newBlob, ranges };
}
