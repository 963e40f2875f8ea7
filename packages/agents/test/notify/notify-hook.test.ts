import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentLaunch } from '../../src/agent-process.ts';
import { commandBackend } from '../../src/stream-json/command-backend.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { mapVendorEvent } from '../../src/notify/map-vendor-event.ts';
import { textOf, watchTurn } from '../watch-turn.ts';

let cwd: string;

beforeAll(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'boocode-notify-')));
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

/** Somebody who listens to hooks. */
async function listen() {
  const heard: { authorization: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      heard.push({ authorization: request.headers.authorization, body: JSON.parse(text) });
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { heard, url: `http://127.0.0.1:${port}/api/agents/notify`, [Symbol.asyncDispose]: async () => void server.close() };
}

const CLAUDE = join(process.env.BOOCODE_AGENTS_DIR ?? join(homedir(), '.cache', 'boocode', 'agents'), 'claude-2.1.330', 'node_modules', '.bin', 'claude');

async function run(script: string, notify: { url: string; token: string } | null) {
  const launch: AgentLaunch = { command: 'sh', args: ['-c', script], env: { PATH: process.env.PATH ?? '' }, model: null, mode: null, stateFolders: [] };
  const backend = commandBackend({ name: 's', label: 'S', host: { registry: null, containment: null }, plan: async () => launch, isTerminal: false });
  await using session = await backend.open(openOptions(cwd, { notify }));
  return (await watchTurn(session.prompt(newPrompt('x'), new AbortController().signal))).state;
}

describe('the hook program', () => {
  it('passes on what it reads, with the token of its session', async () => {
    await using listener = await listen();
    const event = { hook_event_name: 'Stop', message: 'é "quoted"' };
    const state = await run(`echo '${JSON.stringify(event)}' | eval "$BOO_NOTIFY_HOOK claude"`, { url: listener.url, token: 'secret' });
    expect(state).toMatchObject({ status: 'completed' });
    expect(listener.heard).toEqual([{ authorization: 'Bearer secret', body: { vendor: 'claude', event } }]);
  });

  it('passes on an argument', async () => {
    await using listener = await listen();
    await run(`eval "$BOO_NOTIFY_HOOK codex" "'"'{"type":"agent-turn-complete"}'"'"`, { url: listener.url, token: 't' });
    expect(listener.heard.map(({ body }) => body)).toEqual([{ vendor: 'codex', event: { type: 'agent-turn-complete' } }]);
  });

  it('never disturbs the agent: nobody listens, or what it reads is no JSON', async () => {
    const state = await run(`echo oops | eval "$BOO_NOTIFY_HOOK claude" && echo '{}' | eval "$BOO_NOTIFY_HOOK claude" && echo fine`, {
      url: 'http://127.0.0.1:1/x',
      token: 't',
    });
    expect(state).toMatchObject({ status: 'completed', parts: [{ type: 'text', text: 'fine\n' }] });
  });
});

describe('real claude-2.1.330 without its protocol', () => {
  it.skipIf(!existsSync(CLAUDE))('tells by its hooks when it works and when it has ended', async () => {
    await using listener = await listen();
    await using model = await startDemoModel();
    const launch: AgentLaunch = {
      command: CLAUDE,
      args: ['-p', '--permission-mode', 'acceptEdits', '--'],
      env: {
        HOME: cwd,
        PATH: process.env.PATH ?? '',
        ANTHROPIC_BASE_URL: model.url.replace(/\/v1$/, ''),
        ANTHROPIC_API_KEY: 'sk-ant-dummy',
        ANTHROPIC_MODEL: 'claude-sonnet-4-5',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        IS_SANDBOX: '1',
      },
      model: null,
      mode: null,
      stateFolders: [],
    };
    const backend = commandBackend({
      name: 'claude',
      label: 'Claude',
      host: { registry: null, containment: null },
      plan: async () => launch,
      isTerminal: true,
    });
    await using session = await backend.open(openOptions(cwd, { notify: { url: listener.url, token: 't' } }));
    const prompt = newPrompt('demo: call Bash {"command":"echo hi","description":"x"}\ndemo: say all done');
    const { state } = await watchTurn(session.prompt(prompt, new AbortController().signal));
    expect(textOf(state)).toContain('all done');
    const statuses = listener.heard.map(({ body }) => mapVendorEvent((body as { event: Record<string, unknown> }).event));
    expect(statuses).toEqual(['start', 'start', 'start', 'stop']);
  });
});
