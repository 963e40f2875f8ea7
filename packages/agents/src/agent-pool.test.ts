import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { newPrompt, openOptions } from '../test/open-options.ts';
import { AgentPool } from './agent-pool.ts';
import type { AgentBackend, AgentSession, Prompt } from './backend.ts';

const DONE: AgentEvent = { type: 'ended', outcome: 'completed', failure: null };

interface Opened {
  readonly token: string | null;
  readonly end: () => void;
  isEnded: boolean;
  isBusy: boolean;
  pid: number | null;
}

/** An agent in this process: it remembers what was opened, and answers as `script` says. */
function agent(script: (prompt: Prompt, signal: AbortSignal) => AsyncIterable<AgentEvent> = answer, isWarm = true) {
  const opened: Opened[] = [];
  const backend: AgentBackend = {
    name: 'scripted',
    isWarm,
    fingerprint: async ({ cwd, model }) => JSON.stringify([cwd, model]),
    async open({ resumeToken, signal }) {
      const closed = Promise.withResolvers<void>();
      const end = (): void => {
        one.isEnded = true;
        closed.resolve();
      };
      const one: Opened = { token: resumeToken, end, isEnded: false, isBusy: false, pid: null };
      signal.addEventListener('abort', one.end, { once: true });
      opened.push(one);
      const session: AgentSession = {
        resumeToken,
        isResumed: resumeToken !== null,
        get pid() {
          return one.pid;
        },
        get isBusy() {
          return one.isBusy;
        },
        closed: closed.promise,
        prompt: script,
        [Symbol.asyncDispose]: async () => one.end(),
      };
      return session;
    },
  };
  return { backend, opened };
}

async function* answer(): AsyncGenerator<AgentEvent> {
  yield { type: 'text', delta: 'hi' };
  yield DONE;
}

let now = 1_000;
const pools: AgentPool[] = [];
const gone: string[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool[Symbol.asyncDispose]();
  gone.length = 0;
});

function newPool(limits: { maxWarm?: number; idleMs?: number; stallMs?: number } = {}): AgentPool {
  const pool = new AgentPool({
    limits: { maxWarm: 2, idleMs: 100, stallMs: 60_000, ...limits },
    now: () => now,
    onGone: ({ chatId, agent: name }) => gone.push(`${chatId} ${name}`),
  });
  pools.push(pool);
  return pool;
}

const key = (chatId: string) => ({ chatId, agent: 'scripted' });

