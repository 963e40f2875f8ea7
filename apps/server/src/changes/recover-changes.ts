import { forgetApply } from '@boocode/git/apply-journal.ts';
import { type RecoveredApply, recoverApplies } from '@boocode/git/recover-applies.ts';
import { findWorktree } from '../worktrees/worktree-store.ts';
import { collectInQueue } from './collect-session-changes.ts';
import { ActNote, writeDown } from './write-down.ts';
import type { ChangeDeps } from './change-deps.ts';
import { findJournalled, listJournals, releaseFromJournal } from './change-store.ts';
import { isRestore, settleRestore, settleRestores } from '../checkpoints/settle-restores.ts';
import type { CheckpointDeps } from '../checkpoints/checkpoint-deps.ts';
import { openTrees } from './open-trees.ts';
import { settleEdit } from './edit-worktree.ts';

/** At the start, before anything applies: finishes or takes back what a killed server was doing to files, and makes the rows say so. Never rejects. */
export async function recoverChanges(deps: ChangeDeps, checkpoints: CheckpointDeps): Promise<void> {
  const recovered = await recoverApplies(deps.journalDir);
  for (const journal of recovered) {
    deps.log.warn({ journal: journal.id, outcome: journal.outcome, paths: journal.paths.length, leftAlone: journal.leftAlone }, 'an apply was cut off');
    if (journal.outcome === 'unreachable' && !isRestore(journal.note)) continue;
    try {
      if (isRestore(journal.note)) {
        await settleRestore(checkpoints, journal);
        continue;
      }
      if (journal.outcome === 'finished' && (await settleEdit(deps, journal.id, journal.note))) continue;
      await settle(deps, journal);
    } catch (error) {
      deps.log.error({ err: error, journal: journal.id }, 'cannot write down what became of an apply: it is tried again at the next start');
    }
  }
  const onRecord = new Set(recovered.map((journal) => journal.id));
  await settleRestores(checkpoints, onRecord);
  // Taken for a journal that was never begun: nothing happened to the files.
  for (const id of await listJournals(deps.sql)) if (!onRecord.has(id)) await releaseFromJournal(deps.sql, id);
}

/** Makes the rows say what became of the files. What a kill left undone behind the rows is done, too. */
async function settle(deps: ChangeDeps, { id, outcome, note }: RecoveredApply): Promise<void> {
  const act = ActNote.safeParse(note).data;
  const worktree = act === undefined ? null : await findWorktree(deps.sql, act.worktreeId);
  const journalled = outcome === 'finished' && worktree !== null ? await findJournalled(deps.sql, id) : null;
  if (journalled !== null && worktree !== null) {
    await writeDown(deps, worktree, await openTrees(deps, worktree), { ...journalled, journalId: id, note: act?.said ?? null });
    return;
  }
  await releaseFromJournal(deps.sql, id);
  // The rows were written already; what waits now may not have been read again.
  if (outcome === 'finished' && worktree !== null && worktree.sessionId !== null)
    await collectInQueue(deps, { sessionId: worktree.sessionId, worktreeId: worktree.id, task: null });
  await forgetApply(deps.journalDir, id);
}
