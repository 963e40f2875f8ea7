import type { Session } from '@boocode/contracts/chat.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTurn } from '../../test/turn-fixture.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { insertProject } from '../projects/project-store.ts';
import { insertSession } from '../sessions/session-store.ts';
import { acceptTurn, claimTask, findOrphans, findTask, finishTask, readQueue, renewLeases } from './task-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function newSession(access: 'ask' | 'read-only' = 'ask'): Promise<Session> {
  const { project } = await insertProject(database.sql, { path: `/tmp/${crypto.randomUUID()}`, name: 'p' });
  return insertSession(database.sql, { projectId: project.id, title: 's', baseline: 'head', agent: 'boocode', model: null, mode: null, access });
}

async function newChat(access: 'ask' | 'read-only' = 'ask'): Promise<ChatId> {
  return (await newSession(access)).chats[0]!.id;
}

describe('acceptTurn()', () => {
  it('writes prompt, empty answer and task together, and remembers what was chosen', async () => {
    const chatId = await newChat();
    const accepted = await acceptTurn(
      database.sql,
      newTurn(chatId, 'hello', { model: 'm1', access: 'edits', attachments: [{ name: 'a.txt', mediaType: 'text/plain', text: 'A' }] }),
    );
    expect(accepted?.task).toMatchObject({ state: 'pending', input: 'hello', model: 'm1', access: 'edits', agent: 'boocode' });
    expect(accepted?.messages.map(({ role, status, position, parts }) => ({ role, status, position, parts }))).toEqual([
      {
        role: 'user',
        status: 'waiting',
        position: 1,
        parts: [
          { type: 'text', text: 'hello' },
          { type: 'file', name: 'a.txt', mediaType: 'text/plain', text: 'A' },
        ],
      },
      { role: 'assistant', status: 'waiting', position: 2, parts: [] },
    ]);
    const second = await acceptTurn(database.sql, newTurn(chatId, 'again'));
    expect(second?.task).toMatchObject({ model: 'm1', access: 'edits' });
  });

  it('accepts an idempotency key once, also when sent at the same time', async () => {
    const chatId = await newChat();
    const sent = await Promise.all(Array.from({ length: 8 }, () => acceptTurn(database.sql, newTurn(chatId, 'once', { idempotencyKey: 'key-12345' }))));
    expect(new Set(sent.map((accepted) => accepted?.task.id)).size).toBe(1);
    expect(sent.filter((accepted) => accepted?.isNew)).toHaveLength(1);
  });

  it('is null for a chat that does not exist', async () => {
    expect(await acceptTurn(database.sql, newTurn(crypto.randomUUID() as ChatId, 'x'))).toBeNull();
  });
});

describe('acceptTurn() with a claim', () => {
  const claim = () => ({ owner: crypto.randomUUID(), leaseMs: 10_000, defaultModel: 'm' });

  it('starts one of many turns of a chat that are accepted at the same moment; the others wait', async () => {
    const chatId = await newChat();
    const accepted = await Promise.all(Array.from({ length: 10 }, (_, i) => acceptTurn(database.sql, newTurn(chatId, `t${i}`), claim())));
    expect(accepted.map((turn) => turn?.task.state).toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))).toEqual([
      ...Array.from({ length: 9 }, () => 'pending'),
      'running',
    ]);
    const started = accepted.find((turn) => turn?.claimed)!;
    expect(started.claimed).toMatchObject({ fence: 1, task: { state: 'running', model: 'm' } });
    expect(started.messages.map((message) => message.status)).toEqual(['completed', 'streaming']);
  });

  it('waits while a worktree is written in, and does not pass by a message that waits', async () => {
    const session = await newSession();
    const other = crypto.randomUUID() as ChatId;
    await database.sql`insert into chats (id, session_id, title, agent, access) values (${other}, ${session.id}, 'c', 'boocode', 'ask')`;
    const states = [];
    for (const [chatId, access] of [
      [session.chats[0]!.id, 'ask'],
      [other, 'ask'],
      [other, 'read-only'],
    ] as const) {
      states.push((await acceptTurn(database.sql, newTurn(chatId, 'x', { access }), claim()))?.task.state);
    }
    expect(states).toEqual(['running', 'pending', 'pending']);
  });
});

