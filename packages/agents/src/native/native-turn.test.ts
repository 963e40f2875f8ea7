import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { Limits } from '@boocode/contracts/config-file.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { Part, ToolPart, TurnState } from '@boocode/contracts/turn-state.ts';
import { type DemoModel, startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import { nativeBackend } from './native-backend.ts';
import { newPrompt, openOptions } from '../../test/open-options.ts';
import { runPrompt } from '../../test/run-prompt.ts';

let model: DemoModel;
let cwd: string;

beforeAll(async () => {
  model = await startDemoModel();
});

afterAll(() => model.close());

beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'boocode-turn-')));
  await writeFile(join(cwd, 'a.txt'), 'alpha\n');
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

const toolsOf = (state: TurnState): readonly ToolPart[] => state.parts.filter((part): part is ToolPart => part.type === 'tool');
const textOf = (state: TurnState): string => state.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
const noticesOf = (state: TurnState): string[] => state.parts.flatMap((part) => (part.type === 'notice' ? [part.code] : []));

interface SentMessage {
  role: string;
  content: string | null;
  reasoning_content?: string;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

function lastMessages(): SentMessage[] {
  return (model.requests.at(-1)!.body as { messages: SentMessage[] }).messages;
}

function answerOf(state: TurnState, status: Message['status'] = 'completed'): Message {
  return message('assistant', [...state.parts], status);
}

function message(role: 'user' | 'assistant', parts: Part[], status: Message['status'] = 'completed'): Message {
  const ids = { id: crypto.randomUUID(), chatId: crypto.randomUUID() } as unknown as Pick<Message, 'id' | 'chatId'>;
  const metadata = { agent: null, model: null, mode: null };
  return { ...ids, taskId: null, position: 0, role, status, metadata, parts, usage: null, activity: null, failure: null, createdAt: '', endedAt: null };
}

const target = () => ({ baseUrl: model.url });

describe('a turn', () => {
  it('goes from the prompt through tools to the answer, and sends results and reasoning back', async () => {
    const text = 'demo: think hm\ndemo: say I look.\ndemo: call read {"path": "a.txt"}\ndemo: and-call list {}\ndemo: say Done.';
    const { state, events } = await runPrompt({ text, target: target(), cwd });
    expect(state).toMatchObject({ status: 'completed', failure: null, activity: null });
    expect(state.parts.map((part) => part.type)).toEqual(['reasoning', 'text', 'tool', 'tool', 'text']);
    expect(toolsOf(state).map((tool) => [tool.name, tool.step, tool.kind, tool.title, tool.status, tool.output?.text])).toEqual([
      ['read', 0, 'read', 'Read a.txt', 'completed', '1\talpha'],
      ['list', 0, 'read', 'List .', 'completed', 'a.txt'],
    ]);
    expect(events.filter((event) => event.type === 'ended')).toHaveLength(1);
    const [, , answer, ...results] = lastMessages();
    expect(answer).toMatchObject({
      role: 'assistant',
      content: 'I look.',
      reasoning_content: 'hm',
      tool_calls: [{ function: { name: 'read' } }, { function: { name: 'list' } }],
    });
    expect(results.map((result) => result.content)).toEqual(['1\talpha', 'a.txt']);
    expect(state.usage).toMatchObject({
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
      contextUsed: expect.any(Number),
      contextSize: 131_072,
    });
  });

  it('takes what the person says in mid-turn between two steps, after everything that was told so far', async () => {
    const text = 'demo: call read {"path": "a.txt"}\ndemo: say Done.';
    const said = [['Mind the umlauts', 'demo: call list {}\ndemo: say Minded.'], []];
    const before: number[] = [];
    let seen = 0;
    const { state } = await runPrompt({
      text,
      target: target(),
      cwd,
      onEvent: (_, { parts }) => void (seen = parts.filter((part) => part.type === 'tool' && part.status === 'completed').length),
      prompt: {
        takeSteered: async () => {
          before.push(seen);
          return said.shift() ?? [];
        },
      },
    });
    expect(state.status).toBe('completed');
    expect(before).toEqual([1, 2]);
    expect(lastMessages().map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'user', 'user', 'assistant', 'tool']);
    expect(textOf(state)).toBe('Minded.');
    expect(lastMessages()[4]).toEqual({ role: 'user', content: 'Mind the umlauts' });
  });

  it('streams tokens as they come, none lost, doubled or reordered', async () => {
    const { state, events } = await runPrompt({ text: 'demo: stream 500 tokens at 2000 per second', target: target(), cwd });
    expect(textOf(state)).toBe(Array.from({ length: 500 }, (_, index) => `${index} `).join(''));
    expect(events.filter((event) => event.type === 'text').length).toBeGreaterThan(3);
  });

  it('makes the row durable before an effect begins', async () => {
    const seen: string[] = [];
    let folded: TurnState | null = null;
    const text =
      'demo: call read {"path": "a.txt"}\ndemo: call write {"path": "b.txt", "content": "b"}\ndemo: call shell {"command": "cat b.txt"}\ndemo: say ok';
    const commit = async (): Promise<void> => {
      const open = toolsOf(folded!).find((tool) => tool.status === 'running')!;
      seen.push(`${open.name} ${await readFile(join(cwd, 'b.txt'), 'utf8').catch(() => 'not there')}`);
    };
    await runPrompt({ text, target: target(), cwd, prompt: { commit }, onEvent: (_event, state) => void (folded = state) });
    expect(seen).toEqual(['write not there', 'shell b']);
  });

  it('shows live output while a command runs', async () => {
    const text = 'demo: call shell {"command": "echo first; until [ -e go ]; do sleep 0.02; done; echo last"}\ndemo: say ok';
    const onEvent = async (event: AgentEvent): Promise<void> => {
      if (event.type === 'tool_output' && event.delta.includes('first')) await writeFile(join(cwd, 'go'), '');
    };
    const { state } = await runPrompt({ text, target: target(), cwd, onEvent });
    expect(toolsOf(state)[0]).toMatchObject({ status: 'completed', live: '', output: { text: 'first\nlast', exitCode: 0 } });
  });

  it('tells the model of unknown tools and wrong inputs, and goes on', async () => {
    const text = 'demo: call fly {}\ndemo: call read {"pth": 1}\ndemo: call edit {"path": "a.txt", "oldText\ndemo: say sorry';
    const { state } = await runPrompt({ text, target: target(), cwd });
    expect(state.status).toBe('completed');
    expect(toolsOf(state).map((tool) => [tool.status, tool.output?.text.split('\n')[0]])).toEqual([
      ['failed', 'There is no tool "fly". The tools are: read, list, search, edit, write, shell, todo.'],
      ['failed', 'Invalid input for "read":'],
      ['failed', 'Invalid input for "edit":'],
    ]);
  });

  it('ends at the step limit, says so, and the next request says it too', async () => {
    const prompt = 'demo: loop read {"path": "a.txt"}';
    const { state } = await runPrompt({ text: prompt, target: target(), cwd, limits: { maxSteps: 3 } });
    expect(state.status).toBe('completed');
    expect(toolsOf(state)).toHaveLength(3);
    expect(state.parts.at(-1)).toEqual({ type: 'limit_reached', limit: 'steps', value: 3 });
    await runPrompt({ text: 'demo: say on', target: target(), cwd, prompt: { history: [message('user', [{ type: 'text', text: prompt }]), answerOf(state)] } });
    expect(lastMessages().at(-2)!.content).toContain('The limit of 3 steps was reached here');
  });

  it('continues an interrupted turn without running a finished call again', async () => {
    const prompt = 'demo: call shell {"command": "echo x >> count; cat count"}\ndemo: call shell {"command": "echo y >> count; sleep 30"}\ndemo: say finished';
    const cancel = new AbortController();
    const onEvent = (_event: AgentEvent, state: TurnState): void => {
      if (toolsOf(state)[1]?.status === 'running') cancel.abort();
    };
    const first = await runPrompt({ text: prompt, target: target(), cwd, signal: cancel.signal, onEvent });
    const history = [message('user', [{ type: 'text', text: prompt }]), answerOf(first.state, 'interrupted')];
    const next = await runPrompt({ text: 'Continue.', target: target(), cwd, prompt: { history } });
    expect(next.state).toMatchObject({ status: 'completed', parts: [{ type: 'text', text: 'finished' }] });
    expect(await readFile(join(cwd, 'count'), 'utf8')).toMatch(/^x\n(y\n)?$/);
    expect(
      lastMessages()
        .filter((sent) => sent.role === 'tool')
        .map((sent) => sent.content!.split('\n')[0]),
    ).toEqual(['x', expect.stringMatching(/cancelled|stopped/)]);
  });

  it("tells the project's AGENTS.md, notes and attachments", async () => {
    execFileSync('git', ['init', '-q'], { cwd });
    await writeFile(join(cwd, 'AGENTS.md'), 'Use tabs.');
    await mkdir(join(cwd, 'sub'));
    const attachments = [{ type: 'file', name: 'log.txt', mediaType: 'text/plain', text: 'boom' } as const];
    await runPrompt({ text: 'demo: say ok', target: target(), cwd: join(cwd, 'sub'), prompt: { notes: ['a.txt: too long'], attachments } });
    const [system, user] = lastMessages();
    expect(system!.content).toContain('Use tabs.');
    expect(user!.content).toContain('- a.txt: too long');
    expect(user!.content).toContain('<file name="log.txt">\nboom\n</file>');
  });

  it('does not read an AGENTS.md that is a link out of the project', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'boocode-outside-'));
    await writeFile(join(outside, 'secret'), 'top secret');
    await symlink(join(outside, 'secret'), join(cwd, 'AGENTS.md'));
    execFileSync('git', ['init', '-q'], { cwd });
    await runPrompt({ text: 'demo: say ok', target: target(), cwd });
    expect(lastMessages()[0]!.content).not.toContain('top secret');
    await rm(outside, { recursive: true });
  });
});

