import type { AgentSession, OpenOptions, Prompt } from '@boocode/agents/backend.ts';
import { promptText } from '@boocode/agents/prompt-text.ts';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { ChatId, TaskId } from '@boocode/contracts/ids.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { createTurnFixture } from '../../test/turn-fixture.ts';
import { listChatAgents } from '../chats/agent-session-store.ts';
import { listAgentSessions } from '../chats/chat-store.ts';
import { listHistory } from '../chats/message-store.ts';
import { deleteRule, listRules } from '../permissions/permission-rule-store.ts';
import { listOpenPermissions } from '../permissions/permission-store.ts';
import { findTask } from '../tasks/task-store.ts';

type Fixture = Awaited<ReturnType<typeof createTurnFixture>>;
const fixtures: Fixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture[Symbol.asyncDispose]();
});

const COMPLETED: AgentEvent = { type: 'ended', outcome: 'completed', failure: null };

/** An agent with a memory: it notes how it was opened and what it was sent, and answers with its name. */
function rememberingAgent(name: string) {
  const seen = { opened: [] as OpenOptions[], sent: [] as string[] };
  const open = (options: OpenOptions): AgentSession => {
    seen.opened.push(options);
    const isResumed = options.resumeToken !== null;
    return {
      resumeToken: options.resumeToken ?? `${name}-conversation`,
      isResumed,
      pid: null,
      isBusy: false,
      closed: new Promise(() => {}),
      async *prompt(prompt: Prompt) {
        seen.sent.push(promptText(prompt, isResumed));
        options.onInfo({ commands: [{ name: 'compact', description: 'Shorten', hint: null }], title: `${name}'s title` });
        await prompt.commit();
        yield { type: 'text', delta: `${name} has done it.` };
        yield { type: 'usage', usage: { inputTokens: 7, outputTokens: 3, cachedTokens: null, contextUsed: null, contextSize: null, cost: 0.5 } };
        yield COMPLETED;
      },
      [Symbol.asyncDispose]: async () => {},
    };
  };
  return { seen, open };
}

async function* silent(): AsyncIterable<AgentEvent> {
  yield { type: 'text', delta: 'boocode has done it.' };
  yield COMPLETED;
}

async function withAgents(agents: Readonly<Record<string, (options: OpenOptions) => AgentSession>>): Promise<Fixture> {
  const fixture = await createTurnFixture(silent, { agents });
  fixtures.push(fixture);
  return fixture;
}

/** Sends and waits until the turn has ended. */
async function turn(fixture: Fixture, chatId: ChatId, text: string, agent: string): Promise<TaskId> {
  const { task } = await fixture.send(chatId, text, { agent });
  await expect.poll(async () => (await findTask(fixture.sql, task.id))?.endedAt, { timeout: 15_000 }).not.toBeNull();
  return task.id;
}

describe('an agent with a memory of its own', () => {
  it('is told what it missed, resumed when it comes back, and every answer says who made it', async () => {
    const [goose, qwen] = [rememberingAgent('goose'), rememberingAgent('qwen')];
    const fixture = await withAgents({ goose: goose.open, qwen: qwen.open });
    const { chatId, sessionId } = await fixture.newChat();
    await turn(fixture, chatId, 'Count the ships.', 'goose');
    await turn(fixture, chatId, 'Count them again.', 'qwen');
    await turn(fixture, chatId, 'And the boats.', 'boocode');
    await turn(fixture, chatId, 'Who was first?', 'goose');

    expect(goose.seen.opened.map(({ resumeToken }) => resumeToken)).toEqual([null, 'goose-conversation']);
    expect(goose.seen.sent[0]).toBe('Count the ships.');
    expect(qwen.seen.sent[0]).toContain('Goal: Count the ships.');
    expect(qwen.seen.sent[0]).toContain('goose: goose has done it.');
    expect(qwen.seen.sent[0]!.endsWith('Count them again.')).toBe(true);
    expect(goose.seen.sent[1]).toContain('qwen: qwen has done it.');
    expect(goose.seen.sent[1]).toContain('boocode: boocode has done it.');
    expect(goose.seen.sent[1]).not.toContain('Count the ships.');

    const history = await listHistory(fixture.sql, chatId, 1_000, 100);
    expect(
      history.filter(({ role }) => role === 'assistant').map(({ metadata, parts }) => [metadata.agent, parts[0]?.type === 'text' && parts[0].text]),
    ).toEqual([
      ['goose', 'goose has done it.'],
      ['qwen', 'qwen has done it.'],
      ['boocode', 'boocode has done it.'],
      ['goose', 'goose has done it.'],
    ]);
    const rows = await listAgentSessions(fixture.sql, sessionId);
    expect(rows.map(({ agent, backend, has_session, input_tokens, cost }) => [agent, backend, has_session, input_tokens, cost])).toEqual([
      ['goose', 'acp', true, 14, 1],
      ['boocode', 'native', true, 0, null],
      ['qwen', 'acp', true, 7, 0.5],
    ]);
  });

  it('says what it offers, to the chat and to who comes later', async () => {
    const goose = rememberingAgent('goose');
    const fixture = await withAgents({ goose: goose.open });
    const { chatId } = await fixture.newChat();
    await turn(fixture, chatId, 'Hello.', 'goose');
    await expect.poll(() => listChatAgents(fixture.sql, chatId), { timeout: 15_000 }).toMatchObject([{ agent: 'goose', info: { title: "goose's title" } }]);
    const frames: string[] = [];
    const stop = new AbortController();
    await fixture.hub.subscribe(chatChannel(chatId), undefined, fixture.snapshotOf(chatChannel(chatId)), (text) => frames.push(text), stop.signal);
    stop.abort();
    expect(JSON.parse(frames.at(-1)!)).toMatchObject({ type: 'chat_snapshot', agents: [{ agent: 'goose', info: { commands: [{ name: 'compact' }] } }] });
  });

  it('does not inherit the model and the mode that were chosen for another', async () => {
    const [goose, qwen] = [rememberingAgent('goose'), rememberingAgent('qwen')];
    const fixture = await withAgents({ goose: goose.open, qwen: qwen.open });
    const { chatId } = await fixture.newChat();
    const { task } = await fixture.send(chatId, 'Hello.', { agent: 'goose', model: 'g1', mode: 'auto' });
    await expect.poll(async () => (await findTask(fixture.sql, task.id))?.endedAt, { timeout: 15_000 }).not.toBeNull();
    await turn(fixture, chatId, 'Hello.', 'qwen');
    expect(qwen.seen.opened.map(({ model, mode }) => [model, mode])).toEqual([[null, null]]);
  });
});

