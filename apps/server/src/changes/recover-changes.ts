import { forgetApply } from '@boocode/git/apply-journal.ts';
import { recoverApplies } from '@boocode/git/recover-applies.ts';
import { findWorktree } from '../worktrees/worktree-store.ts';
import { writeDown } from './write-down.ts';
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
      await settle(deps, journal.id, journal.outcome === 'finished');
    } catch (error) {
      deps.log.error({ err: error, journal: journal.id }, 'cannot write down what became of an apply: it is tried again at the next start');
    }
  }
  const onRecord = new Set(recovered.map((journal) => journal.id));
  await settleRestores(checkpoints, onRecord);
  // Taken for a journal that was never begun: nothing happened to the files.
  for (const id of await listJournals(deps.sql)) if (!onRecord.has(id)) await releaseFromJournal(deps.sql, id);
}

async function settle(deps: ChangeDeps, journalId: string, isFinished: boolean): Promise<void> {
  const journalled = isFinished ? await findJournalled(deps.sql, journalId) : null;
  const worktree = journalled?.changes[0] === undefined ? null : await findWorktree(deps.sql, journalled.changes[0].change.worktreeId);
  if (journalled === null || worktree === null) {
    await releaseFromJournal(deps.sql, journalId);
    await forgetApply(deps.journalDir, journalId);
    return;
  }
  await writeDown(deps, worktree, await openTrees(deps, worktree), { ...journalled, journalId, note: null });
}