describe('access', () => {
  it('asks before a command and an edit of a file that steers programs, and tells the model of a refusal', async () => {
    const text = [
      'demo: call edit {"path": "a.txt", "oldText": "alpha", "newText": "beta"}',
      'demo: call write {"path": "package.json", "content": "{}"}',
      'demo: call shell {"command": "touch made"}',
      'demo: say ok',
    ].join('\n');
    const asked: PermissionRequest[] = [];
    const ask = async (request: PermissionRequest) => {
      asked.push(request);
      return request.kind === 'edit' ? { allowed: true, optionId: null, note: null } : { allowed: false, optionId: null, note: 'not now' };
    };
    const { state } = await runPrompt({ text, target: target(), cwd, prompt: { access: 'ask', ask } });
    expect(asked.map((request) => [request.kind, request.subject, request.callId])).toEqual([
      ['edit', 'package.json', toolsOf(state)[1]!.callId],
      ['execute', 'touch made', toolsOf(state)[2]!.callId],
    ]);
    expect(toolsOf(state).map((tool) => [tool.status, tool.output?.text])).toEqual([
      ['completed', 'Edited a.txt at line 1 (+1 -1).'],
      ['completed', 'Created package.json (+1 -0).'],
      ['failed', 'The person refused this call. They said: not now'],
    ]);
  });

  it('does not take a link to a steering file for a plain file', async () => {
    await writeFile(join(cwd, 'package.json'), '{"a": 1}\n');
    await symlink('package.json', join(cwd, 'plain.txt'));
    const asked: string[] = [];
    const ask = async (request: PermissionRequest) => {
      asked.push(request.subject);
      return { allowed: false, optionId: null, note: null };
    };
    await runPrompt({ text: 'demo: call write {"path": "plain.txt", "content": "x"}\ndemo: say ok', target: target(), cwd, prompt: { access: 'ask', ask } });
    expect(asked).toEqual(['plain.txt']);
  });

  it('refuses a path outside without asking', async () => {
    const ask = async () => expect.unreachable();
    const { state } = await runPrompt({
      text: 'demo: call write {"path": "../x", "content": "x"}\ndemo: say ok',
      target: target(),
      cwd,
      prompt: { access: 'ask', ask },
    });
    expect(toolsOf(state)[0]).toMatchObject({ status: 'failed', output: { text: expect.stringContaining('lies outside') } });
  });

  it('offers a read-only turn no tool that changes anything', async () => {
    const { state } = await runPrompt({
      text: 'demo: call shell {"command": "touch made"}\ndemo: say ok',
      target: target(),
      cwd,
      prompt: { access: 'read-only' },
    });
    expect(toolsOf(state)[0]).toMatchObject({ status: 'failed', output: { text: expect.stringContaining('There is no tool "shell"') } });
  });

  it('a cancelled question ends the turn as cancelled', async () => {
    const cancel = new AbortController();
    const ask = (_request: PermissionRequest, signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        cancel.abort();
      });
    const { state } = await runPrompt({
      text: 'demo: call shell {"command": "ls"}',
      target: target(),
      cwd,
      signal: cancel.signal,
      prompt: { access: 'ask', ask },
    });
    expect(state).toMatchObject({ status: 'cancelled', failure: null, parts: [{ status: 'cancelled' }] });
  });
});

