import { BooError } from '@boocode/contracts/error-code.ts';
import { ChatId } from '@boocode/contracts/ids.ts';
import { describe, expect, it } from 'vitest';
import { uuid } from '../../test/records.ts';
import { ExternalStore } from './external-store.ts';
import type { Connection } from './live-socket.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';

const CHAT = ChatId.parse(uuid(3));

function memory(): OutboxOptions['storage'] {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    key: (index) => [...values.keys()][index] ?? null,
    get length() {
      return values.size;
    },
  };
}

type Answer = 'ok' | 'unreachable' | 'refused';

/** A server that answers as told and remembers what it was sent. */
function server(answers: Answer[]) {
  const received: { text: string; key: string | undefined }[] = [];
  const sendMessage: OutboxOptions['api']['sendMessage'] = async ({ body }) => {
    received.push({ text: body.text, key: body.idempotencyKey });
    const answer = answers.shift() ?? 'ok';
    if (answer === 'unreachable') throw new TypeError('Failed to fetch');
    if (answer === 'refused') throw new BooError('conflict', 'Cannot send: the chat is closed');
    return { taskId: uuid(1), messageId: uuid(2) } as Awaited<ReturnType<OutboxOptions['api']['sendMessage']>>;
  };
  return { received, api: { sendMessage } };
}

const settled = (outbox: Outbox) =>
  new Promise<void>((resolve) => {
    const check = () => outbox.items.get().every((item) => item.state !== 'sending') && resolve();
    outbox.items.subscribe(() => queueMicrotask(check));
  });

describe('Outbox', () => {
  it('sends in order, and again under the same key when the connection broke', async () => {
    const { received, api } = server(['unreachable']);
    const connection = new ExternalStore<Connection>('online');
    const outbox = new Outbox({ api, storage: memory(), connection });
    const broken = settled(outbox);
    outbox.send(CHAT, { text: 'one' });
    outbox.send(CHAT, { text: 'two' });
    await broken;
    connection.set('offline');
    expect(outbox.items.get().map((item) => [item.body.text, item.state])).toEqual([
      ['one', 'waiting'],
      ['two', 'waiting'],
    ]);
    const gone = new Promise<void>((resolve) => outbox.items.subscribe(() => outbox.items.get().length === 0 && resolve()));
    connection.set('online');
    await gone;
    expect(received.map((message) => message.text)).toEqual(['one', 'one', 'two']);
    expect(received[0]?.key).toBe(received[1]?.key);
    expect(received[2]?.key).not.toBe(received[1]?.key);
  });

  it('keeps what waits over a reload', async () => {
    const storage = memory();
    const connection = new ExternalStore<Connection>('offline');
    new Outbox({ api: server([]).api, storage, connection }).send(CHAT, { text: 'kept' });
    const { received, api } = server([]);
    const back = new ExternalStore<Connection>('connecting');
    const later = new Outbox({ api, storage, connection: back });
    const gone = new Promise<void>((resolve) => later.items.subscribe(() => later.items.get().length === 0 && resolve()));
    back.set('online');
    await gone;
    expect(received.map((message) => message.text)).toEqual(['kept']);
    expect(new Outbox({ api, storage, connection: back }).items.get()).toEqual([]);
  });

  it('holds a refused message with the reason, until it is taken back', async () => {
    const outbox = new Outbox({ api: server(['refused']).api, storage: memory(), connection: new ExternalStore<Connection>('online') });
    const refused = settled(outbox);
    outbox.send(CHAT, { text: 'late' });
    await refused;
    const [item] = outbox.items.get();
    expect([item?.state, item?.problem]).toEqual(['refused', 'Cannot send: the chat is closed']);
    expect(outbox.takeBack(item?.key ?? '')).toBe('late');
    expect(outbox.items.get()).toEqual([]);
  });

  it('sends what several windows wrote once and in order, whichever of them is there to do it', async () => {
    const storage = memory();
    const { received, api } = server([]);
    const locks = oneAtATime();
    const open = (connection: ExternalStore<Connection>) => new Outbox({ api, storage, connection, locks });
    const away = new ExternalStore<Connection>('offline');
    const [first, second] = [open(away), open(away)];
    first.send(CHAT, { text: 'one' });
    second.hear(null);
    second.send(CHAT, { text: 'two' });
    first.hear(null);
    expect([first, second].map((outbox) => outbox.items.get().map((item) => item.body.text))).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    const gone = [first, second].map((outbox) => new Promise<void>((resolve) => outbox.items.subscribe(() => outbox.items.get().length === 0 && resolve())));
    away.set('online');
    await gone[0];
    second.hear(null);
    await gone[1];
    expect(received.map((message) => message.text)).toEqual(['one', 'two']);
    expect(open(away).items.get()).toEqual([]);
  });

  it('sends again what a window began and never ended', async () => {
    const storage = memory();
    const silent = new ExternalStore<Connection>('online');
    new Outbox({ api: { sendMessage: () => new Promise(() => {}) }, storage, connection: silent }).send(CHAT, { text: 'begun' });
    const { received, api } = server([]);
    const connection = new ExternalStore<Connection>('connecting');
    const later = new Outbox({ api, storage, connection, locks: oneAtATime() });
    const gone = new Promise<void>((resolve) => later.items.subscribe(() => later.items.get().length === 0 && resolve()));
    connection.set('online');
    await gone;
    expect(received.map((message) => message.text)).toEqual(['begun']);
  });
});

/** What the browser does: whoever asks waits until the one before is done. */
function oneAtATime(): NonNullable<OutboxOptions['locks']> {
  let last: Promise<unknown> = Promise.resolve();
  const request = (_: string, work: () => Promise<unknown>) => (last = last.then(work, work));
  return { request } as NonNullable<OutboxOptions['locks']>;
}
