import { NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import type { Chat } from '@boocode/contracts/chat.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Sql } from 'postgres';
import type { Handlers } from '../http/register-route.ts';
import type { Hub } from '../live/hub.ts';
import { publishSession } from '../sessions/publish-session.ts';
import { getSession } from '../sessions/session-routes.ts';
import { closeChat, findChat, insertChat, reopenChat, updateChat } from './chat-store.ts';
import { findMessage, listMessages, listNewer, removeWaiting, updateWaitingText } from './message-store.ts';

const PAGE_MESSAGES = 50;

export interface ChatRouteDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  /** Puts what is alive in memory over a stored message. */
  readonly overlay: (message: Message) => Message;
  /** Hands a waiting message to the chat's running turn; resolves when it has it, or with `queued` when it never will. */
  readonly steer: (message: Message) => Promise<'delivered' | 'queued'>;
  /** Whether a turn of the chat runs or waits. */
  readonly isBusy: (id: ChatId) => Promise<boolean>;
  /** Ends what runs or waits in the chat. */
  readonly endTurns: (id: ChatId) => Promise<void>;
  /** Tells every screen of failed turns that wait for a decision again. */
  readonly announceUnsettled: (id: SessionId) => Promise<void>;
}

export function chatHandlers(deps: ChatRouteDeps): Partial<Handlers> {
  const { sql, hub } = deps;
  return {
    createChat: async ({ params, body }) => {
      const session = await getSession(sql, params.id);
      const [first] = session.chats;
      const id = await insertChat(sql, {
        sessionId: params.id,
        title: body.title ?? null,
        agent: body.agent ?? first?.agent ?? NATIVE_AGENT,
        model: body.model === undefined ? (body.agent === undefined || body.agent === first?.agent ? (first?.model ?? null) : null) : body.model,
        mode: body.mode ?? null,
        access: body.access ?? first?.access ?? 'ask',
      });
      await publishSession(sql, hub, params.id);
      return getChat(sql, id);
    },
    getChat: ({ params }) => getChat(sql, params.id),
    patchChat: async ({ params, body }) => {
      await updateChat(sql, params.id, body);
      const chat = await getChat(sql, params.id);
      hub.publish(chatChannel(chat.id), { type: 'chat_updated', chat });
      await publishSession(sql, hub, chat.sessionId);
      return chat;
    },
    deleteChat: async ({ params, query }) => {
      const chat = await getChat(sql, params.id);
      if (query.force !== 'true' && (await deps.isBusy(chat.id)))
        throw new BooError('conflict', 'Cannot delete the chat: a turn of it has not ended; stop it first, or force the deletion, which stops it');
      await closeChat(sql, chat.id); // first: from here on nothing new begins in it
      await deps.endTurns(chat.id);
      await publishSession(sql, hub, chat.sessionId);
      return { ok: true };
    },
    restoreChat: async ({ params }) => {
      const chat = await reopenChat(sql, params.id);
      if (chat === null)
        throw new BooError(
          'not_found',
          `Cannot bring chat ${params.id} back: there is none with this id, or its session is deleted too; bring that back first`,
        );
      hub.publish(chatChannel(chat.id), { type: 'chat_updated', chat });
      await publishSession(sql, hub, chat.sessionId);
      await deps.announceUnsettled(chat.sessionId);
      return chat;
    },
    listMessages: async ({ params, query }) => {
      const [{ messages, hasOlder, hasNewer }] = await Promise.all([readWindow(sql, params.id, query), getChat(sql, params.id)]);
      const [first, last] = [messages[0], messages.at(-1)];
      return {
        items: messages.map(deps.overlay),
        nextCursor: hasOlder && first !== undefined ? String(first.position) : null,
        newerCursor: hasNewer && last !== undefined ? String(last.position) : null,
      };
    },
    patchMessage: async ({ params, body }) => {
      const message = await updateWaitingText(sql, params.id, body.text);
      if (message === null) throw hasBegun('edit');
      hub.publish(chatChannel(message.chatId), { type: 'message_updated', message });
      return message;
    },
    deleteMessage: async ({ params }) => {
      const removed = await removeWaiting(sql, params.id);
      if (removed === null) throw hasBegun('take back');
      for (const messageId of [params.id, removed.answerId]) hub.publish(chatChannel(removed.chatId), { type: 'message_removed', messageId });
      return { text: removed.text };
    },
    steerMessage: async ({ params }) => {
      const message = await findMessage(sql, params.id);
      if (message === null || message.role !== 'user' || message.status !== 'waiting') throw hasBegun('steer');
      const hasFiles = message.parts.some((part) => part.type === 'file');
      return { result: hasFiles ? 'queued' : await deps.steer(message) };
    },
  };
}

interface WindowQuery {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
  readonly cursor?: number | undefined;
  readonly limit?: number | undefined;
}

/** The newest page, the one before or after a position, or half a page on both sides of one. */
async function readWindow(sql: Sql, id: ChatId, query: WindowQuery): Promise<{ messages: Message[]; hasOlder: boolean; hasNewer: boolean }> {
  const before = query.before ?? query.cursor;
  if ([before, query.after, query.around].filter((one) => one !== undefined).length > 1)
    throw new BooError('invalid_request', 'Cannot read the messages: give one of "before", "after" and "around"');
  const limit = query.limit ?? PAGE_MESSAGES;
  if (query.after !== undefined) {
    const { messages, hasNewer } = await listNewer(sql, id, query.after, limit);
    return { messages, hasNewer, hasOlder: messages[0] !== undefined && (await listMessages(sql, id, messages[0].position, 1)).messages.length > 0 };
  }
  if (query.around === undefined) {
    const { messages, hasOlder } = await listMessages(sql, id, before ?? null, limit);
    const last = messages.at(-1);
    return { messages, hasOlder, hasNewer: before !== undefined && last !== undefined && (await listNewer(sql, id, last.position, 1)).messages.length > 0 };
  }
  const half = Math.max(1, Math.floor(limit / 2));
  const [older, newer] = await Promise.all([listMessages(sql, id, query.around, half), listNewer(sql, id, query.around - 1, Math.max(1, limit - half))]);
  return { messages: [...older.messages, ...newer.messages], hasOlder: older.hasOlder, hasNewer: newer.hasNewer };
}

/** The chat, or `not_found`. */
export async function getChat(sql: Sql, id: ChatId): Promise<Chat> {
  const chat = await findChat(sql, id);
  if (chat === null)
    throw new BooError('not_found', `Cannot find chat ${id}: there is none with this id, or it is closed; \`boocode sessions\` lists what there is`);
  return chat;
}

function hasBegun(verb: string): BooError {
  return new BooError('conflict', `Cannot ${verb} the message: its turn has begun or it is gone; stop the turn and send another`);
}