describe('cancel', () => {
  it("closes the model's socket", async () => {
    const cancel = new AbortController();
    const arrived = model.nextRequest();
    const { state } = await runPrompt({
      text: 'demo: say before\ndemo: hold',
      target: target(),
      cwd,
      signal: cancel.signal,
      onEvent: (event) => (event.type === 'text' ? cancel.abort() : undefined),
    });
    expect(state).toMatchObject({ status: 'cancelled', failure: null, parts: [{ text: 'before' }] });
    const request = await arrived;
    await request.closed;
    expect(request.closedEarly).toBe(true);
  });

  it('while the server has not even answered', async () => {
    const cancel = new AbortController();
    void model.nextRequest().then(() => cancel.abort());
    expect((await runPrompt({ text: 'demo: hang', target: target(), cwd, signal: cancel.signal })).state.status).toBe('cancelled');
  });

  it("with a reason of the caller's is a cancel all the same", async () => {
    const cancel = new AbortController();
    void model.nextRequest().then(() => cancel.abort(new Error('the person')));
    expect((await runPrompt({ text: 'demo: hold', target: target(), cwd, signal: cancel.signal })).state).toMatchObject({ status: 'cancelled', failure: null });
  });

  it("ends the shell's process group and keeps what it said", async () => {
    const cancel = new AbortController();
    let pid = 0;
    const onEvent = (event: AgentEvent): void => {
      if (event.type !== 'tool_output') return;
      pid = Number(/pid (\d+)/.exec(event.delta)?.[1] ?? pid);
      if (pid > 0) cancel.abort();
    };
    const { state } = await runPrompt({
      text: 'demo: call shell {"command": "sleep 60 & echo pid $!; wait"}',
      target: target(),
      cwd,
      signal: cancel.signal,
      onEvent,
    });
    expect(state.status).toBe('cancelled');
    expect(toolsOf(state)[0]).toMatchObject({ status: 'cancelled', output: { text: expect.stringContaining(`pid ${pid}`) } });
    expect(identifyProcess(pid)).toBeNull();
  });

  it('a reader that goes away ends the turn', async () => {
    const arrived = model.nextRequest();
    await expect(
      runPrompt({
        text: 'demo: say before\ndemo: hold',
        target: target(),
        cwd,
        onEvent: (event) => {
          if (event.type === 'text') throw new Error('gone');
        },
      }),
    ).rejects.toThrow('gone');
    const request = await arrived;
    await request.closed;
    expect(request.closedEarly).toBe(true);
  });

  it('before it began', async () => {
    expect((await runPrompt({ text: 'demo: say hi', target: target(), cwd, signal: AbortSignal.abort() })).events).toEqual([
      { type: 'ended', outcome: 'cancelled', failure: null },
    ]);
  });
});

