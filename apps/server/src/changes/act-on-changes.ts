import type { ChangesResult, ChangeState, ChooseChanges } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChangeId, SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { advanceBase } from '@boocode/git/advance-base.ts';
import { applyChanges, type ApplyResult, invertEdit, rewindChanges } from '@boocode/git/apply-changes.ts';
import { forgetApply } from '@boocode/git/apply-journal.ts';
import { rejectInWorktree } from '@boocode/git/reject-changes.ts';
import { baseRefOf } from '@boocode/git/worktree.ts';
import { join } from 'node:path';
import { insertNote } from '../chats/note-store.ts';
import { getSession } from '../sessions/session-routes.ts';
import { worktreeIndexOf } from '../worktrees/open-workplace.ts';
import { findWorktree, updateBase } from '../worktrees/worktree-store.ts';
import type { ChangeDeps } from './change-deps.ts';
import {
  findChangesByIds,
  findOvertaken,
  type JournalAction,
  listChanges,
  releaseFromJournal,
  type StoredChange,
  takeForJournal,
  writeStates,
} from './change-store.ts';
import { collectSessionChanges, openTrees, type Trees } from './collect-session-changes.ts';
import { publishChanges } from './publish-changes.ts';

const ACTOR = 'person';
/** Of a text with both versions between marks, in an answer. */
const MAX_MERGED_LENGTH = 200_000;
const WAITING: readonly ChangeState[] = ['pending', 'conflict'];

/** What the action can be done to, and its words. */
const ACTIONS = {
  apply: { from: WAITING, verb: 'apply', done: 'Applied' },
  reject: { from: WAITING, verb: 'reject', done: 'Rejected' },
  rewind: { from: ['applied'], verb: 'rewind', done: 'Took back' },
} as const satisfies Record<JournalAction, { from: readonly ChangeState[]; verb: string; done: string }>;

/**
 * Applies, rejects or rewinds the chosen changes of a session: all of them or none, journalled, so that a kill in the middle is finished or taken back at
 * the next start. Rejects with `change_conflict` and every file's reason when they do not fit; then nothing was touched.
 */
export async function actOnChanges(deps: ChangeDeps, sessionId: SessionId, action: JournalAction, choice: ChooseChanges): Promise<ChangesResult> {
  const { projectId } = await getSession(deps.sql, sessionId);
  return deps.folders.run(projectId, () => act(deps, sessionId, action, choice));
}

async function act(deps: ChangeDeps, sessionId: SessionId, action: JournalAction, choice: ChooseChanges): Promise<ChangesResult> {
  const chosen = await choose(deps, sessionId, action, choice);
  const [first] = chosen;
  if (first === undefined)
    return { items: [], message: `Nothing to ${ACTIONS[action].verb}: there are no ${action === 'rewind' ? 'applied' : 'pending'} changes` };
  const worktree = await findWorktree(deps.sql, first.change.worktreeId);
  if (worktree === null) throw new BooError('worktree_damaged', `Cannot ${ACTIONS[action].verb} the changes: their worktree is gone`);
  if (action !== 'apply' && (await deps.isWriting(sessionId))) {
    throw new BooError('worktree_busy', `Cannot ${ACTIONS[action].verb} now: a turn is writing in this session's worktree; stop it or wait for its end`);
  }
  const ids = chosen.map(({ change }) => change.id);
  const journalId = crypto.randomUUID();
  if (!(await takeForJournal(deps.sql, ids, ACTIONS[action].from, journalId, action))) {
    throw new BooError('conflict', `Cannot ${ACTIONS[action].verb} the changes: one of them has just changed or is being worked on; look again`);
  }
  let result: ApplyResult;
  let trees: Trees;
  try {
    trees = await openTrees(deps, worktree);
    result = await touchFiles(deps, worktree, trees, { action, chosen, journalId });
  } catch (error) {
    await releaseFromJournal(deps.sql, journalId);
    throw error;
  }
  if (result.kind === 'conflict') {
    const reasons = new Map(result.conflicts.map((conflict) => [conflict.path, conflict.message]));
    await writeConflicts(deps, chosen, journalId, action, reasons);
    await publishChanges(deps, sessionId);
    const details = result.conflicts.map(({ path, reason, message, merged }) => ({ path, reason, message, merged: shortEnough(merged) }));
    throw new BooError(
      'change_conflict',
      `Cannot ${ACTIONS[action].verb} ${countFiles(chosen.length)}, so nothing was changed: ${[...reasons.values()].slice(0, 3).join('; ')}`,
      { details },
    );
  }
  await writeDown(deps, worktree, trees, { action, changes: chosen, journalId, note: choice.note ?? null });
  const items = (await findChangesByIds(deps.sql, ids)).map(({ change }) => change);
  const merged = result.files.filter((file) => file.outcome === 'merged').length;
  return { items, message: `${ACTIONS[action].done} ${countFiles(ids.length)}${merged === 0 ? '' : `; ${merged} merged with your own changes`}` };
}

interface Touched {
  readonly action: JournalAction;
  readonly changes: readonly StoredChange[];
  readonly journalId: string;
  readonly note: string | null;
}

