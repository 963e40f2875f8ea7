import { ChatId } from '@boocode/contracts/ids.ts';
import { SendMessage } from '@boocode/contracts/task.ts';
import * as z from 'zod/mini';

/** A message on its way. `waiting`: the server was out of reach, it goes when it is back; `refused`: the server said no, the person decides. */
export const OutboxItem = z.object({
  /** The idempotency key: however often it is sent, it arrives once. */
  key: z.string(),
  /** When it was written, in ms; later ones always have more. */
  at: z.number(),
  chatId: ChatId,
  body: SendMessage,
  state: z.enum(['sending', 'waiting', 'refused']),
  problem: z.nullable(z.string()),
});
export type OutboxItem = z.infer<typeof OutboxItem>;
export type OutboxState = readonly OutboxItem[];

export type OutboxEvent =
  | { readonly type: 'added'; readonly key: string; readonly at: number; readonly chatId: ChatId; readonly body: SendMessage }
  | { readonly type: 'sending' | 'unreachable' | 'sent' | 'taken'; readonly key: string }
  | { readonly type: 'refused'; readonly key: string; readonly problem: string };

/** Folds what happens to messages on their way; their order never changes. */
export function applyOutboxEvent(items: OutboxState, event: OutboxEvent): OutboxState {
  const change = (fields: Partial<OutboxItem>) => items.map((item) => (item.key === event.key ? { ...item, ...fields } : item));
  switch (event.type) {
    case 'added':
      return [
        ...items,
        { key: event.key, at: event.at, chatId: event.chatId, body: { ...event.body, idempotencyKey: event.key }, state: 'waiting', problem: null },
      ];
    case 'sending':
      return change({ state: 'sending', problem: null });
    case 'unreachable':
      return change({ state: 'waiting' });
    case 'refused':
      return change({ state: 'refused', problem: event.problem });
    case 'sent':
    case 'taken':
      return items.filter((item) => item.key !== event.key);
  }
}

/** The next to send: the first that waits, of a chat where nothing earlier is refused, so that messages arrive in the order they were written. */
export function nextToSend(items: OutboxState): OutboxItem | null {
  return items.find((item, index) => item.state === 'waiting' && !items.slice(0, index).some((earlier) => earlier.chatId === item.chatId)) ?? null;
}
