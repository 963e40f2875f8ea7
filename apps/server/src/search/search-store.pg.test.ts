import { type ChatId, MessageId } from '@boocode/contracts/ids.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { updateWaitingText } from '../chats/message-store.ts';
import { insertProject } from '../projects/project-store.ts';
import { insertSession } from '../sessions/session-store.ts';
import { acceptTurn, claimTask, finishTask } from '../tasks/task-store.ts';
import { findInChat, listPrompts, readSearchable, searchMessages } from './search-store.ts';
import { searchWords, snippetOf } from './snippet-policy.ts';

let database: TestDatabase;
let chatId: ChatId;

beforeAll(async () => {
  database = await createTestDatabase();
  chatId = await newChat();
});
afterAll(() => database[Symbol.asyncDispose]());

async function newChat(): Promise<ChatId> {
  const { project } = await insertProject(database.sql, { path: `/tmp/${crypto.randomUUID()}`, name: 'P' });
  const session = await insertSession(database.sql, {
    projectId: project.id,
    title: 'S',
    baseline: 'head',
    agent: 'a',
    model: null,
    mode: null,
    access: 'ask',
  });
  return session.chats[0]!.id;
}

interface StoredPart {
  readonly data: Record<string, unknown> | null;
  readonly text?: string;
  readonly index?: number;
  readonly segment?: number;
}

async function addMessage(chat: ChatId, position: number, role: 'user' | 'assistant', parts: readonly StoredPart[]): Promise<MessageId> {
  const { sql } = database;
  const id = MessageId.parse(crypto.randomUUID());
  await sql`insert into messages (id, chat_id, position, role, status) values (${id}, ${chat}, ${position}, ${role}, 'streaming')`;
  for (const [at, part] of parts.entries()) {
    const data = part.data === null ? null : JSON.stringify(part.data);
    await sql`insert into parts (message_id, index, segment, data, text) values (${id}, ${part.index ?? at}, ${part.segment ?? 0}, ${data}::text::json, ${part.text ?? ''})`;
  }
  await sql`update messages set status = 'completed' where id = ${id}`;
  return id;
}

const text = (value: string): StoredPart => ({ data: { type: 'text' }, text: value });
const find = async (query: string) => (await searchMessages(database.sql, searchWords(query), null, 50, 0)).map((hit) => hit.messageId);