describe('claimTask()', () => {
  it('never runs two tasks of one chat, with 10 claimers on 60 tasks of 6 chats', async () => {
    const chats = await Promise.all(Array.from({ length: 6 }, () => newChat()));
    const ids = (
      await Promise.all(
        chats.map(async (chatId) => {
          const accepted = [];
          for (let i = 0; i < 10; i++) accepted.push((await acceptTurn(database.sql, newTurn(chatId, `task ${i}`)))!.task.id);
          return accepted;
        }),
      )
    ).flat();
    const order = new Map<string, string[]>();
    let worst = 0;
    const running = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 10 }, async (_, claimer) => {
        const owner = crypto.randomUUID();
        while (true) {
          const queue = await readQueue(database.sql);
          const pending = queue.filter((row) => row.state === 'pending' && ids.includes(row.id));
          if (pending.length === 0) return;
          // Every claimer tries everything, in an order of its own: the index must decide.
          for (const row of claimer % 2 === 0 ? pending : pending.toReversed()) {
            const claimed = await claimTask(database.sql, row.id, owner, 10_000);
            if (claimed === null) continue;
            const now = (running.get(row.chatId) ?? 0) + 1;
            running.set(row.chatId, now);
            worst = Math.max(worst, now);
            order.set(row.chatId, [...(order.get(row.chatId) ?? []), claimed.task.input]);
            await database.sql`select pg_sleep(0.001)`;
            running.set(row.chatId, now - 1);
            await finishTask(database.sql, row.id, claimed.fence, { state: 'completed', failure: null, outputSummary: null, usage: null });
          }
        }
      }),
    );
    expect(worst).toBe(1);
    const inOrder = Array.from({ length: 10 }, (_, i) => `task ${i}`);
    expect([...order.values()]).toEqual(Array.from({ length: 6 }, () => inOrder));
  });

  it('lets one writing turn of a session run, and reading ones beside it', async () => {
    const session = await newSession();
    const chats = [session.chats[0]!.id, crypto.randomUUID() as ChatId, crypto.randomUUID() as ChatId];
    for (const id of chats.slice(1))
      await database.sql`insert into chats (id, session_id, title, agent, access) values (${id}, ${session.id}, 'c', 'boocode', 'ask')`;
    const [writer, second, reader] = await Promise.all([
      acceptTurn(database.sql, newTurn(chats[0]!, 'w')),
      acceptTurn(database.sql, newTurn(chats[1]!, 'w2')),
      acceptTurn(database.sql, newTurn(chats[2]!, 'r', { access: 'read-only' })),
    ]);
    const claim = (id: Parameters<typeof claimTask>[1]) => claimTask(database.sql, id, crypto.randomUUID(), 10_000);
    expect(await claim(writer!.task.id)).not.toBeNull();
    expect(await claim(second!.task.id)).toBeNull();
    expect(await claim(reader!.task.id)).not.toBeNull();
  });

  it('fences off a runner whose task another has taken over', async () => {
    const chatId = await newChat();
    const { task } = (await acceptTurn(database.sql, newTurn(chatId, 'x')))!;
    const owner = crypto.randomUUID();
    const claimed = (await claimTask(database.sql, task.id, owner, 10_000))!;
    await database.sql`update tasks set fence = fence + 1, lease_owner = ${crypto.randomUUID()} where id = ${task.id}`;
    expect(await finishTask(database.sql, task.id, claimed.fence, { state: 'completed', failure: null, outputSummary: null, usage: null })).toBeNull();
    expect(await renewLeases(database.sql, owner, [task.id], 10_000)).toEqual([task.id]);
    expect((await findTask(database.sql, task.id))?.state).toBe('running');
  });
});

describe('finishTask()', () => {
  const completed = { state: 'completed', failure: null, outputSummary: null, usage: null } as const;

  it('never waits for an acceptance that waits for it', async () => {
    const { sql } = database;
    const chatId = await newChat();
    const claim = { owner: crypto.randomUUID(), leaseMs: 60_000, defaultModel: null };
    for (let round = 0; round < 40; round++) {
      const running = await acceptTurn(sql, newTurn(chatId, `${round}`), claim);
      const [finished, ...accepted] = await Promise.all([
        sql.begin((tx) => finishTask(tx, running!.task.id, 1, completed)),
        ...Array.from({ length: 4 }, () => acceptTurn(sql, newTurn(chatId, 'next'), null)),
      ]);
      expect(finished?.state).toBe('completed');
      for (const one of accepted) await finishTask(sql, one!.task.id, null, { ...completed, state: 'cancelled' });
    }
  });
});

describe('findOrphans()', () => {
  it('finds what nobody runs: of another runner when its lease is over, and of the asking one when it knows nothing of it', async () => {
    const { sql } = database;
    const [mine, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const accept = async (owner: string, leaseMs: number) =>
      (await acceptTurn(sql, newTurn(await newChat(), 'x'), { owner, leaseMs, defaultModel: null }))!.task.id;
    const [running, forgotten, gone, leased] = [await accept(mine, -1), await accept(mine, -1), await accept(other, -1), await accept(other, 60_000)];
    const known = new Set([running, forgotten, gone, leased]);
    const find = async (isLeaseIgnored: boolean) =>
      (await findOrphans(sql, { isLeaseIgnored, runnerId: mine, running: [running] })).map(({ task }) => task.id).filter((id) => known.has(id));
    expect(await find(false)).toEqual([forgotten, gone]);
    expect(await find(true)).toEqual([forgotten, gone, leased]);
  });
});