describe('rescue of printed calls', () => {
  it.each(['hermes', 'invoke'])('%s: runs the call, shows nothing of its text, and says so', async (dialect) => {
    const text = `demo: say I read.\\n\ndemo: printed-call ${dialect} read {"path": "a.txt"}\ndemo: say Done.`;
    const { state, events } = await runPrompt({ text, target: target(), cwd });
    expect(textOf(state)).toBe('I read.\nDone.');
    expect(noticesOf(state)).toEqual(['tool_call_rescued']);
    expect(toolsOf(state)).toMatchObject([{ name: 'read', status: 'completed', output: { text: '1\talpha' } }]);
    expect(JSON.stringify(events.filter((event) => event.type === 'text'))).not.toMatch(/tool_call|invoke|a\.txt/);
  });
});

describe('a server that is busy or loading', () => {
  it('is asked again, and the reader is told', async () => {
    let left = 2;
    await using busy = await startDemoModel({ fault: () => (left-- > 0 ? '429' : null) });
    const { state, events } = await runPrompt({ text: 'demo: say hi', target: { baseUrl: busy.url }, cwd });
    expect(state).toMatchObject({ status: 'completed', parts: [{ text: 'hi' }] });
    expect(busy.requests).toHaveLength(3);
    const details = events.flatMap((event) => (event.type === 'activity' ? [event.activity.detail] : []));
    expect(details.filter((detail) => detail?.includes('the server is busy; trying again'))).toHaveLength(2);
  });

  it('is waited for while it loads, longer than a busy one', async () => {
    let left = 5;
    await using loading = await startDemoModel({ fault: () => (left-- > 0 ? '503' : null) });
    expect((await runPrompt({ text: 'demo: say hi', target: { baseUrl: loading.url }, cwd })).state.status).toBe('completed');
  });
});

