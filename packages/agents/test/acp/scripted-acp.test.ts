import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import type { AgentBackend, AgentSession, OpenOptions, PermissionAnswer, Prompt } from '../../src/backend.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { noticesOf, textOf, toolsOf, watchTurn } from '../watch-turn.ts';
import { scriptedAcpBackend, step } from './scripted-acp-backend.ts';

let root: string;
let home: string;
let cwd: string;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-scripted-')));
  home = join(root, 'home');
});

beforeEach(async () => {
  cwd = join(await mkdtemp(join(root, 'tree-')), 'worktree');
  await mkdir(cwd);
});

afterAll(() => rm(root, { recursive: true, force: true }));

const open = (flags: readonly string[] = [], more: Partial<OpenOptions> = {}, limits: object = {}): Promise<AgentSession> =>
  scriptedAcpBackend(home, flags, { limits }).open(openOptions(cwd, more));

const turn = (
  session: AgentSession,
  steps: readonly object[],
  more: Partial<Prompt> = {},
  signal = new AbortController().signal,
  onEvent?: (event: AgentEvent) => void,
) => watchTurn(session.prompt(newPrompt(steps.map(step).join('\n'), more), signal), onEvent);

const answering = (answer: PermissionAnswer) => {
  const asked: PermissionRequest[] = [];
  const ask: Prompt['ask'] = async (request) => {
    asked.push(request);
    return answer;
  };
  return { asked, ask };
};

const YES: PermissionAnswer = { allowed: true, optionId: null, note: null };

describe('a conversation that is asked for', () => {
  it('is begun anew where the agent does not know it', async () => {
    await using session = await open([], { resumeToken: 'nobody-knows' });
    expect(session.isResumed).toBe(false);
    expect(session.resumeToken).not.toBe('nobody-knows');
  });

  it('is not believed to be resumed when a load "succeeds" and nothing comes of it', async () => {
    await using session = await open(['--load-anything'], { resumeToken: 'nobody-knows' });
    expect(session.isResumed).toBe(false);
    expect(session.resumeToken).not.toBe('nobody-knows');
  });

  it('is begun anew where the agent can do neither', async () => {
    await using session = await open(['--no-load'], { resumeToken: 'x' });
    expect(session.isResumed).toBe(false);
  });

  it('has the mode of this turn, whatever the agent began with', async () => {
    await using first = await open(['--resume', '--config-options']);
    await turn(first, [{ say: 'a' }]);
    await using second = await open(['--resume', '--config-options'], { resumeToken: first.resumeToken });
    expect(textOf((await turn(second, [{ state: true }])).state)).toBe('mode=yolo model=small');
  });
});

describe('the start', () => {
  const fallback = (told: string[]): AgentBackend => ({
    name: 'simple',
    isWarm: false,
    fingerprint: async () => '',
    open: async () => ({
      resumeToken: null,
      isResumed: false,
      pid: null,
      isBusy: false,
      closed: Promise.resolve(),
      async *prompt(prompt) {
        told.push(prompt.text);
        yield { type: 'ended', outcome: 'completed', failure: null };
      },
      [Symbol.asyncDispose]: async () => {},
    }),
  });

  it('of a program that hangs goes on with its other form, and says so once', async () => {
    const told: string[] = [];
    const backend = scriptedAcpBackend(home, ['--hang-in-initialize'], { limits: { handshakeMs: 300 }, fallback: fallback(told) });
    await using session = await backend.open(openOptions(cwd));
    expect(noticesOf((await watchTurn(session.prompt(newPrompt('one'), new AbortController().signal))).state)).toEqual(['acp_fallback']);
    expect(noticesOf((await watchTurn(session.prompt(newPrompt('two'), new AbortController().signal))).state)).toEqual([]);
    expect(told).toEqual(['one', 'two']);
  });

  it('of a program that ends says what it said last', async () => {
    await expect(open(['--exit-in-initialize'])).rejects.toMatchObject({
      code: 'agent_unavailable',
      message: expect.stringContaining('cannot find the configuration'),
    });
  });

  it('of a program with another version of the protocol fails', async () => {
    await expect(open(['--other-version'])).rejects.toMatchObject({ code: 'agent_unavailable', message: expect.stringContaining('version 7') });
  });

  it('of one that is not signed in says how to sign in, and tries no other form', async () => {
    const told: string[] = [];
    const backend = scriptedAcpBackend(home, ['--signed-out'], { fallback: fallback(told) });
    await expect(backend.open(openOptions(cwd))).rejects.toMatchObject({ code: 'agent_unavailable', message: expect.stringContaining('`scripted login`') });
  });

  it('gives the agent the servers of the project that it takes', async () => {
    let info: Partial<AgentInfo> = {};
    const mcpServers: OpenOptions['mcpServers'] = [
      { name: 'files', type: 'stdio', command: '/bin/files', args: ['-v'], env: { A: 'b' } },
      { name: 'web', type: 'http', url: 'http://localhost/mcp', headers: { token: 't' } },
      { name: 'old', type: 'sse', url: 'http://localhost/sse', headers: {} },
    ];
    await using session = await open(['--tells-servers'], { mcpServers, onInfo: (told) => (info = { ...info, ...told }) });
    expect(session.isResumed).toBe(false);
    expect(JSON.parse(info.title ?? '')).toEqual([
      { name: 'files', command: '/bin/files', args: ['-v'], env: [{ name: 'A', value: 'b' }] },
      { type: 'http', name: 'web', url: 'http://localhost/mcp', headers: [{ name: 'token', value: 't' }] },
    ]);
  });
});

