import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentLaunch } from '../../src/agent-process.ts';
import { claudeSdkBackend } from '../../src/claude/claude-sdk-backend.ts';
import { loadClaudeSdk } from '../../src/claude/claude-sdk.ts';
import type { ClaudeSessionEntry, ClaudeSessionStore } from '../../src/claude/claude-session-store.ts';
import { describeAgentContract } from '../contract/agent-contract.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { SCRIPTED } from '../stream-json/scripted-script.ts';
import { textOf, watchTurn } from '../watch-turn.ts';
import { query } from './fake-sdk.ts';

const MODULES = fileURLToPath(new URL('./fake-modules', import.meta.url));

function launchIn(home: string, more: Partial<AgentLaunch> = {}): AgentLaunch {
  return { command: 'claude', args: [], env: { PATH: process.env.PATH ?? '', SCRIPTED_HOME: home }, model: null, mode: 'default', stateFolders: [], ...more };
}

function backendOn(launch: AgentLaunch, store: ClaudeSessionStore | null = null) {
  const host = { registry: null, containment: null };
  return claudeSdkBackend({ name: 'claude', label: 'Claude', host, plan: async () => launch, store, loadSdk: () => loadClaudeSdk(['/nowhere', MODULES]) });
}

describeAgentContract('claude-sdk, scripted', {}, async () => {
  const home = await mkdtemp(join(tmpdir(), 'boocode-sdk-'));
  return {
    backend: backendOn(launchIn(home)),
    script: SCRIPTED,
    remembers: async (session, words) => (await readFile(join(home, `${session.resumeToken}.json`), 'utf8')).includes(words),
    kill: null,
    isSlow: false,
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
});

describe('claudeSdkBackend()', () => {
  let home: string;
  let cwd: string;

  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'boocode-sdk-')));
    cwd = join(home, 'tree');
    await mkdir(cwd);
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  /** What the SDK was asked for, last. */
  const lastAsked = async (): Promise<Record<string, unknown>> => {
    const { asked } = (await loadClaudeSdk([MODULES])) as unknown as { asked: Record<string, unknown>[] };
    return asked.at(-1) ?? {};
  };

  it('finds the SDK in the first folder of modules that holds it', async () => {
    expect(String((await loadClaudeSdk(['/nowhere', MODULES])).query)).toBe(String(query));
  });

  it('says how to install the SDK where it is not there', async () => {
    const backend = claudeSdkBackend({
      name: 'claude',
      label: 'Claude',
      host: { registry: null, containment: null },
      plan: async () => launchIn(home),
      store: null,
      loadSdk: () => loadClaudeSdk([cwd]),
    });
    await expect(backend.open(openOptions(cwd))).rejects.toMatchObject({ code: 'agent_unavailable', message: expect.stringContaining('npm install') });
  });

  it('gives an untrusted project no settings, and a trusted one its own', async () => {
    await (await backendOn(launchIn(home)).open(openOptions(cwd, { isTrusted: false })))[Symbol.asyncDispose]();
    expect(await lastAsked()).toMatchObject({ settingSources: ['user'], strictMcpConfig: true });
    await (await backendOn(launchIn(home)).open(openOptions(cwd)))[Symbol.asyncDispose]();
    expect(await lastAsked()).not.toHaveProperty('settingSources');
  });

  it('asks for the long context of a model that is named so, in a conversation of its own', async () => {
    const long = backendOn(launchIn(home, { model: 'claude-sonnet-4-5[1m]' }));
    await (await long.open(openOptions(cwd)))[Symbol.asyncDispose]();
    expect(await lastAsked()).toMatchObject({ model: 'claude-sonnet-4-5', betas: ['context-1m-2025-08-07'] });
    const usual = backendOn(launchIn(home, { model: 'claude-sonnet-4-5' }));
    expect(await long.fingerprint(openOptions(cwd))).not.toBe(await usual.fingerprint(openOptions(cwd)));
  });

  it('mirrors what is said into our store', async () => {
    const entries: ClaudeSessionEntry[] = [];
    const store: ClaudeSessionStore = { append: async (_key, more) => void entries.push(...more), load: async () => null };
    await using session = await backendOn(launchIn(home), store).open(openOptions(cwd));
    const { state } = await watchTurn(session.prompt(newPrompt(SCRIPTED.say('kept')), new AbortController().signal));
    expect(textOf(state)).toBe('kept');
    expect(JSON.stringify(entries)).toContain('kept');
  });

  it('gives the cost of each turn, not that of the conversation', async () => {
    await using session = await backendOn(launchIn(home)).open(openOptions(cwd));
    const costs: (number | null | undefined)[] = [];
    for (const text of ['one', 'two']) {
      costs.push((await watchTurn(session.prompt(newPrompt(SCRIPTED.say(text)), new AbortController().signal))).state.usage?.cost);
    }
    expect(costs).toEqual([0.25, 0.25]);
  });
});
