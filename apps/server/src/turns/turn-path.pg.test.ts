import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { applyFrame, type ChatState, EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import { chatChannel, decodeFrame, type ServerFrame } from '@boocode/contracts/frames.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { aborted, createTurnFixture, newTurn, type Script } from '../../test/turn-fixture.ts';
import { listHistory, listMessages } from '../chats/message-store.ts';
import { listOpenPermissions } from '../permissions/permission-store.ts';
import { acceptTurn, claimTask, findTask, listUnsettled, takeWaiting } from '../tasks/task-store.ts';
import { cancelTask } from './task-routes.ts';
import { settleTurns } from './settle-turns.ts';
import { continueTask, retryTask } from './start-turn.ts';

type Fixture = Awaited<ReturnType<typeof createTurnFixture>>;
const fixtures: Fixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture[Symbol.asyncDispose]();
});

async function withAgent(script: Script, options?: { capacity?: number }): Promise<Fixture> {
  const fixture = await createTurnFixture(script, options);
  fixtures.push(fixture);
  return fixture;
}

const COMPLETED: AgentEvent = { type: 'ended', outcome: 'completed', failure: null };
const at = 1;

async function* talk(prompt: { text: string }): AsyncIterable<AgentEvent> {
  yield { type: 'reasoning', delta: 'hm ' };
  yield { type: 'tool', callId: 'c1', at, step: 0, name: 'read', kind: 'read', title: 'Read a', input: { path: 'a' }, status: 'running' };
  yield {
    type: 'tool',
    callId: 'c1',
    at: 2,
    status: 'completed',
    output: { text: 'A', bytes: 1, lines: 1, truncated: false, file: null, exitCode: null, diffs: [] },
  };
  for (const word of `You said: ${prompt.text}`.split(' ')) yield { type: 'text', delta: `${word} ` };
  yield { type: 'usage', usage: { inputTokens: 10, outputTokens: 5, cachedTokens: null, contextUsed: 15, contextSize: 100, cost: null } };
  yield COMPLETED;
}