describe('what comes after the answer', () => {
  it('belongs to its turn, and never to the next', async () => {
    await using session = await open([], {}, { lateMs: 1_500 });
    expect(textOf((await turn(session, [{ sayLate: 'all of it' }])).state)).toBe('all of it');
    expect(textOf((await turn(session, [{ say: 'begin, ' }, { sayLate: 'end' }])).state)).toBe('begin, end');
    expect(textOf((await turn(session, [{ say: 'next' }])).state)).toBe('next');
  });

  it('is not shown in the next turn where it is about a call of this one', async () => {
    await using session = await open();
    const call = { sessionUpdate: 'tool_call', toolCallId: 'old', title: 'Old', status: 'completed' };
    await turn(session, [{ update: call }]);
    const { state } = await turn(session, [{ update: { sessionUpdate: 'tool_call_update', toolCallId: 'old', status: 'failed' } }, { say: 'next' }]);
    expect(toolsOf(state)).toEqual([]);
  });
});

describe('a cancelled turn', () => {
  const cancelInShell = async (flags: readonly string[]) => {
    const session = await open(flags);
    const stop = new AbortController();
    const file = join(cwd, 'pid');
    const stopping = (event: AgentEvent) => {
      if (event.type === 'tool_output' || (event.type === 'tool' && event.status === 'running')) void pidIn(file).then(() => stop.abort());
    };
    const { state } = await turn(session, [{ pause: 30 }, { shell: `echo $$ > ${file}; exec sleep 600` }], {}, stop.signal, stopping); // births are told apart by hundredths of a second
    return { session, state, pid: await pidIn(file) };
  };

  it.each(['--no-final-update', '--completes-cancelled', '--leaves-child'])('closes its calls and ends what they left: %s', async (flag) => {
    const { session, state, pid } = await cancelInShell([flag]);
    await using _ = session;
    expect(state.status).toBe('cancelled');
    expect(toolsOf(state).map(({ status }) => status)).toEqual(['cancelled']);
    expect(identifyProcess(pid)).toBe(null);
    expect(textOf((await turn(session, [{ say: 'still here' }])).state)).toBe('still here');
  });

  it('ends without the word of an agent that ignores it; such an agent is ended with the next prompt', async () => {
    await using session = await open(['--ignores-cancel'], {}, { cancelGraceMs: 200 });
    const stop = new AbortController();
    const { state } = await turn(session, [{ sayForever: true }], {}, stop.signal, (event) => event.type === 'text' && stop.abort());
    expect(state.status).toBe('cancelled');
    const next = await turn(session, [{ say: 'next' }]);
    expect(next.state).toMatchObject({ status: 'failed', parts: [], failure: { code: 'agent_crashed' } });
    await session.closed;
  });
});

