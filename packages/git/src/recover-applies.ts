import { join } from 'node:path';
import { FolderMoved, isAfter, isBefore, rollBack, rollForward } from './apply-commit.ts';
import { type Journal, printOf, readJournals, writeJournal } from './apply-journal.ts';
import { findStat } from './path-facts.ts';

export interface RecoveredApply {
  readonly id: string;
  /** `unreachable`: the folder or the journal cannot be read now; it is tried again at the next start. */
  readonly outcome: 'finished' | 'rolled_back' | 'unreachable';
  readonly folder: string | null;
  readonly paths: readonly string[];
  /** Files that a person changed meanwhile: they were not touched. */
  readonly leftAlone: readonly string[];
  readonly note: unknown;
  readonly message: string;
}

/**
 * Finishes or takes back every apply that was cut off, and reports those whose result nobody has written down yet. Called once, before anything applies.
 * Each stays on record until `forgetApply`, so a kill in here or right after loses nothing.
 */
export async function recoverApplies(journalDir: string): Promise<RecoveredApply[]> {
  const recovered: RecoveredApply[] = [];
  for (const { id, journal } of await readJournals(journalDir)) {
    if (journal === null)
      recovered.push({
        id,
        outcome: 'unreachable',
        folder: null,
        paths: [],
        leftAlone: [],
        note: null,
        message: `The journal "${id}" cannot be read; look at the files it may have been about`,
      });
    else recovered.push(await recoverApply(journalDir, journal));
  }
  return recovered;
}

async function recoverApply(journalDir: string, journal: Journal): Promise<RecoveredApply> {
  try {
    if ((await findStat(journal.folder)) === null)
      return reportOf(journal, 'unreachable', [], `The folder "${journal.folder}" is not there; its cut-off apply is looked at again at the next start`);
    switch (journal.state) {
      case 'done':
        return reportOf(journal, 'finished', [], 'All files were written');
      case 'rolled_back':
        return reportOf(journal, 'rolled_back', [], 'All files are as before');
      case 'staging':
      case 'taking_back':
        return await takeBack(journalDir, journal);
      case 'committing':
        return (await canFinish(journal)) ? await finish(journalDir, journal) : await takeBack(journalDir, journal);
    }
  } catch (error) {
    return reportOf(
      journal,
      'unreachable',
      [],
      `The cut-off apply in "${journal.folder}" could not be settled: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function finish(journalDir: string, journal: Journal): Promise<RecoveredApply> {
  try {
    await rollForward(journal, async (op) => {
      const now = await printOf(journal.folder, op.path);
      if (isAfter(op, now)) return false;
      if (!isBefore(op, now)) throw new FolderMoved(op.path);
      return true;
    });
  } catch (error) {
    if (!(error instanceof FolderMoved)) throw error;
    return takeBack(journalDir, journal);
  }
  await writeJournal(journalDir, { ...journal, state: 'done' });
  return reportOf(journal, 'finished', [], 'The rest of the files was written');
}

async function takeBack(journalDir: string, journal: Journal): Promise<RecoveredApply> {
  const leftAlone = await rollBack(journalDir, journal);
  await writeJournal(journalDir, { ...journal, state: 'rolled_back' });
  const message =
    leftAlone.length === 0
      ? 'All files are as before'
      : `All files are as before but those changed meanwhile, which were left alone: ${leftAlone.map((path) => `"${path}"`).join(', ')}`;
  return reportOf(journal, 'rolled_back', leftAlone, message);
}

/** Finishing needs every file to be either as before (its new content ready) or as wanted. */
async function canFinish(journal: Journal): Promise<boolean> {
  for (const op of journal.ops) {
    const now = await printOf(journal.folder, op.path);
    if (isAfter(op, now)) continue;
    if (!isBefore(op, now)) return false;
    if (op.temp !== null && (await findStat(join(journal.folder, op.temp))) === null) return false;
  }
  return true;
}

function reportOf(journal: Journal, outcome: RecoveredApply['outcome'], leftAlone: readonly string[], message: string): RecoveredApply {
  return { id: journal.id, outcome, folder: journal.folder, paths: journal.ops.map((op) => op.path), leftAlone, note: journal.note, message };
}
