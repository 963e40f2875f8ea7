import type { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import { MessageId } from '@boocode/contracts/ids.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTurnFixture } from '../../test/turn-fixture.ts';
import { listHistory, listMessages } from '../chats/message-store.ts';
import { readCosts } from '../stats/cost-store.ts';
import { listUnsettled } from '../tasks/task-store.ts';
import { beginRestore, deleteHidden, deleteRestore, findPrompt, readConversationChange, updateRestoreState, writeConversation } from './restore-store.ts';

let fixture: Awaited<ReturnType<typeof createTurnFixture>>;

beforeAll(async () => {
  fixture = await createTurnFixture(async function* ({ text }) {
    yield { type: 'text', delta: `about ${text}` };
    yield { type: 'usage', usage: { inputTokens: 5, outputTokens: 1, cachedTokens: null, contextUsed: null, contextSize: null, cost: 0.5 } };
    yield {
      type: 'ended',
      outcome: text.includes('fail') ? 'failed' : 'completed',
      failure: text.includes('fail') ? { code: 'agent_crashed', message: 'x' } : null,
    };
  });
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function say(chatId: ChatId, text: string) {
  const { task } = await fixture.send(chatId, text);
  await fixture.dispatcher.ended(task.id);
  return task;
}

const restoreOf = (sessionId: SessionId, chatId: ChatId | null = null) => ({
  id: crypto.randomUUID(),
  sessionId,
  worktreeId: null,
  checkpointId: null,
  what: 'both' as const,
  paths: null,
  conversation: chatId === null ? null : { chatId, position: 0, hidden: [] },
});

it('beginRestore() and the turns of its session keep each other out, also when both begin at once', async () => {
  for (let round = 0; round < 20; round++) {
    const { chatId, sessionId } = await fixture.newChat();
    const restore = restoreOf(sessionId);
    const [obstacle, { task }] = await Promise.all([beginRestore(fixture.sql, restore), fixture.send(chatId, 'hello')]);
    const [row] = await fixture.sql<{ state: string; started_at: Date | null }[]>`select state, started_at from tasks where id = ${task.id}`;
    const state = row?.state;
    // Whoever was first, the other one is held off: the turn may have ended before the restore began.
    expect(obstacle === null && state === 'running').toBe(false);
    if (obstacle === null) await deleteRestore(fixture.sql, restore.id);
    while ((await fixture.sql`select from tasks where id = ${task.id} and state = 'completed'`).length === 0) {
      fixture.dispatcher.wake();
      await fixture.dispatcher.ended(task.id);
    }
  }
});

it('a restore does not begin while a turn runs on the tree or a message of its chat waits', async () => {
  const { chatId, sessionId } = await fixture.newChat();
  const { task } = await fixture.send(chatId, 'one');
  await fixture.dispatcher.ended(task.id);
  await fixture.sql`update tasks set state = 'running', ended_at = null where id = ${task.id}`;
  expect(await beginRestore(fixture.sql, restoreOf(sessionId))).toBe('turn');
  await fixture.sql`update tasks set state = 'pending' where id = ${task.id}`;
  expect(await beginRestore(fixture.sql, restoreOf(sessionId, chatId))).toBe('waiting');
  await fixture.sql`update tasks set state = 'completed' where id = ${task.id}`;
  const restore = restoreOf(sessionId, chatId);
  expect(await beginRestore(fixture.sql, restore)).toBeNull();
  expect(await beginRestore(fixture.sql, restoreOf(sessionId))).toBe('restore');
  await updateRestoreState(fixture.sql, restore.id, 'done');
});

it('hidden messages are nowhere but in the costs, come back exactly, and are really gone after their time', async () => {
  const { sql } = fixture;
  const { chatId } = await fixture.newChat();
  await say(chatId, 'first');
  const second = await say(chatId, 'second fail');
  await say(chatId, 'third');
  const ids = async () => (await listMessages(sql, chatId, null, 50)).messages.map(({ position }) => position);
  const costs = await readCosts(sql, { groupBy: 'agent', from: null, to: null, projectId: null, timezone: 'UTC' });
  const prompt = await findPrompt(sql, second.messageId);
  expect(await findPrompt(sql, second.answerId)).toBeNull();
  expect(await findPrompt(sql, MessageId.parse(crypto.randomUUID()))).toBeNull();
  const change = await readConversationChange(sql, prompt!.conversation);
  expect(change.hide.length).toBe(4);
  expect((await listUnsettled(sql)).map(({ id }) => id)).toContain(second.id);
  await sql`insert into agent_sessions (chat_id, agent, backend, resume_token, known_position) values (${chatId}, 'other', 'acp', 'token', 6)`;
  await sql.begin((tx) => writeConversation(tx, chatId, change));
  expect(await ids()).toEqual([1, 2]);
  expect((await listHistory(sql, chatId, 99, 50)).map(({ position }) => position)).toEqual([1, 2]);
  expect((await listUnsettled(sql)).map(({ id }) => id)).not.toContain(second.id);
  expect(await sql`select resume_token, known_position::int from agent_sessions where chat_id = ${chatId} and agent = 'other'`).toMatchObject([
    { resume_token: null, known_position: 0 },
  ]);
  await say(chatId, 'another way');
  expect(await ids()).toEqual([1, 2, 7, 8]);
  const back = await readConversationChange(sql, { chatId, position: 6, hidden: [] });
  expect([back.hide.length, back.show.length]).toEqual([2, 4]);
  await sql.begin((tx) => writeConversation(tx, chatId, back));
  expect(await ids()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await deleteHidden(sql, new Date(Date.now() - 60_000))).toBe(0);
  expect(await deleteHidden(sql, new Date(Date.now() + 60_000))).toBe(2);
  const now = await readCosts(sql, { groupBy: 'agent', from: null, to: null, projectId: null, timezone: 'UTC' });
  expect(now[0]!.cost).toBe((costs[0]!.cost ?? 0) + 0.5);
});
