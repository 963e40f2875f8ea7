import { type ChatId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { advanceBase } from '@boocode/git/advance-base.ts';
import { forgetApply } from '@boocode/git/apply-journal.ts';
import type { FileEdit } from '@boocode/git/apply-plan.ts';
import { baseRefOf } from '@boocode/git/worktree.ts';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import * as z from 'zod/mini';
import { insertNote } from '../chats/note-store.ts';
import { updateBase } from '../worktrees/worktree-store.ts';
import type { ChangeDeps } from './change-deps.ts';
import { type ChosenChange, findOvertaken, type JournalAction, type LeftOver, splitOff, writeStates } from './change-store.ts';
import { baseEditsOf } from './base-edits-of.ts';
import { collectInQueue } from './collect-session-changes.ts';
import type { Trees } from './open-trees.ts';
import { publishChanges } from './publish-changes.ts';
import { splitChange } from './split-change.ts';
import type { StoredHunk } from './stored-hunk.ts';

const ACTOR = 'person';

/** What a journal says of itself, so that a start after a kill knows what was meant and for whom. */
export const ActNote = z.object({ worktreeId: WorktreeId, action: z.enum(['apply', 'reject', 'rewind']), said: z._default(z.nullable(z.string()), null) });
export type ActNote = z.infer<typeof ActNote>;

export interface Touched {
  readonly action: JournalAction;
  readonly changes: readonly ChosenChange[];
  readonly journalId: string;
  readonly note: string | null;
}

/**
 * Writes down in the rows what has happened to the files. Safe to repeat: recovery calls it for a journal that was finished but not written down.
 * Returns the changes that were done: a part of a change is one of its own.
 */
export async function writeDown(deps: ChangeDeps, worktree: Worktree, trees: Trees, touched: Touched): Promise<readonly string[]> {
  const { action, changes, journalId } = touched;
  const splits = await splitsOf(deps, trees, touched);
  const edits = action === 'reject' ? [] : await baseEditsOf(deps, worktree, trees, action, changes);
  const base = action === 'reject' ? null : await moveBase(deps, worktree, trees, edits);
  const notes = action === 'reject' ? await notesForAuthors(deps, touched) : [];
  const ids = await deps.sql.begin(async (tx) => {
    if (base !== null) await updateBase(tx, worktree.id, base);
    for (const { chatId, text } of notes) await insertNote(tx, chatId, text);
    return writeRows(tx, touched, splits);
  });
  const [first] = changes;
  if (first === undefined) return ids;
  const { sessionId } = first.change;
  // The worktree's difference to its new base is another one now: what was taken back is there again, what the agent wrote since stays.
  if (action !== 'apply')
    await collectInQueue(deps, { sessionId, worktreeId: worktree.id, task: taskOf(first), inherited: action === 'rewind' ? comingBack(changes) : undefined });
  // Last: until then a start after a kill goes on here.
  await forgetApply(deps.journalDir, journalId);
  await publishChanges(deps, sessionId);
  return ids;
}

type Splits = ReadonlyMap<ChosenChange, { readonly part: LeftOver; readonly left: LeftOver }>;

async function splitsOf(deps: ChangeDeps, trees: Trees, { action, changes }: Touched): Promise<Splits> {
  const splits = new Map<ChosenChange, { part: LeftOver; left: LeftOver }>();
  for (const chosen of changes) {
    if (chosen.part !== null) splits.set(chosen, await splitChange(deps.git, trees.project, chosen, chosen.part.hunks, action));
  }
  return splits;
}

function moveBase(deps: ChangeDeps, worktree: Worktree, trees: Trees, edits: readonly FileEdit[]): Promise<string> {
  return advanceBase(deps.git, { tree: trees.project, base: worktree.base, baseRef: baseRefOf(worktree.id), edits, scratch: join(deps.journalDir, 'scratch') });
}

async function writeRows(tx: Parameters<Parameters<Sql['begin']>[1]>[0], { action, changes, note }: Touched, splits: Splits): Promise<string[]> {
  const whole = changes.filter((chosen) => chosen.part === null).map(({ change }) => change.id);
  const ids: string[] = [...whole];
  for (const [chosen, split] of splits) {
    const to = action === 'apply' ? 'applied' : action === 'reject' ? 'rejected' : null;
    ids.push((await splitOff(tx, chosen, { ...split, to, actor: ACTOR, note: action === 'reject' ? note : null })) ?? chosen.change.id);
  }
  if (action !== 'rewind') {
    await writeStates(tx, whole, action === 'apply' ? 'applied' : 'rejected', ACTOR, action === 'reject' ? note : null);
    return ids;
  }
  // Of two changes of one file only one can wait; the newest holds what the others did.
  const overtaken = new Set(await findOvertaken(tx, whole));
  const paths = new Set<string>();
  const back = changes.filter(({ change, part }) => {
    if (part !== null || overtaken.has(change.id) || paths.has(change.path)) return false;
    paths.add(change.path);
    return true;
  });
  const backIds = back.map(({ change }) => change.id);
  await writeStates(
    tx,
    whole.filter((id) => !backIds.includes(id)),
    'superseded',
    ACTOR,
    'taken back out; the newer change of this file holds it',
  );
  await writeStates(tx, backIds, 'pending', ACTOR, null);
  return ids;
}

/** Hunks that are to be known again in what waits now. */
function comingBack(changes: readonly ChosenChange[]): Map<string, readonly StoredHunk[]> {
  const byPath = new Map<string, StoredHunk[]>();
  for (const { change, hunks, part } of changes) {
    const back = part === null ? hunks : hunks.filter((hunk) => part.hunks.includes(hunk.id));
    byPath.set(change.path, [...(byPath.get(change.path) ?? []), ...back]);
  }
  return byPath;
}

function taskOf({ change }: ChosenChange): { id: NonNullable<typeof change.taskId>; agent: string } | null {
  return change.taskId === null || change.agent === null ? null : { id: change.taskId, agent: change.agent };
}

/** What the agents whose work was rejected are told: what is not there any more, and why. */
async function notesForAuthors(deps: ChangeDeps, { changes, note }: Touched): Promise<{ readonly chatId: ChatId; readonly text: string }[]> {
  const byChat = new Map<ChatId, string[]>();
  for (const chosen of changes) {
    for (const chatId of await chatsOf(deps, chosen)) byChat.set(chatId, [...(byChat.get(chatId) ?? []), describe(chosen)]);
  }
  const said = note === null ? '' : ` They said: ${note}`;
  return [...byChat].map(([chatId, parts]) => ({
    chatId,
    text: `The person rejected your change of ${parts.join(', ')}; that text is back to what it was before.${said}`,
  }));
}

async function chatsOf(deps: ChangeDeps, { change, hunks, part }: ChosenChange): Promise<Set<ChatId>> {
  const chosen = hunks.filter((hunk) => part === null || part.hunks.includes(hunk.id));
  const chats = new Set(chosen.flatMap((hunk) => hunk.chatId ?? []));
  if (chats.size > 0 || change.taskId === null) return chats;
  const chatId = await deps.chatOf(change.taskId);
  return new Set(chatId === null ? [] : [chatId]);
}

/** `src/a.ts (lines 10 to 14)` for a part. */
function describe({ change, hunks, part }: ChosenChange): string {
  if (part === null) return change.path;
  const lines = hunks.filter((hunk) => part.hunks.includes(hunk.id)).map((hunk) => linesOf(hunk.newStart, hunk.newLines));
  return `${change.path} (${lines.join(', ')} of your text)`;
}

function linesOf(start: number, count: number): string {
  if (count === 0) return `what you removed after line ${start}`;
  return count === 1 ? `line ${start}` : `lines ${start} to ${start + count - 1}`;
}
