import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { ChatId } from '@boocode/contracts/ids.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aChat, aMessage, uuid } from '../../test/records.ts';
import { ChatStore } from './chat-store.ts';
import type { LiveSocket } from './live-socket.ts';
import { appendedSince, textGrowth } from './text-growth.ts';

const ID = ChatId.parse(uuid(3));
const ALL = Array.from({ length: 1_000 }, (_, position) => aMessage({ id: uuid(1_000 + position), position, role: position % 2 === 0 ? 'user' : 'assistant' }));

function openChat() {
  let listener: (frame: ServerFrame) => void = () => undefined;
  const socket = {
    subscribe({ onFrame }: { onFrame: (frame: ServerFrame) => void }) {
      listener = onFrame;
      return () => undefined;
    },
  } as unknown as LiveSocket;
  const api = {
    async listMessages({ query }: { query: { before?: number; after?: number; around?: number; limit: number } }) {
      const { before, after, around, limit } = query;
      const start = around !== undefined ? around - limit / 2 : after !== undefined ? after + 1 : (before ?? ALL.length) - limit;
      const items = ALL.slice(Math.max(0, start), Math.max(0, start + limit));
      return {
        items,
        nextCursor: items[0]?.position === 0 ? null : String(items[0]?.position),
        newerCursor: items.at(-1)?.position === ALL.length - 1 ? null : String(items.at(-1)?.position),
      };
    },
  } as unknown as ApiClient;
  const store = new ChatStore(socket, api);
  store.subscribe(ID, () => undefined);
  const say = (frame: Record<string, unknown>) => listener({ channel: `chat:${ID}`, ...frame } as ServerFrame);
  say({ type: 'chat_snapshot', seq: 1, chat: aChat(), messages: ALL.slice(-50), hasOlder: true, tasks: [], permissions: [], agents: [] });
  const shown = () => (store.getWindow(ID).window ?? store.get(ID)).messages.map((message) => message.position);
  return { store, say, shown };
}

beforeEach(() => {
  vi.stubGlobal('document', { visibilityState: 'visible' });
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => run());
});
afterEach(() => void vi.unstubAllGlobals());

it('showAround() opens a window of a far place, and newer pages lead back to the live end without a gap', async () => {
  const { store, shown } = openChat();
  await store.showAround(ID, 400);
  expect(shown()).toEqual(Array.from({ length: 60 }, (_, index) => 370 + index));
  expect(store.get(ID).messages).toHaveLength(50);
  await store.loadOlder(ID);
  expect([shown()[0], shown().length]).toEqual([310, 120]);
  while (store.getWindow(ID).window !== null) await store.loadNewer(ID);
  expect(shown()).toEqual(Array.from({ length: 690 }, (_, index) => 310 + index));
  expect(store.getWindow(ID).epoch).toBe(1);
});

it('showAround() loads nothing for what is shown, and takes a page that meets the live end into it', async () => {
  const { store, shown } = openChat();
  await store.showAround(ID, 970);
  expect(store.getWindow(ID)).toEqual({ epoch: 0, window: null });
  await store.showAround(ID, 940);
  expect(store.getWindow(ID)).toEqual({ epoch: 0, window: null });
  expect(shown()).toEqual(Array.from({ length: 90 }, (_, index) => 910 + index));
});

it('showEnd() leaves a window, which has missed nothing of the live end', async () => {
  const { store, say, shown } = openChat();
  await store.showAround(ID, 100);
  say({ type: 'message_added', seq: 2, message: aMessage({ id: uuid(5), position: 1_000, status: 'streaming' }) });
  expect(shown().at(-1)).toBe(129);
  store.showEnd(ID);
  expect(shown().at(-1)).toBe(1_000);
});

it('remembers what each delta appended to a text', () => {
  const { store, say } = openChat();
  const messageId = uuid(5);
  say({ type: 'message_added', seq: 2, message: aMessage({ id: messageId, position: 1_000, status: 'streaming' }) });
  const part = () => store.get(ID).messages.at(-1)?.parts.at(-1);
  const delta = (seq: number, text: string) => say({ type: 'chat_event', seq, chatId: ID, messageId, event: { type: 'text', delta: text } });
  delta(3, 'Hello');
  const first = textGrowth(part()!)!;
  delta(4, ', you');
  delta(5, ' all');
  const last = textGrowth(part()!)!;
  expect(last.lineage).toBe(first.lineage);
  expect(appendedSince(last, 5)).toBe(', you all');
  for (let seq = 6; seq < 3_000; seq++) delta(seq, 'word ');
  expect(textGrowth(part()!)!.tail.length).toBeLessThanOrEqual(8_192);
  expect(appendedSince(textGrowth(part()!)!, 5)).toBe(null);
});
