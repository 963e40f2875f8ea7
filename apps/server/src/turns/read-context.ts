import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Sql } from 'postgres';
import { listHistory } from '../chats/message-store.ts';
import { type ChatPlace, findPlace } from './context-store.ts';

/** Messages of the chat that an agent without a memory of its own is given. */
const HISTORY_MESSAGES = 400;

/** What a turn has to know of its chat before it begins. */
export interface TurnContext extends ChatPlace {
  readonly history: readonly Message[];
}

/** The context where it was read beside the turn's acceptance; null in the end when it may be another by now. Never rejects. */
export type ContextAhead = Promise<TurnContext | null> | null;

/** Reads what a turn at `position` of the chat has to know. Rejects with `not_found` when the chat is gone. */
export async function readContext(sql: Sql, chatId: ChatId, position: number): Promise<TurnContext> {
  const [place, history] = await Promise.all([findPlace(sql, chatId), listHistory(sql, chatId, position, HISTORY_MESSAGES)]);
  if (place === null) throw new BooError('not_found', 'Cannot start the turn: its chat or its project is gone');
  return { ...place, history };
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