it('a conversation is busy while something lives that its agent has started', async () => {
  await using session = await open();
  expect(session.isBusy).toBe(false);
  const { state } = await turn(session, [{ shell: `sleep 600 > ${join(cwd, 'out')} 2>&1 & echo $! > ${join(cwd, 'pid')}` }]);
  expect([state.status, session.isBusy]).toEqual(['completed', true]);
  process.kill(await pidIn(join(cwd, 'pid')), 'SIGKILL');
  while (session.isBusy) await new Promise((resolve) => setImmediate(resolve));
});

describe('a failed turn', () => {
  it('of an agent that dies has its last words', async () => {
    await using session = await open();
    const { state } = await turn(session, [{ say: 'a' }, { crash: 'out of memory' }]);
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'agent_crashed', message: expect.stringContaining('out of memory') } });
    await session.closed;
    expect((await turn(session, [{ say: 'a' }])).state).toMatchObject({ status: 'failed', failure: { code: 'agent_crashed' } });
  });

  it('says what the agent says, with a code', async () => {
    await using session = await open();
    const failing = async (fail: object) => (await turn(session, [{ fail }])).state.failure;
    expect(await failing({ code: -32603, message: 'Internal error', data: { details: 'Invalid API Key' } })).toMatchObject({
      code: 'model_unauthorized',
      message: expect.stringContaining('"Invalid API Key"'),
    });
    expect(await failing({ code: -32603, message: 'Internal error: {"message":"the model was asked to fail","code":500}' })).toMatchObject({
      code: 'model_server_error',
      message: expect.stringContaining('"the model was asked to fail"'),
    });
  });

  it('shows an error that the agent gave out as its answer only as the failure', async () => {
    await using session = await open();
    const error = 'Ran into this error: Server error: no such thing.\n\nPlease retry if you think this is a transient or recoverable error.';
    const { state } = await turn(session, [
      { say: 'partial', message: '1' },
      { say: error, message: '2' },
    ]);
    expect(state).toMatchObject({ status: 'failed', parts: [{ type: 'text', text: 'partial' }] });
    const goesOn = await turn(session, [
      { say: error, message: '3' },
      { say: 'That is what the log says.', message: '4' },
    ]);
    expect(goesOn.state.status).toBe('completed');
    expect(textOf(goesOn.state)).toBe(`${error}\n\nThat is what the log says.`);
  });
});

describe('leave', () => {
  it('is asked for where the access leaves it open, with the card of the call before it', async () => {
    const { asked, ask } = answering({ allowed: true, optionId: 'x2', note: null });
    await using session = await open(['--asks-first', '--no-kind']);
    const { state, events } = await turn(session, [{ shell: 'echo hello' }], { access: 'ask', ask });
    expect(asked).toMatchObject([
      { callId: expect.any(String), kind: 'execute', subject: 'echo hello', options: [{ id: 'x1' }, { id: 'x2', kind: 'allow_once' }, { id: 'x3' }] },
    ]);
    expect(events.find(({ type }) => type === 'tool')).toMatchObject({ title: 'echo hello', status: 'pending', kind: 'execute' });
    expect(toolsOf(state)).toMatchObject([{ status: 'completed', output: { text: 'hello\n', exitCode: 0 } }]);
  });

  it('that the access gives is given by whatever kind of option there is', async () => {
    await using session = await open(['--only-always']);
    const { state } = await turn(session, [{ write: { path: join(cwd, 'a.txt'), content: 'a\n' } }], { access: 'edits' });
    expect(toolsOf(state)).toMatchObject([{ status: 'completed', output: { diffs: [{ path: 'a.txt', additions: 1, deletions: 0 }] } }]);
  });

  it('that the access refuses is refused without a question', async () => {
    const { asked, ask } = answering(YES);
    await using session = await open();
    const { state } = await turn(session, [{ write: { path: join(cwd, 'a.txt'), content: 'a\n' } }], { access: 'read-only', ask });
    expect(asked).toEqual([]);
    expect(toolsOf(state)).toMatchObject([{ status: 'failed' }]);
    expect(existsSync(join(cwd, 'a.txt'))).toBe(false);
  });

  it('that was refused ends the turn as completed where the agent then stops', async () => {
    const { ask } = answering({ allowed: false, optionId: 'x3', note: 'use the other script' });
    await using session = await open(['--stops-when-refused']);
    const { state } = await turn(session, [{ shell: 'echo no' }, { say: 'never' }], { access: 'ask', ask });
    expect(state.status).toBe('completed');
    expect(noticesOf(state)).toEqual(['agent_stopped']);
    const next = await turn(session, [{ echo: true }]);
    expect(textOf(next.state)).toContain('- use the other script');
    expect(textOf((await turn(session, [{ echo: true }])).state)).not.toContain('use the other script');
  });
});

