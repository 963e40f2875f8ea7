import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import { listHistory } from '../chats/message-store.ts';
import { listNotes, type Note } from '../chats/note-store.ts';
import { findProjectOfChat } from '../projects/project-store.ts';
import { findChatWorktree } from '../worktrees/worktree-store.ts';

/** Messages of the chat that an agent without a memory of its own is given. */
const HISTORY_MESSAGES = 400;

/** What a turn has to know of its chat before it begins. */
export interface TurnContext {
  readonly project: Project | null;
  /** The session's worktree, if there is one. */
  readonly worktree: Worktree | null;
  readonly history: readonly Message[];
  /** What the person said about earlier work, not told to any agent yet. */
  readonly notes: readonly Note[];
}

/** The context where it was read beside the turn's acceptance; null in the end when it may be another by now. Never rejects. */
export type ContextAhead = Promise<TurnContext | null> | null;

/** Reads what a turn at `position` of the chat has to know. */
export async function readContext(sql: Sql, chatId: ChatId, position: number): Promise<TurnContext> {
  const [project, worktree, history, notes] = await Promise.all([
    findProjectOfChat(sql, chatId),
    findChatWorktree(sql, chatId),
    listHistory(sql, chatId, position, HISTORY_MESSAGES),
    listNotes(sql, chatId),
  ]);
  return { project, worktree, history, notes };
}

/**
 * Reads the same while the turn is being accepted, as what comes next in its chat. The result says it for a position, or null where it may be another by then;
 * never rejects: what could not be read ahead is read again.
 */
export async function readContextAhead(sql: Sql, chatId: ChatId): Promise<(position: number) => TurnContext | null> {
  const context = await readContext(sql, chatId, Number.MAX_SAFE_INTEGER).catch(() => null);
  return (position) => (context !== null && isSettled(context.history, position) ? context : null);
}

/** All answers had ended, and nothing came between the last of them and the turn. A chat's first message is at 1. */
function isSettled(history: readonly Message[], position: number): boolean {
  return (history.at(-1)?.position ?? 0) === position - 1 && history.every((message) => message.status !== 'streaming');
}
