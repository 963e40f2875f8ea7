import { join } from 'node:path';
import { deleteCheckpointRef, findCheckpointCommit, findFolderState } from '@boocode/git/checkpoint.ts';
import { finishRestore } from '@boocode/git/checkpoint-restore.ts';
import { forgetApply } from '@boocode/git/apply-journal.ts';
import type { RecoveredApply } from '@boocode/git/recover-applies.ts';
import * as z from 'zod/mini';
import { findWorktree } from '../worktrees/worktree-store.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { deleteCheckpoints, findCheckpoint, listTaking, markKept } from './checkpoint-store.ts';
import { deleteRestore, findRestore, listUnfinished, type Restore, updateRestoreState } from './restore-store.ts';
import { writeRestoreDown } from './write-restore-down.ts';

const Note = z.object({ restore: z.string() });

/** Whether a journal is one of a restore; then `settleRestore` writes down what became of it. */
export function isRestore(note: unknown): boolean {
  return Note.safeParse(note).success;
}

/** At a start: makes the rows say what became of the files of a restore that was cut off. */
export async function settleRestore(deps: CheckpointDeps, journal: Pick<RecoveredApply, 'id' | 'outcome' | 'note'>): Promise<void> {
  const { restore: id } = Note.parse(journal.note);
  const restore = await findRestore(deps.sql, id);
  if (journal.outcome === 'unreachable') {
    // Its session must not wait for a folder that may never come back.
    if (restore !== null) await updateRestoreState(deps.sql, id, 'stuck');
    return;
  }
  if (restore !== null && restore.state !== 'done') await (journal.outcome === 'finished' ? finish(deps, restore) : takeBack(deps, restore));
  await forgetApply(deps.journalDir, journal.id);
}

/** At a start, when no journal is left to settle: restores that had not touched a file yet, and checkpoints of which nobody knows whether they were kept. */
export async function settleRestores(deps: CheckpointDeps, onRecord: ReadonlySet<string>): Promise<void> {
  for (const restore of await listUnfinished(deps.sql)) if (!onRecord.has(restore.id)) await takeBack(deps, restore);
  for (const { id, ...place } of await listTaking(deps.sql)) {
    try {
      const tree = await deps.openRepository(place);
      const commit = await findCheckpointCommit(deps.git, tree, id);
      const state = commit === null ? null : await findFolderState(deps.git, tree, commit);
      if (commit === null || state === null) await deleteCheckpoints(deps.sql, [id]);
      else await markKept(deps.sql, id, { commit, treeId: state.treeId, fingerprint: state.fingerprint, skipped: state.skipped });
    } catch (error) {
      deps.log.warn({ err: error, checkpoint: id }, 'cannot find out whether a checkpoint was kept: the next start looks again');
    }
  }
}

async function finish(deps: CheckpointDeps, restore: Restore): Promise<void> {
  const worktree = restore.worktreeId === null ? null : await findWorktree(deps.sql, restore.worktreeId);
  const [target, safety] = await Promise.all([restore.checkpointId, restore.safetyId].map(async (id) => (id === null ? null : findCheckpoint(deps.sql, id))));
  if (worktree !== null && target !== null && target !== undefined && safety !== null && safety !== undefined) {
    const tree = await deps.openTree(worktree);
    const [from, to] = await Promise.all([safety, target].map(({ checkpoint }) => findFolderState(deps.git, tree, checkpoint.commit)));
    if (from !== null && from !== undefined && to !== null && to !== undefined) {
      await finishRestore(deps.git, { tree, from, to, paths: restore.paths, scratch: join(deps.journalDir, 'scratch') });
    }
  }
  await writeRestoreDown(deps, restore, worktree);
}

/** Every file is as before: nothing happened, and nothing is left of it. */
async function takeBack(deps: CheckpointDeps, restore: Restore): Promise<void> {
  deps.log.warn({ restore: restore.id }, 'a restore was cut off before it changed anything, and is forgotten');
  const worktree = restore.worktreeId === null ? null : await findWorktree(deps.sql, restore.worktreeId);
  if (restore.safetyId !== null && worktree !== null) {
    await deleteCheckpointRef(deps.git, await deps.openTree(worktree), restore.safetyId);
    await deleteCheckpoints(deps.sql, [restore.safetyId]);
  }
  await deleteRestore(deps.sql, restore.id);
}