describe('questions of an agent', () => {
  const form = (properties: object) => ({
    request: { method: 'elicitation/create', params: { mode: 'form', message: 'How?', requestedSchema: { type: 'object', properties } } },
  });

  it('are put to the person one by one', async () => {
    const answers: PermissionAnswer[] = [
      { allowed: true, optionId: 'b', note: null },
      { allowed: true, optionId: 'false', note: null },
      { allowed: true, optionId: 'words', note: 'in words' },
      { allowed: true, optionId: 'words', note: '42' },
    ];
    const asked: PermissionRequest[] = [];
    const ask: Prompt['ask'] = async (request) => {
      asked.push(request);
      return answers[asked.length - 1]!;
    };
    await using session = await open();
    const fields = {
      letter: { type: 'string', enum: ['a', 'b'] },
      sure: { type: 'boolean', title: 'Sure?' },
      why: { type: 'string' },
      count: { type: 'integer' },
    };
    const { state } = await turn(session, [form(fields)], { access: 'read-only', ask });
    expect(JSON.parse(textOf(state)).result).toEqual({ action: 'accept', content: { letter: 'b', sure: false, why: 'in words', count: 42 } });
    expect(asked).toMatchObject([
      { kind: 'question', title: 'How?', subject: 'letter', options: [{ id: 'a' }, { id: 'b' }, { id: 'decline', kind: 'reject_once' }] },
      { subject: 'Sure?', options: [{ id: 'true', label: 'Yes' }, { id: 'false', label: 'No' }, { id: 'decline' }] },
      { subject: 'why' },
      { subject: 'count' },
    ]);
  });

  it('are declined as a whole with one of them', async () => {
    const { ask } = answering({ allowed: false, optionId: 'decline', note: null });
    await using session = await open();
    const { state } = await turn(session, [form({ a: { type: 'boolean' }, b: { type: 'boolean' } })], { ask });
    expect(JSON.parse(textOf(state)).result).toEqual({ action: 'decline' });
  });
});

