import type { Prompt } from '@boocode/agents/backend.ts';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { expect, it } from 'vitest';
import { createTurnFixture, newTurn } from '../../test/turn-fixture.ts';
import { insertNote } from '../chats/note-store.ts';
import { findPlace } from './context-store.ts';
import { acceptTurn, finishTask } from '../tasks/task-store.ts';
import { readContextAhead } from './read-context.ts';

it('a context read ahead holds for the next position only, and only when every answer had ended', async () => {
  await using fixture = await createTurnFixture(async function* () {});
  const { sql } = fixture;
  const { chatId } = await fixture.newChat();
  expect((await readContextAhead(sql, chatId))(1)).toMatchObject({ project: { id: fixture.project.id }, worktree: null, history: [], notes: [] });
  const claim = { owner: crypto.randomUUID(), leaseMs: 60_000, defaultModel: null };
  const first = await acceptTurn(sql, newTurn(chatId, 'one'), claim);
  const whileRunning = await readContextAhead(sql, chatId);
  expect(whileRunning(3)).toBeNull();
  await finishTask(sql, first!.task.id, 1, { state: 'completed', failure: null, outputSummary: null, usage: null });
  const afterwards = await readContextAhead(sql, chatId);
  expect(afterwards(1)).toBeNull();
  expect(afterwards(3)?.history.map(({ role, status }) => [role, status])).toEqual([
    ['user', 'completed'],
    ['assistant', 'completed'],
  ]);
  expect(afterwards(5)).toBeNull();
});

it('an agent is given all that was said, however soon the next prompt follows', async () => {
  const heard: string[][] = [];
  const turns = 25;
  await using fixture = await createTurnFixture(async function* (prompt: Prompt): AsyncGenerator<AgentEvent> {
    heard.push(prompt.history.flatMap((message) => message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))));
    yield { type: 'text', delta: `answer ${heard.length}` };
    yield { type: 'ended', outcome: 'completed', failure: null };
  });
  fixture.dispatcher.wake();
  const { chatId } = await fixture.newChat();
  for (let turn = 1; turn <= turns; turn++) {
    // The acceptances race with the ending of the turn before: some wait, some are claimed at once.
    const { task } = await fixture.send(chatId, `prompt ${turn}`);
    if (turn % 3 === 0) await fixture.dispatcher.ended(task.id);
  }
  await expect.poll(() => heard.length, { timeout: 30_000 }).toBe(turns);
  const expected = Array.from({ length: turns }, (_, turn) =>
    Array.from({ length: turn }, (__, index) => [`prompt ${index + 1}`, `answer ${index + 1}`]).flat(),
  );
  expect(heard).toEqual(expected);
});

it('notes are told once: those the agent was given, not those made while it worked', async () => {
  const told: string[][] = [];
  await using fixture = await createTurnFixture(async function* (prompt: Prompt): AsyncGenerator<AgentEvent> {
    told.push([...prompt.notes]);
    if (told.length === 1) await insertNote(fixture.sql, chatId, 'later');
    yield { type: 'text', delta: 'ok' };
    yield { type: 'ended', outcome: 'completed', failure: null };
  });
  const { chatId } = await fixture.newChat();
  await insertNote(fixture.sql, chatId, 'first');
  for (const text of ['one', 'two']) await fixture.dispatcher.ended((await fixture.send(chatId, text)).task.id);
  expect(told).toEqual([['first'], ['later']]);
  expect((await findPlace(fixture.sql, chatId))?.notes).toEqual([]);
});
