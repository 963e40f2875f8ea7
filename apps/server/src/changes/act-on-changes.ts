import type { ChangesResult, ChooseChanges, ConfirmedText } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { ChangeId, type SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { applyChanges, type ApplyResult } from '@boocode/git/apply-changes.ts';
import type { FileConflict, FileEdit } from '@boocode/git/apply-plan.ts';
import { rejectInWorktree } from '@boocode/git/reject-changes.ts';
import { noteRejection } from '../checkpoints/note-rejection.ts';
import { getSession } from '../sessions/session-routes.ts';
import { worktreeIndexOf } from '../worktrees/open-workplace.ts';
import { findSessionWorktree } from '../worktrees/worktree-store.ts';
import { baseEditsOf } from './base-edits-of.ts';
import type { ChangeDeps } from './change-deps.ts';
import { type ChosenChange, findChangesByIds, type JournalAction, releaseFromJournal, takeForJournal, writeStates } from './change-store.ts';
import { ACTIONS, chooseChanges } from './choose-changes.ts';
import { countChanges } from './count-changes.ts';
import { openTrees, type Trees } from './open-trees.ts';
import { shownConflict } from './preview-changes.ts';
import { publishChanges } from './publish-changes.ts';
import { editOf } from './split-change.ts';
import { type ActNote, writeDown } from './write-down.ts';

const ACTOR = 'person';
/**
 * Applies, rejects or rewinds the chosen changes of a session: all of them or none, journalled, so that a kill in the middle is finished or taken back at
 * the next start. Rejects with `change_conflict` and every file's reason when they do not fit; then nothing was touched.
 */
export async function actOnChanges(deps: ChangeDeps, sessionId: SessionId, action: JournalAction, choice: ChooseChanges): Promise<ChangesResult> {
  const { projectId } = await getSession(deps.sql, sessionId);
  return deps.folders.run(projectId, () => actInQueue(deps, sessionId, action, choice));
}

/** The same for who holds the project's folder already. */
export async function actInQueue(deps: ChangeDeps, sessionId: SessionId, action: JournalAction, choice: ChooseChanges): Promise<ChangesResult> {
  const { verb, done, from, kind } = ACTIONS[action];
  const worktree = await findSessionWorktree(deps.sql, sessionId);
  if (worktree === null) return { items: [], message: `Nothing to ${verb}: there are no ${kind} changes` };
  const trees = lazily(() => openTrees(deps, worktree));
  const chosen = await chooseChanges(deps, sessionId, action, choice, async () => (await trees()).project);
  if (chosen.length === 0)
    return { items: [], message: `Nothing to ${verb}: ${choice.marked === true ? 'nothing is marked' : `there are no ${kind} changes`}` };
  if (action !== 'apply' && (await deps.isWriting(sessionId))) {
    throw new BooError('worktree_busy', `Cannot ${verb} now: a turn is writing in this session's worktree; stop it or wait for its end`);
  }
  const journalId = crypto.randomUUID();
  const edits = action === 'reject' ? chosen.map(editOf) : await baseEditsOf(deps, worktree, await trees(), action, chosen);
  if (!(await takeForJournal(deps.sql, chosen, from, journalId, action))) {
    throw new BooError('conflict', `Cannot ${verb} the changes: one of them has just changed or is being worked on; look again`);
  }
  let result: ApplyResult;
  try {
    result = await touchFiles(deps, worktree, await trees(), { action, edits, journalId, confirm: choice.confirm, note: choice.note ?? null });
  } catch (error) {
    await releaseFromJournal(deps.sql, journalId);
    throw error;
  }
  if (result.kind === 'conflict') {
    await writeConflicts(deps, chosen, journalId, action, new Map(result.conflicts.map((conflict) => [conflict.path, conflict.message])));
    await publishChanges(deps, sessionId);
    throw await conflictError(deps, await trees(), `${verb} ${countChanges(chosen)}`, result.conflicts);
  }
  const ids = await writeDown(deps, worktree, await trees(), { action, changes: chosen, journalId, note: choice.note ?? null });
  const items = (
    await findChangesByIds(
      deps.sql,
      ids.map((id) => ChangeId.parse(id)),
    )
  ).map(({ change }) => change);
  const merged = result.files.filter((file) => file.outcome === 'merged').length;
  return { items, message: `${done} ${countChanges(chosen)}${merged === 0 ? '' : `; ${merged} merged with your own changes`}` };
}

/** Every file's reason; both versions as far as they can be shown. */
async function conflictError(deps: ChangeDeps, trees: Trees, what: string, conflicts: readonly FileConflict[]): Promise<BooError> {
  const details = await Promise.all(conflicts.map((conflict) => shownConflict(deps, trees, conflict)));
  const reasons = conflicts.slice(0, 3).map((conflict) => conflict.message);
  return new BooError('change_conflict', `Cannot ${what}, so nothing was changed: ${reasons.join('; ')}`, { details });
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

interface Touch {
  readonly action: JournalAction;
  readonly edits: readonly FileEdit[];
  readonly journalId: string;
  readonly confirm: readonly ConfirmedText[] | undefined;
  readonly note: string | null;
}

async function touchFiles(deps: ChangeDeps, worktree: Worktree, trees: Trees, { action, edits, journalId, confirm, note: said }: Touch): Promise<ApplyResult> {
  const note: ActNote = { worktreeId: worktree.id, action, said };
  const common = { edits, journalDir: deps.journalDir, id: journalId, note, now: deps.now() };
  if (action === 'reject') {
    const indexFile = worktreeIndexOf(deps, worktree.id);
    const result = await rejectInWorktree(deps.git, { ...common, worktree: trees.tree, indexFile, checkpointId: journalId });
    if (result.kind === 'applied' && result.checkpoint !== null && worktree.sessionId !== null)
      await noteRejection(deps, { id: journalId, commit: result.checkpoint, worktree, sessionId: worktree.sessionId, tree: trees.tree });
    return result;
  }
  return applyChanges(deps.git, { ...common, tree: trees.project, prefix: trees.prefix, confirm });
}

async function writeConflicts(
  deps: ChangeDeps,
  chosen: readonly ChosenChange[],
  journalId: string,
  action: JournalAction,
  reasons: ReadonlyMap<string, string>,
): Promise<void> {
  await deps.sql.begin(async (tx) => {
    if (action === 'apply') {
      for (const { change } of chosen) {
        const reason = reasons.get(change.path) ?? (change.oldPath === null ? undefined : reasons.get(change.oldPath));
        if (reason !== undefined) await writeStates(tx, [change.id], 'conflict', ACTOR, reason);
      }
    }
    await releaseFromJournal(tx, journalId);
  });
}