describe('what an agent asks us to do', () => {
  const asking = async (session: AgentSession, method: string, params: object, more: Partial<Prompt> = {}) => {
    const { state } = await turn(session, [{ request: { method, params } }], more);
    expect(state.status).toBe('completed');
    return JSON.parse(textOf(state));
  };

  it('and nobody knows is answered so, and the turn goes on', async () => {
    await using session = await open();
    expect(await asking(session, 'craft/drainMidTurnQueue', {})).toMatchObject({ error: { code: -32601 } });
    expect(await asking(session, 'session/request_permission', { nothing: true })).toMatchObject({ error: { code: -32602 } });
  });

  it('is to write files in the worktree alone, and as the access says', async () => {
    await using session = await open();
    const write = (path: string, more: Partial<Prompt> = {}) => asking(session, 'fs/write_text_file', { path, content: 'x\n' }, more);
    expect(await write(join(cwd, 'deep', 'a.txt'))).toMatchObject({ result: {} });
    expect(await readFile(join(cwd, 'deep', 'a.txt'), 'utf8')).toBe('x\n');
    expect(await write(join(cwd, '..', 'outside.txt'))).toMatchObject({ error: { message: expect.stringContaining('outside') } });
    expect(await write(join(cwd, '.git', 'config'))).toMatchObject({ error: { message: expect.stringContaining('git') } });
    expect(await write(join(cwd, 'b.txt'), { access: 'read-only' })).toMatchObject({ error: { message: expect.stringContaining('read-only') } });
    expect(existsSync(join(cwd, 'b.txt'))).toBe(false);
    const { asked, ask } = answering(YES);
    expect(await write(join(cwd, '.env'), { access: 'ask', ask })).toMatchObject({ result: {} });
    expect(asked).toMatchObject([{ kind: 'edit', subject: '.env' }]);
  });

  it('is not asked for twice where its call was allowed', async () => {
    const { asked, ask } = answering(YES);
    await using session = await open(['--writes-through-client']);
    const { state } = await turn(session, [{ write: { path: join(cwd, '.env'), content: 'A=1\n' } }], { access: 'ask', ask });
    expect(toolsOf(state)).toMatchObject([{ status: 'completed' }]);
    expect(asked).toHaveLength(1);
  });

  it('is to read files, also a part of one', async () => {
    await writeFile(join(cwd, 'lines.txt'), 'one\ntwo\nthree\n');
    await using session = await open();
    const read = (params: object) => asking(session, 'fs/read_text_file', params, { access: 'read-only' });
    expect(await read({ path: join(cwd, 'lines.txt') })).toMatchObject({ result: { content: 'one\ntwo\nthree\n' } });
    expect(await read({ path: join(cwd, 'lines.txt'), line: 2, limit: 1 })).toMatchObject({ result: { content: 'two' } });
    expect(await read({ path: join(cwd, 'none.txt') })).toMatchObject({ error: { code: -32002 } });
    expect(await read({ path: '/etc/hostname' })).toMatchObject({ error: { message: expect.stringContaining('outside') } });
  });

  it('is to run commands in the worktree alone, and as the access says', async () => {
    await using session = await open();
    const { result } = await asking(session, 'terminal/create', { command: 'echo shown; pwd; exit 3' });
    const { terminalId } = result;
    expect(await asking(session, 'terminal/wait_for_exit', { terminalId })).toMatchObject({ result: { exitCode: 3, signal: null } });
    expect(await asking(session, 'terminal/output', { terminalId })).toMatchObject({
      result: { output: `shown\n${cwd}\n`, truncated: false, exitStatus: { exitCode: 3 } },
    });
    expect(await asking(session, 'terminal/release', { terminalId })).toMatchObject({ result: {} });
    expect(await asking(session, 'terminal/create', { command: 'ls', cwd: '/' })).toMatchObject({
      error: { message: expect.stringContaining('no folder of the worktree') },
    });
    expect(await asking(session, 'terminal/create', { command: 'ls' }, { access: 'read-only' })).toMatchObject({
      error: { message: expect.stringContaining('read-only') },
    });
    expect(await asking(session, 'terminal/output', { terminalId: 'none' })).toMatchObject({ error: { message: 'No such terminal: none' } });
    const { asked, ask } = answering(YES);
    expect(await asking(session, 'terminal/create', { command: 'sh', args: ['-c', 'true'] }, { access: 'ask', ask })).toMatchObject({ result: {} });
    expect(asked).toMatchObject([{ kind: 'execute', subject: 'true' }]);
  });

  it('shows what a terminal of ours shows at its call', async () => {
    await using session = await open();
    const { result } = await asking(session, 'terminal/create', { command: 'echo from the terminal; exit 1' });
    await asking(session, 'terminal/wait_for_exit', { terminalId: result.terminalId });
    const call = { sessionUpdate: 'tool_call', toolCallId: 't', title: 'Run', kind: 'execute', content: [{ type: 'terminal', terminalId: result.terminalId }] };
    const { state } = await turn(session, [{ update: call }, { update: { sessionUpdate: 'tool_call_update', toolCallId: 't', status: 'failed' } }]);
    expect(toolsOf(state)).toMatchObject([{ status: 'failed', output: { text: 'from the terminal\n', exitCode: 1 } }]);
  });
});