async function collect(events: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function turn(pool: AgentPool, backend: AgentBackend, chatId: string, cwd = '/a'): Promise<AgentEvent[]> {
  await using session = await pool.open(key(chatId), backend, openOptions(cwd));
  return collect(session.prompt(newPrompt('hi'), new AbortController().signal));
}

describe('AgentPool', () => {
  it('keeps a conversation for the next turn of its chat, and ends all with itself', async () => {
    const { backend, opened } = agent();
    const pool = newPool();
    await turn(pool, backend, '1');
    await turn(pool, backend, '1');
    await turn(pool, backend, '2');
    expect([opened.length, opened.some(({ isEnded }) => isEnded)]).toEqual([2, false]);
    await pool[Symbol.asyncDispose]();
    expect(opened.map(({ isEnded }) => isEnded)).toEqual([true, true]);
  });

  it('keeps nothing of an agent that is not worth it', async () => {
    const { backend, opened } = agent(answer, false);
    const pool = newPool();
    await turn(pool, backend, '1');
    expect([opened.map(({ isEnded }) => isEnded), pool.list()]).toEqual([[true], []]);
  });

  it('opens another one where the old one does not fit any more', async () => {
    const { backend, opened } = agent();
    const pool = newPool();
    await turn(pool, backend, '1', '/a');
    await turn(pool, backend, '1', '/b');
    expect(opened.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  });

  it('ends the least recently used of too many and what was idle for too long, but nothing in use', async () => {
    const { backend, opened } = agent();
    const pool = newPool();
    await using held = await pool.open(key('held'), backend, openOptions('/a'));
    for (const chat of ['1', '2', '3']) {
      now += 10;
      await turn(pool, backend, chat);
    }
    expect(opened.map(({ isEnded }) => isEnded)).toEqual([false, true, true, false]);
    opened[3]!.isBusy = true;
    now += 1_000;
    pool.tidy();
    expect(opened.map(({ isEnded }) => isEnded)).toEqual([false, true, true, false]);
    opened[3]!.isBusy = false;
    pool.tidy();
    expect(opened.map(({ isEnded }) => isEnded)).toEqual([false, true, true, true]);
    expect(pool.list().map(({ chatId, isInUse }) => [chatId, isInUse])).toEqual([['held', true]]);
    expect(held.isBusy).toBe(false);
  });

  it('does not end one whose child works', async () => {
    const { backend, opened } = agent();
    const pool = newPool();
    await turn(pool, backend, '1');
    // A program of its own: the process of the tests has children of other tests.
    const program = spawn('sh', ['-c', 'sleep 100 & echo $!; wait; echo alone; read line'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const said = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
    const child = Number((await said.next()).value);
    opened[0]!.pid = program.pid!;
    now += 1_000;
    pool.tidy();
    expect([opened[0]!.isEnded, pool.list()[0]?.isInUse]).toEqual([false, true]);
    expect(pool.list()[0]?.memoryBytes).toSatisfy((bytes: unknown) => process.platform !== 'linux' || Number(bytes) > 100_000);
    process.kill(child, 'SIGKILL');
    expect((await said.next()).value).toBe('alone');
    pool.tidy();
    expect(opened[0]!.isEnded).toBe(true);
    program.stdin.end();
    await once(program, 'exit');
  });

  it('forgets one that ended by itself, says so, and lets one rest that does so again and again', async () => {
    const { backend, opened } = agent();
    const pool = newPool();
    for (let crash = 0; crash < 3; crash++) {
      await turn(pool, backend, '1');
      opened.at(-1)!.end();
      await Promise.resolve();
    }
    await expect.poll(() => gone.length).toBe(3);
    await expect(turn(pool, backend, '1')).rejects.toMatchObject({ code: 'agent_unavailable' });
    now += 60_000;
    expect(await turn(pool, backend, '1')).toHaveLength(2);
    expect(opened).toHaveLength(4);
  });

  it('gives up a start that nobody waits for any more', async () => {
    const started = Promise.withResolvers<void>();
    const backend: AgentBackend = {
      ...agent().backend,
      open: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
          started.resolve();
        }),
    };
    const pool = newPool();
    const stop = new AbortController();
    const opening = pool.open(key('1'), backend, openOptions('/a', { signal: stop.signal }));
    await started.promise;
    stop.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(pool.list()).toEqual([]);
  });

  it('ends a turn in which nothing is heard, and its agent; not while a tool runs or a person is asked', async () => {
    const answered = Promise.withResolvers<void>();
    const { backend, opened } = agent(async function* (prompt) {
      yield { type: 'tool', callId: 'c', at: 0, status: 'running' };
      await prompt.ask({ callId: null, kind: 'execute', title: '', subject: '', reason: null, options: [] }, new AbortController().signal);
      yield { type: 'tool', callId: 'c', at: 0, status: 'completed' };
      await new Promise(() => {});
    });
    const pool = newPool({ stallMs: 1_000 });
    await using session = await pool.open(key('1'), backend, openOptions('/a'));
    const ask = async () => {
      await answered.promise;
      return { allowed: true, optionId: null, note: null };
    };
    const heard: AgentEvent[] = [];
    for await (const event of session.prompt(newPrompt('hi', { ask }), new AbortController().signal)) {
      heard.push(event);
      now += 10_000; // silence means nothing here
      if (heard.length === 1) setImmediate(answered.resolve);
    }
    expect(heard.at(-1)).toMatchObject({ type: 'ended', outcome: 'failed', failure: { code: 'model_stalled' } });
    expect([heard.length, opened[0]!.isEnded]).toEqual([3, true]);
  });
});
