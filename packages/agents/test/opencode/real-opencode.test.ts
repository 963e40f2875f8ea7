import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { AgentSession, OpenOptions, Prompt } from '../../src/backend.ts';
import { OPENCODE, whyNotInstalled } from '../acp/real-acp-agent.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { textOf, toolsOf, watchTurn, type WatchedTurn } from '../watch-turn.ts';
import { type RealOpencode, startRealOpencode } from './real-opencode.ts';

const absent = whyNotInstalled(OPENCODE);
const TEST_MS = 120_000;

describe.skipIf(absent !== null)(`opencodeBackend() and the real program${absent === null ? '' : ` (${absent})`}`, { timeout: TEST_MS }, () => {
  let real: RealOpencode;

  beforeAll(async () => {
    real = await startRealOpencode();
  }, TEST_MS);

  afterAll(() => real[Symbol.asyncDispose](), TEST_MS);

  const newWorktree = async (files: Readonly<Record<string, string>> = {}) => {
    const cwd = join(await mkdtemp(join(real.root, 'tree-')), 'worktree');
    await mkdir(cwd);
    execFileSync('git', ['init', '-q'], { cwd });
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      await writeFile(join(cwd, name), content);
    }
    return cwd;
  };

  const open = (cwd: string, more: Partial<OpenOptions> = {}): Promise<AgentSession> => real.backend.open(openOptions(cwd, more));

  const ask = (session: AgentSession, lines: readonly string[], more: Partial<Prompt> = {}): Promise<WatchedTurn> =>
    watchTurn(session.prompt(newPrompt(['start', ...lines].map((line) => `demo: ${line}`).join('\n'), more), new AbortController().signal));

  const bash = (command: string) => `call bash ${JSON.stringify({ command, description: 'a command' })}`;

  it('tells the model nothing that a project without trust says, and does not start where it brings settings', async () => {
    const quiet = await newWorktree({ 'AGENTS.md': 'INSTRUCTIONS OF THE PROJECT', '.claude/skills/s/SKILL.md': '---\nname: s\ndescription: A SKILL\n---\n' });
    const untrusted = await open(quiet, { isTrusted: false });
    expect((await ask(untrusted, ['say hello'])).state.status).toBe('completed');
    expect(JSON.stringify(real.model.requests.at(-1)?.body)).not.toMatch(/INSTRUCTIONS OF THE PROJECT|A SKILL/);
    await untrusted[Symbol.asyncDispose]();
    const marker = join(real.root, 'markers');
    await mkdir(marker);
    const touch = (name: string) => `require("node:fs").writeFileSync(${JSON.stringify(join(marker, name))}, "x")`;
    const cwd = await newWorktree({
      '.opencode/plugin/p.js': `export const P = async () => { ${touch('plugin')}; return {} }`,
      '.opencode/tool/t.js': `${touch('tool')}; export default { description: "x", args: {}, execute: async () => "x" }`,
      'opencode.json': JSON.stringify({ permission: { bash: 'allow' }, mcp: { m: { type: 'local', command: ['touch', join(marker, 'mcp')] } } }),
    });
    await expect(open(cwd, { isTrusted: false })).rejects.toMatchObject({ code: 'agent_unavailable' });
    expect(await readdir(marker)).toEqual([]);
    const trusted = await open(cwd);
    const asked: PermissionRequest[] = [];
    const { state } = await ask(trusted, [bash('echo x'), 'say done'], {
      access: 'ask',
      ask: async (request) => {
        asked.push(request);
        return { allowed: true, optionId: null, note: null };
      },
    });
    expect(state.status).toBe('completed');
    await expect.poll(async () => (await readdir(marker)).toSorted()).toEqual(['mcp', 'plugin', 'tool']);
    expect(asked).toMatchObject([{ kind: 'execute', subject: 'echo x' }]); // whatever its settings allow
    await trusted[Symbol.asyncDispose]();
  });

  it('has no tool that writes in a read-only turn, whatever the project allows', async () => {
    const cwd = await newWorktree({ 'opencode.json': JSON.stringify({ permission: { '*': 'allow', bash: 'allow', edit: 'allow' } }) });
    const session = await open(cwd, { access: 'read-only' });
    const write = `call write ${JSON.stringify({ filePath: join(cwd, 'no.txt'), content: 'x' })}`;
    const task = `call task ${JSON.stringify({ description: 'd', prompt: `demo: ${bash('touch no2.txt')}`, subagent_type: 'general' })}`;
    const { state } = await ask(session, [bash('touch no1.txt'), write, task, 'say done'], { access: 'read-only' });
    expect(state.status).toBe('completed');
    expect((await readdir(cwd)).toSorted()).toEqual(['.git', 'opencode.json']);
    await session[Symbol.asyncDispose]();
  });

  it('asks for what a sub-agent does, and for an answer to a question', async () => {
    const cwd = await newWorktree();
    const session = await open(cwd);
    const asked: PermissionRequest[] = [];
    const reply: Prompt['ask'] = async (request) => {
      asked.push(request);
      return { allowed: true, optionId: request.options[0]?.id ?? null, note: null };
    };
    const task = `call task ${JSON.stringify({ description: 'look', prompt: `demo: start\ndemo: ${bash('echo below > sub.txt')}\ndemo: say from below`, subagent_type: 'general' })}`;
    const question = `call question ${JSON.stringify({ questions: [{ question: 'Which?', header: 'Color', options: [{ label: 'Red', description: 'warm' }] }] })}`;
    const { state, events } = await ask(session, [task, question, 'say done'], { access: 'ask', ask: reply });
    expect(state).toMatchObject({ status: 'completed', failure: null });
    const [first, second] = toolsOf(state);
    expect(asked).toMatchObject([
      { kind: 'execute', subject: 'echo below > sub.txt', callId: first?.callId },
      { kind: 'question', title: 'Color' },
    ]);
    expect(existsSync(join(cwd, 'sub.txt'))).toBe(true);
    expect(first).toMatchObject({ kind: 'task', status: 'completed' });
    expect(first?.output?.text).toContain('from below');
    expect(events).toContainEqual({ type: 'tool_output', callId: first?.callId, delta: 'echo below > sub.txt\n' });
    expect(second?.output?.text).toContain('Red');
    await session[Symbol.asyncDispose]();
  });

  it('goes on with a conversation when its server was killed', async () => {
    const cwd = await newWorktree();
    const session = await open(cwd);
    await ask(session, ['say the word is heliotrope']);
    process.kill(session.pid ?? 0, 'SIGKILL');
    await session.closed;
    const again = await open(cwd, { resumeToken: session.resumeToken });
    expect(again.isResumed).toBe(true);
    expect(textOf((await ask(again, ['say back'])).state)).toBe('back');
    expect(JSON.stringify(real.model.requests.at(-1)?.body)).toContain('heliotrope');
  });
});