describe('what an agent tells', () => {
  it('of itself reaches the chat, and not the transcript', async () => {
    let info: Partial<AgentInfo> = {};
    await using session = await open(['--config-options'], { onInfo: (told) => (info = { ...info, ...told }) });
    const commands = [{ name: 'compact', description: 'Shortens', input: { hint: 'how' } }];
    const { state } = await turn(session, [
      { update: { sessionUpdate: 'session_info_update', title: 'A title' } },
      { update: { sessionUpdate: 'available_commands_update', availableCommands: commands } },
      { update: { sessionUpdate: 'current_mode_update', currentModeId: 'plan' } },
      { update: { sessionUpdate: 'something_new', content: 1 } },
      { update: { sessionUpdate: 'tool_call' } },
      { say: 'hi' },
    ]);
    expect(state.parts).toEqual([{ type: 'text', text: 'hi' }]);
    expect(info).toEqual({
      title: 'A title',
      commands: [{ name: 'compact', description: 'Shortens', hint: 'how' }],
      mode: 'plan',
      modes: [
        { id: 'default', label: 'Default', description: null },
        { id: 'plan', label: 'Plan', description: null },
        { id: 'yolo', label: 'Yolo', description: null },
      ],
      model: 'small',
      models: [
        { id: 'small', label: 'SMALL', description: null },
        { id: 'large', label: 'LARGE', description: null },
      ],
    });
  });

  it('of its plan and its tokens is shown', async () => {
    await using session = await open();
    const { state } = await turn(session, [
      {
        update: { sessionUpdate: 'plan', entries: [{ content: 'look', status: 'completed' }, { content: 'do', status: 'in_progress' }, { content: 'check' }] },
      },
      { update: { sessionUpdate: 'usage_update', used: 900, size: 8000, cost: { amount: 0.5, currency: 'USD' } } },
      { say: 'hi' },
      { extra: { usage: { inputTokens: 890, outputTokens: 10, cachedReadTokens: 800 } } },
    ]);
    expect(state.parts[0]).toEqual({
      type: 'plan',
      entries: [
        { text: 'look', status: 'completed' },
        { text: 'do', status: 'in_progress' },
        { text: 'check', status: 'pending' },
      ],
    });
    expect(state.usage).toEqual({ inputTokens: 890, outputTokens: 10, cachedTokens: 800, contextUsed: 900, contextSize: 8000, cost: 0.5 });
    const next = await turn(session, [
      { update: { sessionUpdate: 'usage_update', used: 950, size: 8000, cost: { amount: 0.75, currency: 'USD' } } },
      { say: 'hi' },
    ]);
    expect(next.state.usage).toMatchObject({ cost: 0.25 });
  });

  it('of a call without an end is closed with the turn', async () => {
    await using session = await open([], {}, { lateMs: 30 });
    const { state } = await turn(session, [
      { update: { sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Never ends', status: 'in_progress' } },
      { say: 'done' },
    ]);
    expect(state.status).toBe('completed');
    expect(toolsOf(state)).toMatchObject([{ status: 'cancelled' }]);
  });

  it('is kept to the letter', async () => {
    await using session = await open();
    const odd = 'a\u2028b\u2029c \u0000 \uFEFF \u{1F469}\u200D\u{1F4BB}\r\n\ttab';
    expect(textOf((await turn(session, [{ say: odd }])).state)).toBe(odd);
  });

  it('of nothing at all is said to the reader', async () => {
    await using session = await open([], {}, { lateMs: 30 });
    expect(noticesOf((await turn(session, [])).state)).toEqual(['empty_answer']);
  });
});

describe('mode and model', () => {
  it.each([[[]], [['--config-options']]])('follow each prompt of a warm conversation %s', async (flags) => {
    await using session = await open(flags);
    const mode = async (more: Partial<Prompt>) => /mode=(\w+)/.exec(textOf((await turn(session, [{ state: true }], more)).state))?.[1];
    expect(await mode({ access: 'full' })).toBe('yolo');
    expect(await mode({ access: 'ask' })).toBe('default');
    expect(await mode({ access: 'ask', mode: 'plan' })).toBe('plan');
    expect(await mode({ access: 'full' })).toBe('yolo');
  });

  it('are chosen also as agents offered models before', async () => {
    await using session = await open(['--old-models']);
    const model = async (name: string) => textOf((await turn(session, [{ state: true }], { model: name })).state);
    expect([await model('large'), await model('large'), await model('small')]).toEqual([
      'mode=default model=large',
      'mode=default model=large',
      'mode=default model=small',
    ]);
  });

  it('that are not offered are said so', async () => {
    await using session = await open(['--config-options']);
    const { state } = await turn(session, [{ state: true }], { mode: 'nosuch', model: 'large' });
    expect(noticesOf(state)).toEqual(['mode_not_offered']);
    expect(textOf(state)).toBe('mode=default model=large');
  });
});

/** A shell writes its pid as its first act; a moment may lie between the file and its content. */
async function pidIn(file: string): Promise<number> {
  for (;;) {
    const content = await readFile(file, 'utf8').catch(() => ''); // not there yet
    if (content.endsWith('\n')) return Number(content);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