function shortEnough(merged: string | null): string | null {
  return merged === null || merged.length > MAX_MERGED_LENGTH ? null : merged;
}

/** Writes down in the rows what has happened to the files. Safe to repeat: recovery calls it for a journal that was finished but not written down. */
export async function writeDown(deps: ChangeDeps, worktree: Worktree, trees: Trees, { action, changes, journalId, note }: Touched): Promise<void> {
  const ids = changes.map(({ change }) => change.id);
  if (action !== 'reject') {
    const edits = changes.map(({ file }) => (action === 'apply' ? file : invertEdit(file)));
    const base = await advanceBase(deps.git, {
      tree: trees.project,
      base: worktree.base,
      baseRef: baseRefOf(worktree.id),
      edits,
      scratch: join(deps.journalDir, 'scratch'),
    });
    await deps.sql.begin(async (tx) => {
      await updateBase(tx, worktree.id, base);
      if (action === 'apply') return writeStates(tx, ids, 'applied', ACTOR, null);
      const overtaken = new Set(await findOvertaken(tx, ids));
      await writeStates(
        tx,
        ids.filter((id) => overtaken.has(id)),
        'superseded',
        ACTOR,
        'taken back out; the newer change of this file holds it',
      );
      await writeStates(
        tx,
        ids.filter((id) => !overtaken.has(id)),
        'pending',
        ACTOR,
        null,
      );
    });
  } else {
    await deps.sql.begin(async (tx) => {
      await writeStates(tx, ids, 'rejected', ACTOR, note);
      for (const [chatId, paths] of await pathsByChat(deps, changes)) {
        await insertNote(
          tx,
          chatId,
          `The person rejected your change of ${paths.join(', ')}; the file is back to what it was before.${note === null ? '' : ` They said: ${note}`}`,
        );
      }
    });
  }
  await forgetApply(deps.journalDir, journalId);
  const [first] = changes;
  if (first === undefined) return;
  // The worktree's difference to its new base may be another one now, for instance after a file was taken back that the agent has changed again.
  if (action !== 'apply') await collectSessionChanges(deps, { sessionId: first.change.sessionId, worktreeId: worktree.id, task: taskOf(first) });
  await publishChanges(deps, first.change.sessionId);
}

function taskOf({ change }: StoredChange): { id: NonNullable<typeof change.taskId>; agent: string } | null {
  return change.taskId === null || change.agent === null ? null : { id: change.taskId, agent: change.agent };
}

async function touchFiles(
  deps: ChangeDeps,
  worktree: Worktree,
  trees: Trees,
  { action, chosen, journalId }: { action: JournalAction; chosen: readonly StoredChange[]; journalId: string },
): Promise<ApplyResult> {
  const edits = chosen.map(({ file }) => file);
  const common = { edits, journalDir: deps.journalDir, id: journalId, note: { worktreeId: worktree.id, action }, now: deps.now() };
  switch (action) {
    case 'apply':
      return applyChanges(deps.git, { ...common, tree: trees.project, prefix: trees.prefix });
    case 'rewind':
      return rewindChanges(deps.git, { ...common, tree: trees.project, prefix: trees.prefix });
    case 'reject':
      return rejectInWorktree(deps.git, { ...common, worktree: trees.tree, indexFile: worktreeIndexOf(deps, worktree.id), checkpointId: journalId });
  }
}

async function writeConflicts(
  deps: ChangeDeps,
  chosen: readonly StoredChange[],
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

async function choose(deps: ChangeDeps, sessionId: SessionId, action: JournalAction, choice: ChooseChanges): Promise<StoredChange[]> {
  const candidates = await listChanges(deps.sql, sessionId, ACTIONS[action].from);
  if (choice.ids === undefined && choice.paths === undefined) return candidates;
  const ids = new Set<ChangeId>(choice.ids ?? []);
  const paths = new Set(choice.paths ?? []);
  const chosen = candidates.filter(({ change }) => ids.has(change.id) || paths.has(change.path));
  const missingPath = [...paths].find((path) => !chosen.some(({ change }) => change.path === path));
  const missingId = [...ids].find((id) => !chosen.some(({ change }) => change.id === id));
  const missing = missingPath ?? missingId;
  if (missing !== undefined) {
    const what = action === 'rewind' ? 'applied' : 'pending';
    throw new BooError(
      'not_found',
      `Cannot ${ACTIONS[action].verb} "${missing}": it is not among the ${what} changes of this session; \`boocode changes\` lists them`,
    );
  }
  return chosen;
}

async function pathsByChat(deps: ChangeDeps, changes: readonly StoredChange[]) {
  const byChat = new Map<Awaited<ReturnType<ChangeDeps['chatOf']>> & string, string[]>();
  for (const { change } of changes) {
    const chatId = change.taskId === null ? null : await deps.chatOf(change.taskId);
    if (chatId !== null) byChat.set(chatId, [...(byChat.get(chatId) ?? []), change.path]);
  }
  return byChat;
}

function countFiles(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`;
}