describe('searching messages', () => {
  it('finds words, beginnings of words and parts of names in texts, tool titles and steered texts, newest first, but not in reasoning', async () => {
    const first = await addMessage(chatId, 1, 'user', [text('Please mend the useTimeline hook — “quietly”')]);
    const second = await addMessage(chatId, 2, 'assistant', [
      { data: { type: 'reasoning' }, text: 'secretthought' },
      { data: null, text: ' goes on', index: 0, segment: 1 },
      { data: { type: 'tool', title: 'Read src/chat/timeline-rows.ts' }, index: 1 },
      { data: { type: 'steered', text: 'and Müller too', messageId: 'x' }, index: 2 },
      { data: { type: 'text' }, text: 'Done', index: 3 },
    ]);
    expect(await find('timeline')).toEqual([second, first]);
    expect(await find('TIMEL')).toEqual([second, first]);
    expect(await find('useTimeline')).toEqual([first]);
    expect(await find('quietly mend')).toEqual([first]);
    expect(await find('timeline-rows.ts')).toEqual([second]);
    expect(await find('müller')).toEqual([second]);
    expect(await find('secretthought')).toEqual([]);
    expect(await find("it's '; drop table")).toEqual([]);
    const texts = await readSearchable(database.sql, [second]);
    expect(snippetOf(texts.get(second)!, ['timeline'])).toEqual([
      { text: 'Read src/chat/', marked: false },
      { text: 'timeline', marked: true },
      { text: '-rows.ts', marked: false },
    ]);
    expect((await listPrompts(database.sql, chatId, 10)).map((prompt) => prompt.text)).toEqual([
      'and Müller too',
      'Please mend the useTimeline hook — “quietly”',
    ]);
  });

  it('finds the prompt of a turn that begins at once, and an edited one by its new words alone', async () => {
    const { sql } = database;
    const chat = await newChat();
    const turn = { chatId: chat, kind: 'prompt', attachments: [], agent: null, model: null, mode: null, access: null, priority: 0 } as const;
    const rest = { parentTaskId: null, idempotencyKey: null, again: null } as const;
    const claim = { owner: crypto.randomUUID(), leaseMs: 60_000, defaultModel: null };
    const running = await acceptTurn(sql, { ...turn, ...rest, text: 'zebra crossing' }, claim);
    const waiting = await acceptTurn(sql, { ...turn, ...rest, text: 'okapi' }, null);
    expect(await find('zebra')).toEqual([running!.task.messageId]);
    expect(await find('okapi')).toEqual([]);
    await updateWaitingText(sql, waiting!.task.messageId, 'giraffe');
    await finishTask(sql, running!.task.id, null, { state: 'completed', failure: null, outputSummary: null, usage: null });
    await claimTask(sql, waiting!.task.id, crypto.randomUUID(), 60_000);
    expect(await find('giraffe')).toEqual([waiting!.task.messageId]);
    expect(await find('okapi')).toEqual([]);
  });

  it('finds what stands far behind in a long text, and a text too rich for the index does not keep its message from ending', async () => {
    const chat = await newChat();
    const words = (count: number, base: number) => Array.from({ length: count }, (_, i) => `w${(base + i).toString(36)}`).join(' ');
    const long = await addMessage(
      chat,
      1,
      'assistant',
      Array.from({ length: 60 }, (_, segment) => ({
        data: segment === 0 ? { type: 'text' } : null,
        text: segment === 50 ? 'faraway'.padEnd(4096, ' x') : words(600, segment * 600).padEnd(4096),
        index: 0,
        segment,
      })),
    );
    expect(await find('faraway')).toEqual([long]);
    const rich = Array.from({ length: 40_000 }, (_, i) => `${String.fromCodePoint(0x4e00 + (i % 20_000))}${i}`).join(' ');
    const id = await addMessage(chat, 2, 'user', [text(rich.repeat(3))]);
    const [row] = await database.sql`select status from messages where id = ${id}`;
    expect(row!['status']).toBe('completed');
  });

  it('finds all messages of a chat that hold a text, also across the seams of its storage', async () => {
    const chat = await newChat();
    await addMessage(chat, 1, 'user', [text('abc ABC')]);
    await addMessage(chat, 2, 'assistant', [text('nothing')]);
    const seam = await addMessage(chat, 3, 'user', [
      { data: { type: 'text' }, text: 'xx a', index: 0, segment: 0 },
      { data: null, text: 'b.c%', index: 0, segment: 1 },
    ]);
    expect((await findInChat(database.sql, chat, 'abc')).map(({ position, count }) => [position, count])).toEqual([[1, 2]]);
    expect(await findInChat(database.sql, chat, 'AB.C%')).toEqual([{ messageId: seam, position: 3, count: 1 }]);
  });

  it('is quick on many messages', async () => {
    const { sql } = database;
    const chat = await newChat();
    await sql`
      insert into messages (id, chat_id, position, role, status, created_at)
      select gen_random_uuid(), ${chat}, i, case i % 2 when 1 then 'user' else 'assistant' end, 'streaming', now() - i * interval '1 second' from generate_series(1, 20000) i`;
    await sql`
      insert into parts (message_id, index, segment, data, text)
      select id, 0, 0, '{"type":"text"}', 'the answer number ' || position || ' speaks of topic' || position % 1000 || ' and of many other common things in a few words' from messages where chat_id = ${chat}`;
    await sql`
      insert into message_words (message_id, piece, chat_id, created_at, words)
      select m.id, 0, m.chat_id, m.created_at, words_of(p.text) from messages m join parts p on p.message_id = m.id where m.chat_id = ${chat}`;
    await sql`analyze`;
    const took: Record<string, number> = {};
    for (const query of ['topic77', 'the', 'common answer', 'topic999 nowhere', 'number']) {
      const before = performance.now();
      await searchMessages(sql, searchWords(query), null, 51, 0);
      took[query] = Math.round(performance.now() - before);
    }
    const before = performance.now();
    expect((await findInChat(sql, chat, 'topic77 ')).length).toBe(20);
    took['find in chat'] = Math.round(performance.now() - before);
    // A wide bound: the machine may be busy; without the index a search takes many seconds.
    expect(Math.max(...Object.values(took))).toBeLessThan(3_000);
  });
});