it('a question of a task that was handed out is also shown where it was handed out from', async () => {
  const fixture = await withAgents({});
  const [parent, child] = [await fixture.newChat(), await fixture.newChat()];
  const above = await turn(fixture, parent.chatId, 'x', 'boocode');
  const { task } = await fixture.send(child.chatId, 'y', { parentTaskId: above });
  await expect.poll(async () => (await findTask(fixture.sql, task.id))?.endedAt, { timeout: 15_000 }).not.toBeNull();
  const frames: string[] = [];
  const stop = new AbortController();
  const channel = chatChannel(parent.chatId);
  await fixture.hub.subscribe(channel, undefined, fixture.snapshotOf(channel), (text) => frames.push(JSON.parse(text).type), stop.signal);
  const request: PermissionRequest = {
    callId: null,
    kind: 'execute',
    title: 'Run?',
    subject: 'x',
    reason: null,
    options: [{ id: 'y', label: 'Yes', kind: 'allow_once' }],
  };
  const asked = fixture.broker.ask(task, request, stop.signal);
  await expect
    .poll(async () => (await listOpenPermissions(fixture.sql, parent.chatId)).map(({ chatId }) => chatId), { timeout: 15_000 })
    .toEqual([child.chatId]);
  const [open] = await listOpenPermissions(fixture.sql, parent.chatId);
  await fixture.broker.answer(open!.id, 'y', null);
  expect((await asked).allowed).toBe(true);
  expect(frames.filter((type) => type.startsWith('permission'))).toEqual(['permission_requested', 'permission_resolved']);
  expect(await listOpenPermissions(fixture.sql, (await fixture.newChat()).chatId)).toEqual([]);
  stop.abort();
});

describe('a rule', () => {
  const request: PermissionRequest = {
    callId: null,
    kind: 'execute',
    title: 'Run this command?',
    subject: 'npm test',
    reason: null,
    options: [
      { id: 'y', label: 'Yes', kind: 'allow_once' },
      { id: 'ever', label: 'Always', kind: 'allow_always' },
      { id: 'n', label: 'No', kind: 'reject_once' },
      { id: 'never', label: 'Never', kind: 'reject_always' },
    ],
  };

  it('answers the same request of the same agent, until it is removed', async () => {
    const fixture = await withAgents({});
    const { chatId } = await fixture.newChat();
    const task = (await findTask(fixture.sql, await turn(fixture, chatId, 'x', 'boocode')))!;
    const { signal } = new AbortController();
    const asked = fixture.broker.ask(task, request, signal);
    const [open] = await openQuestions(fixture);
    expect(open!.options.map(({ id, kind }) => [id, kind])).toEqual([
      ['y', 'allow_once'],
      ['boocode:always', 'allow_always'],
      ['n', 'reject_once'],
    ]);
    await fixture.broker.answer(open!.id, 'boocode:always', null);
    expect(await asked).toEqual({ allowed: true, optionId: null, note: null });

    expect(await fixture.broker.ask(task, request, signal)).toEqual({ allowed: true, optionId: null, note: null });
    const other = fixture.broker.ask(task, { ...request, subject: 'npm publish' }, signal);
    const [second] = await openQuestions(fixture);
    await fixture.broker.answer(second!.id, 'n', 'never');
    expect(await other).toEqual({ allowed: false, optionId: 'n', note: 'never' });

    const [rule, ...more] = await listRules(fixture.sql, fixture.project.id);
    expect([rule, more]).toMatchObject([{ agent: 'boocode', kind: 'execute', subject: 'npm test' }, []]);
    expect([await deleteRule(fixture.sql, rule!.id), await deleteRule(fixture.sql, rule!.id)]).toEqual([true, false]);
    const again = fixture.broker.ask(task, request, signal);
    const [third] = await openQuestions(fixture);
    await fixture.broker.answer(third!.id, 'y', null);
    expect(await again).toEqual({ allowed: true, optionId: 'y', note: null });
  });

  async function openQuestions(fixture: Fixture) {
    await expect.poll(async () => (await listOpenPermissions(fixture.sql, null)).length, { timeout: 15_000 }).toBe(1);
    return listOpenPermissions(fixture.sql, null);
  }
});
