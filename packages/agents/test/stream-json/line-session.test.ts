import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import { commandLine } from '@boocode/processes/process-table.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentLaunch } from '../../src/agent-process.ts';
import type { OpenOptions, Prompt } from '../../src/backend.ts';
import { streamJsonBackend } from '../../src/stream-json/stream-json-backend.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { noticesOf, textOf, toolsOf, watchTurn } from '../watch-turn.ts';
import { SCRIPTED, step } from './scripted-script.ts';

const PROGRAM = fileURLToPath(new URL('./scripted-stream-agent.ts', import.meta.url));

let home: string;
let cwd: string;

beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'boocode-line-')));
  cwd = join(home, 'tree');
  await mkdir(cwd);
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Its mode and model are those that the prompt names, as a provider would plan it. */
function backend(args: readonly string[] = [PROGRAM]) {
  const env = { PATH: process.env.PATH ?? '', SCRIPTED_HOME: home };
  const plan = async ({ mode, model }: OpenOptions): Promise<AgentLaunch> => ({
    command: process.execPath,
    args,
    env,
    model,
    mode: mode ?? 'default',
    stateFolders: [],
  });
  return streamJsonBackend({ name: 'scripted', label: 'Scripted', dialect: 'claude', host: { registry: null, containment: null }, plan });
}

const never = new AbortController().signal;
const open = (more: Partial<OpenOptions> = {}) => backend().open(openOptions(cwd, more));
const run = async (session: Awaited<ReturnType<typeof open>>, text: string, more: Partial<Prompt> = {}) =>
  (await watchTurn(session.prompt(newPrompt(text, more), never))).state;

it('a conversation that the agent does not know any more is begun anew, and told everything', async () => {
  await using session = await open({ resumeToken: '11111111-2222-4333-8444-555555555555' });
  expect(session.isResumed).toBe(false);
  const state = await run(session, SCRIPTED.say('hello'), { brief: { whole: step({ say: 'told of before' }), since: null } });
  expect(textOf(state)).toBe('told of beforehello');
});

it('says what it offers, and what it has been set to', async () => {
  const info: Partial<AgentInfo> = {};
  await using session = await open({ onInfo: (said) => Object.assign(info, said) });
  expect(info).toMatchObject({ commands: [{ name: 'review', hint: '[what]' }], models: [{ id: 'scripted', label: 'Scripted' }], mode: 'default' });
  await run(session, SCRIPTED.say('x'), { mode: 'acceptEdits', model: 'other' });
  expect(info).toMatchObject({ mode: 'acceptEdits', model: 'other' });
});

it('an MCP server that does not work is told of once', async () => {
  const server = { name: 'search', type: 'stdio', command: 'x', args: [], env: { KEY: 'secret' } } as const;
  await using session = await open({ mcpServers: [server] });
  expect((await run(session, SCRIPTED.say('x'))).parts).toMatchObject([
    { type: 'notice', code: 'mcp_server_failed', text: expect.stringContaining('search') },
    {},
  ]);
  expect(noticesOf(await run(session, SCRIPTED.say('x')))).toEqual([]);
  expect(commandLine(session.pid ?? 0)).not.toContain('secret');
});

it('a program that does not speak says in its failure what it wrote', async () => {
  const broken = backend(['-e', 'console.error("bad flag"); process.exit(2)', '--']);
  await expect(broken.open(openOptions(cwd))).rejects.toMatchObject({ code: 'agent_unavailable', message: expect.stringContaining('bad flag') });
});

it("the agent's question goes to the person, and the answer back", async () => {
  const asked: PermissionRequest[] = [];
  await using session = await open();
  const state = await run(session, step({ askPerson: 'Which color?' }), {
    ask: async (request) => {
      asked.push(request);
      return { allowed: true, optionId: 'answer-1', note: null };
    },
  });
  expect(asked).toMatchObject([{ kind: 'question', title: 'Color', options: [{ label: 'Red' }, { label: 'Blue' }, { kind: 'reject_once' }] }]);
  expect(toolsOf(state)).toMatchObject([{ status: 'completed', output: { text: '{"Which color?":"Blue"}' } }]);
});

it('a note with a refusal reaches the agent', async () => {
  await using session = await open();
  const state = await run(session, SCRIPTED.shell('true'), { access: 'ask', ask: async () => ({ allowed: false, optionId: 'reject', note: 'use make' }) });
  expect(toolsOf(state)).toMatchObject([{ status: 'failed', output: { text: expect.stringContaining('use make') } }]);
});

it('what is asked for stands in the transcript before the person is asked', async () => {
  const order: string[] = [];
  await using session = await open();
  const prompt = newPrompt(SCRIPTED.shell('true'), {
    access: 'ask',
    commit: async () => void order.push('committed'),
    ask: async () => {
      order.push('asked');
      return { allowed: true, optionId: 'allow', note: null };
    },
  });
  await watchTurn(session.prompt(prompt, never), (event) => {
    if (event.type === 'tool' && event.status === 'running') order.push('running');
  });
  expect(order).toEqual(['running', 'committed', 'asked']);
});

it('a turn that the agent begins by itself does nothing and ends no turn of ours', async () => {
  const file = join(cwd, 'alone.txt');
  await using session = await open();
  const first = await run(session, [step({ say: 'one' }), step({ thenAlone: `touch ${file}` })].join('\n'));
  expect(textOf(first)).toBe('one');
  const second = await run(session, SCRIPTED.say('two'));
  expect(textOf(second)).toBe('two');
  expect(second).toMatchObject({ status: 'completed' });
  expect(existsSync(file)).toBe(false);
  expect(session.isBusy).toBe(false);
});