/** A client of a chat's channel that can be cut and come back. */
function client(fixture: Fixture, chatId: ChatId) {
  let state: ChatState = EMPTY_CHAT;
  let line = new AbortController();
  const frames: ServerFrame[] = [];
  const waiters = new Set<() => void>();
  const connect = async (after?: number): Promise<void> => {
    line = new AbortController();
    const channel = chatChannel(chatId);
    const { signal } = line;
    await fixture.hub.subscribe(
      channel,
      after,
      fixture.snapshotOf(channel),
      (text) => {
        if (signal.aborted) return;
        const frame = decodeFrame(text)!;
        frames.push(frame);
        state = applyFrame(state, frame);
        for (const waiter of waiters) waiter();
      },
      signal,
    );
  };
  return {
    frames,
    get state() {
      return state;
    },
    connect,
    cut: () => line.abort(),
    reconnect: () => connect(state.seq),
    until: (isTrue: (state: ChatState) => boolean) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (!isTrue(state)) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

/** Where two long texts part, with a little around it; null when they are the same to the byte. */
function firstDifference(a: string, b: string): [string, string] | null {
  if (a === b) return null;
  let i = 0;
  while (a[i] === b[i]) i++;
  return [a.slice(Math.max(0, i - 60), i + 60), b.slice(Math.max(0, i - 60), i + 60)];
}

const isIdle = (state: ChatState): boolean => state.chat !== null && state.tasks.length === 0 && state.messages.length > 0 && state.chat.status !== 'working';

describe('a turn', () => {
  it('runs from the prompt to its stored ending, and every subscriber sees the same', async () => {
    const fixture = await withAgent(talk);
    const { chatId } = await fixture.newChat();
    const early = client(fixture, chatId);
    await early.connect();
    const { task } = await fixture.send(chatId, 'good morning');
    await early.until(isIdle);
    const late = client(fixture, chatId);
    await late.connect();
    expect(late.state.messages).toEqual(early.state.messages);
    expect(early.state.messages.map(({ role, status, parts, usage }) => ({ role, status, parts, usage }))).toEqual([
      { role: 'user', status: 'completed', parts: [{ type: 'text', text: 'good morning' }], usage: null },
      {
        role: 'assistant',
        status: 'completed',
        parts: [
          { type: 'reasoning', text: 'hm ' },
          {
            type: 'tool',
            callId: 'c1',
            step: 0,
            name: 'read',
            kind: 'read',
            title: 'Read a',
            input: { path: 'a' },
            status: 'completed',
            live: '',
            output: { text: 'A', bytes: 1, lines: 1, truncated: false, file: null, exitCode: null, diffs: [] },
            startedAt: 1,
            endedAt: 2,
          },
          { type: 'text', text: 'You said: good morning ' },
        ],
        usage: { inputTokens: 10, outputTokens: 5, cachedTokens: null, contextUsed: 15, contextSize: 100, cost: null },
      },
    ]);
    expect(await findTask(fixture.sql, task.id)).toMatchObject({ state: 'completed', tokensIn: 10, tokensOut: 5, outputSummary: 'You said: good morning' });
  });

  it('shows a client that was cut 200 times what it shows one that never was', async () => {
    const words = Array.from({ length: 3_000 }, (_, i) => `w${i} `);
    const fixture = await withAgent(async function* (): AsyncIterable<AgentEvent> {
      for (const [i, delta] of words.entries()) {
        yield i % 500 === 0 ? { type: 'tool', callId: `t${i}`, at: i, title: 'T', status: 'completed' } : { type: 'text', delta };
        if (i % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      yield COMPLETED;
    });
    const { chatId } = await fixture.newChat();
    const steady = client(fixture, chatId);
    const shaky = client(fixture, chatId);
    await Promise.all([steady.connect(), shaky.connect()]);
    let cuts = 0;
    for (let round = 0; cuts < 200; round++) {
      await fixture.send(chatId, `round ${round}`);
      while (cuts < 200 && !(isIdle(shaky.state) && shaky.state.messages.length >= (round + 1) * 2)) {
        const seen = shaky.frames.length;
        const wanted = seen + 1 + Math.floor(Math.random() * 4);
        await shaky.until((state) => shaky.frames.length >= wanted || (isIdle(state) && state.messages.length >= (round + 1) * 2));
        shaky.cut();
        for (let i = Math.floor(Math.random() * 6); i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
        // Now and then as one that was away too long: with no seq of its own, it is given a snapshot.
        if (Math.random() < 0.2) await shaky.connect();
        else await shaky.reconnect();
        cuts++;
      }
      await steady.until((state) => isIdle(state) && state.messages.length >= (round + 1) * 2);
      await shaky.until((state) => state.seq === steady.state.seq);
      expect(firstDifference(JSON.stringify(shaky.state), JSON.stringify(steady.state))).toBeNull();
    }
    const stored = await listMessages(fixture.sql, chatId, null, 500);
    expect(firstDifference(JSON.stringify(stored.messages), JSON.stringify(steady.state.messages))).toBeNull();
  }, 60_000);

  it('that is cancelled ends as cancelled, closes its open tools, and lets the next one run', async () => {
    const fixture = await withAgent(async function* (prompt, signal): AsyncIterable<AgentEvent> {
      if (prompt.text === 'second') return yield* talk(prompt);
      yield { type: 'tool', callId: 'c1', at, title: 'Sleep', status: 'running' };
      await aborted(signal);
      yield { type: 'ended', outcome: 'cancelled', failure: null };
    });
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    const first = await fixture.send(chatId, 'first');
    const second = await fixture.send(chatId, 'second');
    await watcher.until((state) => state.messages.some((message) => message.parts.some((part) => part.type === 'tool')));
    await cancelTask({ ...fixture, dispatcher: fixture.dispatcher }, first.task.id);
    await watcher.until((state) => isIdle(state) && state.messages.length === 4 && state.messages[3]?.status === 'completed');
    expect(watcher.state.messages.map((message) => message.status)).toEqual(['completed', 'cancelled', 'completed', 'completed']);
    expect(watcher.state.messages[1]?.parts[0]).toMatchObject({ type: 'tool', status: 'cancelled' });
    expect((await findTask(fixture.sql, second.task.id))?.state).toBe('completed');
  });

  it('that waits is cancelled without ever running', async () => {
    const fixture = await withAgent(talk, { capacity: 0 });
    const { chatId } = await fixture.newChat();
    const { task } = await fixture.send(chatId, 'never');
    expect((await cancelTask(fixture, task.id)).state).toBe('cancelled');
    const { messages } = await listMessages(fixture.sql, chatId, null, 10);
    expect(messages.map((message) => message.status)).toEqual(['completed', 'cancelled']);
  });

  it('whose agent throws, stops without an ending, or does not exist, fails with a sentence', async () => {
    const fixture = await withAgent(async function* (prompt): AsyncIterable<AgentEvent> {
      yield { type: 'text', delta: 'so far' };
      if (prompt.text === 'throw') throw new Error('a bug');
    });
    const codes: (string | undefined)[] = [];
    for (const [text, agent] of [
      ['throw', 'boocode'],
      ['stop', 'boocode'],
      ['x', 'nobody'],
    ] as const) {
      const { chatId } = await fixture.newChat();
      const watcher = client(fixture, chatId);
      await watcher.connect();
      const { task } = await fixture.send(chatId, text, { agent });
      await watcher.until((state) => state.messages[1] !== undefined && state.messages[1].status === 'failed' && isIdle(state));
      codes.push((await findTask(fixture.sql, task.id))?.error?.code);
    }
    expect(codes).toEqual(['internal', 'agent_crashed', 'agent_unavailable']);
    expect((await listUnsettled(fixture.sql)).length).toBe(3);
  });

  it('asks a person once: the first answer wins, the task is blocked meanwhile', async () => {
    const fixture = await withAgent(async function* (prompt, signal): AsyncIterable<AgentEvent> {
      const answer = await prompt.ask(
        {
          callId: null,
          kind: 'execute',
          title: 'Run this command?',
          subject: 'rm -r x',
          reason: null,
          options: [
            { id: 'yes', label: 'Allow once', kind: 'allow_once' },
            { id: 'no', label: 'Deny', kind: 'reject_once' },
          ],
        },
        signal,
      );
      yield { type: 'text', delta: answer.allowed ? 'allowed' : `denied: ${answer.note}` };
      yield COMPLETED;
    });
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    const { task } = await fixture.send(chatId, 'go');
    await watcher.until((state) => state.permissions.length === 1);
    expect((await findTask(fixture.sql, task.id))?.state).toBe('blocked');
    const { id } = watcher.state.permissions[0]!;
    const answers = await Promise.allSettled([
      fixture.broker.answer(id, 'no', 'not now'),
      fixture.broker.answer(id, 'yes', null),
      fixture.broker.answer(id, 'yes', null),
    ]);
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    await watcher.until(isIdle);
    expect(watcher.state.permissions).toEqual([]);
    expect(await listOpenPermissions(fixture.sql, chatId)).toEqual([]);
  });

  it('cancelled while it asks lets the question expire', async () => {
    const fixture = await withAgent(async function* (prompt, signal): AsyncIterable<AgentEvent> {
      await prompt.ask({ callId: null, kind: 'other', title: '?', subject: '', reason: null, options: [] }, signal);
      yield COMPLETED;
    });
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    const { task } = await fixture.send(chatId, 'go');
    await watcher.until((state) => state.permissions.length === 1);
    const { id } = watcher.state.permissions[0]!;
    await cancelTask(fixture, task.id);
    await watcher.until((state) => isIdle(state) && state.permissions.length === 0);
    await expect(fixture.broker.answer(id, 'x', null)).rejects.toThrow();
    expect((await findTask(fixture.sql, task.id))?.state).toBe('cancelled');
  });

  it('stores NUL and halves of characters as something PostgreSQL can keep, and joins characters that a server cut in two', async () => {
    const fixture = await withAgent(async function* (): AsyncIterable<AgentEvent> {
      yield { type: 'text', delta: 'a\0b \ud83d' };
      yield { type: 'text', delta: '\ude00 \udc00' };
      yield COMPLETED;
    });
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    await fixture.send(chatId, 'go');
    await watcher.until((state) => isIdle(state) && state.messages.length === 2);
    expect(watcher.state.messages[1]?.parts).toEqual([{ type: 'text', text: 'a\ufffdb 😀 \ufffd' }]);
  });
});

describe('a waiting message that is steered', () => {
  it('stands in the running answer, is nowhere else any more, and its task has ended', async () => {
    const goOn = Promise.withResolvers<void>();
    const fixture = await withAgent(async function* (prompt): AsyncIterable<AgentEvent> {
      yield { type: 'text', delta: `${prompt.text}. ` };
      await goOn.promise;
      for (const text of await prompt.takeSteered!()) yield { type: 'text', delta: `Also: ${text}. ` };
      yield COMPLETED;
    });
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    const first = await fixture.send(chatId, 'first');
    await watcher.until((state) => (state.messages[1]?.parts.length ?? 0) > 0);
    const waiting = await fixture.send(chatId, 'quick hint', { idempotencyKey: 'the-same-key' });
    const withFile = await fixture.send(chatId, 'read this', { attachments: [{ name: 'a', mediaType: 'text/plain', text: 'x' }] });
    const results = waiting.messages
      .slice(0, 1)
      .concat(withFile.messages.slice(0, 1))
      .map((message) => fixture.liveTurns.steer(message));
    goOn.resolve();
    expect(await Promise.all(results)).toEqual(['delivered', 'queued']);
    await watcher.until((state) => isIdle(state) && state.messages.length === 4);
    expect(watcher.state.messages[1]?.parts).toEqual([
      { type: 'text', text: 'first. ' },
      { type: 'steered', text: 'quick hint', messageId: waiting.task.messageId },
      { type: 'text', text: 'Also: quick hint. ' },
    ]);
    const stored = await listMessages(fixture.sql, chatId, null, 10);
    expect(stored.messages).toEqual(watcher.state.messages);
    expect(stored.messages[2]?.parts[0]).toEqual({ type: 'text', text: 'read this' });
    expect(await findTask(fixture.sql, waiting.task.id)).toMatchObject({ state: 'completed', settled: true });
    expect((await findTask(fixture.sql, first.task.id))?.state).toBe('completed');
    // The same send again, because its answer was lost on the way, is still known.
    expect((await fixture.send(chatId, 'quick hint', { idempotencyKey: 'the-same-key' })).isNew).toBe(false);
    expect(watcher.state.messages.length).toBe(4);
  });

  it('waits for its own turn when the running one ends first, was taken over, or nothing runs', async () => {
    const fixture = await withAgent(async function* (prompt, signal): AsyncIterable<AgentEvent> {
      if (prompt.text !== 'first') return yield* talk(prompt);
      await aborted(signal);
      yield { type: 'ended', outcome: 'cancelled', failure: null };
    });
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    const first = await fixture.send(chatId, 'first');
    await watcher.until((state) => state.messages[1]?.status === 'streaming');
    const second = await fixture.send(chatId, 'second');
    const claimed = { task: first.task, kind: 'prompt', fence: 99, position: 1, messages: null } as const;
    expect(await takeWaiting(fixture.sql, claimed, second.task.messageId, 0)).toBeNull();
    const result = fixture.liveTurns.steer(second.messages[0]);
    await cancelTask(fixture, first.task.id);
    expect(await result).toBe('queued');
    await watcher.until((state) => isIdle(state) && state.messages[3]?.status === 'completed');
    expect(await fixture.liveTurns.steer(second.messages[0])).toBe('queued');
  });
});

describe('after a crash', () => {
  it('settles what ran as interrupted, keeps what was recorded, and continues with it', async () => {
    const seen: unknown[] = [];
    const fixture = await withAgent(async function* (prompt): AsyncIterable<AgentEvent> {
      seen.push({ text: prompt.text, history: prompt.history.map((message) => ({ role: message.role, parts: message.parts.map((part) => part.type) })) });
      yield* talk(prompt);
    });
    const { chatId } = await fixture.newChat();
    // A dead server's traces: claimed, half recorded, never ended.
    const accepted = (await acceptTurn(fixture.sql, newTurn(chatId, 'long work')))!;
    const claimed = (await claimTask(fixture.sql, accepted.task.id, crypto.randomUUID(), 60_000))!;
    await fixture.sql`insert into parts (message_id, index, segment, data, text) values (${claimed.task.answerId}, 0, 0, ${'{"type":"text"}'}::text::json, 'half an ans')`;
    const tool = {
      type: 'tool',
      callId: 'c',
      step: 0,
      name: 'shell',
      kind: 'execute',
      title: 'Run',
      input: null,
      status: 'running',
      live: 'x',
      output: null,
      startedAt: 1,
      endedAt: null,
    };
    await fixture.sql`insert into parts (message_id, index, segment, data) values (${claimed.task.answerId}, 1, 0, ${JSON.stringify(tool)}::text::json)`;

    expect(await settleTurns(fixture.settleDeps, { isStart: true, running: [] })).toMatchObject([{ id: claimed.task.id, state: 'interrupted' }]);
    expect(await findTask(fixture.sql, claimed.task.id)).toMatchObject({ state: 'interrupted', error: { code: 'interrupted' } });
    const { messages } = await listMessages(fixture.sql, chatId, null, 10);
    expect(messages[1]).toMatchObject({ status: 'interrupted', parts: [{ text: 'half an ans' }, { status: 'cancelled' }] });

    const watcher = client(fixture, chatId);
    await watcher.connect();
    const [again, twice] = [await continueTask(fixture.start, claimed.task.id), await continueTask(fixture.start, claimed.task.id)];
    expect(twice.id).toBe(again.id);
    await watcher.until((state) => isIdle(state) && state.messages.length === 4);
    expect(seen).toEqual([
      {
        text: expect.stringContaining('Continue'),
        history: [
          { role: 'user', parts: ['text'] },
          { role: 'assistant', parts: ['text', 'tool'] },
        ],
      },
    ]);
    expect(await listUnsettled(fixture.sql)).toEqual([]);

    await retryTask(fixture.start, again.id);
    await watcher.until((state) => isIdle(state) && state.messages.length === 6);
    const history = await listHistory(fixture.sql, chatId, 5, 10);
    expect(history.map((message) => message.position)).toEqual([1, 2]);
  });

  it('a task inserted by anyone is run, and a cancel written by anyone ends it', async () => {
    const fixture = await withAgent(async function* (_prompt, signal): AsyncIterable<AgentEvent> {
      yield { type: 'text', delta: 'on it' };
      await aborted(signal);
      yield { type: 'ended', outcome: 'cancelled', failure: null };
    });
    await fixture.dispatcher.start();
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    const { task } = (await acceptTurn(fixture.sql, newTurn(chatId, 'from elsewhere')))!;
    await watcher.until((state) => (state.messages[1]?.parts.length ?? 0) > 0);
    await fixture.sql`update tasks set cancel_requested = true where id = ${task.id}`;
    await watcher.until((state) => state.messages[1]?.status === 'cancelled');
    expect((await findTask(fixture.sql, task.id))?.state).toBe('cancelled');
  });

  it('a server that stops writes its turns as interrupted', async () => {
    const fixture = await withAgent(async function* (_prompt, signal): AsyncIterable<AgentEvent> {
      yield { type: 'text', delta: 'on it' };
      await aborted(signal);
      yield { type: 'ended', outcome: 'cancelled', failure: null };
    });
    const { chatId } = await fixture.newChat();
    const watcher = client(fixture, chatId);
    await watcher.connect();
    const { task } = await fixture.send(chatId, 'x');
    await watcher.until((state) => (state.messages[1]?.parts.length ?? 0) > 0);
    await fixture.dispatcher.stop();
    expect(await findTask(fixture.sql, task.id)).toMatchObject({ state: 'interrupted' });
    expect((await listMessages(fixture.sql, chatId, null, 10)).messages[1]?.parts).toEqual([{ type: 'text', text: 'on it' }]);
  });
});