describe('a long chat', () => {
  const long = 'x'.repeat(30_000);

  async function longHistory(): Promise<Message[]> {
    await writeFile(join(cwd, 'long.txt'), `${`${long.slice(0, 900)}\n`.repeat(30)}`);
    const prompt = 'demo: call read {"path": "long.txt"}\ndemo: say read';
    const { state } = await runPrompt({ text: prompt, target: target(), cwd });
    return Array.from({ length: 4 }, () => [message('user', [{ type: 'text', text: prompt }]), answerOf(state)]).flat();
  }

  it('is shortened before it is sent when the size is known', async () => {
    const history = await longHistory();
    await using small = await startDemoModel({ contextSize: 12_000 });
    const { state } = await runPrompt({ text: 'demo: say ok', target: { baseUrl: small.url, contextSize: 12_000 }, cwd, prompt: { history } });
    expect(state.status).toBe('completed');
    expect(noticesOf(state)).toEqual(['context_shortened']);
    expect(small.requests).toHaveLength(1);
  });

  it('learns the size from the refusal when it is not known, and tries again', async () => {
    const history = await longHistory();
    await using small = await startDemoModel({ contextSize: 12_000 });
    const { state } = await runPrompt({ text: 'demo: say ok', target: { baseUrl: small.url }, cwd, prompt: { history } });
    expect(state).toMatchObject({ status: 'completed' });
    expect(noticesOf(state)).toContain('context_shortened');
    expect(small.requests.length).toBeGreaterThan(1);
  });

  it('stays within the context while tools run', async () => {
    await longHistory();
    await using small = await startDemoModel({ contextSize: 12_000 });
    const text = `${'demo: call read {"path": "long.txt"}\n'.repeat(8)}demo: say ok`;
    const { state } = await runPrompt({ text, target: { baseUrl: small.url }, cwd });
    expect(state).toMatchObject({ status: 'completed', failure: null });
    expect(toolsOf(state)).toHaveLength(8);
  });

  it('ends with a sentence when the prompt alone is too long', async () => {
    await using small = await startDemoModel({ contextSize: 4_000 });
    const { state } = await runPrompt({ text: long, target: { baseUrl: small.url }, cwd });
    expect(state.failure).toMatchObject({
      code: 'context_too_long',
      message: expect.stringContaining('longer than its context of 4000 tokens; start another chat'),
    });
    expect(small.requests.length).toBeLessThanOrEqual(5);
  });
});

it('a resolver that refuses ends the turn with its own words', async () => {
  const refuse = async () => {
    throw new BooError('model_not_found', 'Cannot use "x": no server offers it; choose another');
  };
  await using backend = nativeBackend({ modelServers: refuse, limits: Limits.parse({}), registry: null, containment: null, environment: {} });
  const session = await backend.open(openOptions(cwd));
  const events: AgentEvent[] = [];
  const prompt = newPrompt('hi', { model: 'x' });
  for await (const event of session.prompt(prompt, new AbortController().signal)) events.push(event);
  expect(events).toEqual([
    { type: 'ended', outcome: 'failed', failure: { code: 'model_not_found', message: 'Cannot use "x": no server offers it; choose another' } },
  ]);
});
