import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { describe, expect, it, vi } from 'vitest';
import type { AgentLaunch } from '../../src/agent-process.ts';
import { claudeSdkBackend } from '../../src/claude/claude-sdk-backend.ts';
import { loadClaudeSdk } from '../../src/claude/claude-sdk.ts';
import type { ClaudeSessionEntry, ClaudeSessionKey, ClaudeSessionStore } from '../../src/claude/claude-session-store.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { textOf, toolsOf, watchTurn } from '../watch-turn.ts';

const MODULES = join(process.env.BOOCODE_AGENTS_DIR ?? join(homedir(), '.cache', 'boocode', 'agents'), 'claude-sdk-0.3.330', 'node_modules');

/** As a database keeps them: once by uuid, in their order. */
function memoryStore() {
  const kept = new Map<string, ClaudeSessionEntry[]>();
  const nameOf = ({ projectKey, sessionId, subpath }: ClaudeSessionKey): string => [projectKey, sessionId, subpath ?? ''].join('\0');
  const store: ClaudeSessionStore = {
    async append(key, entries) {
      const before = kept.get(nameOf(key)) ?? [];
      const fresh = entries.filter(({ uuid }) => uuid === undefined || !before.some((entry) => entry.uuid === uuid));
      kept.set(nameOf(key), [...before, ...fresh]);
    },
    load: async (key) => kept.get(nameOf(key)) ?? null,
  };
  return { kept, store };
}

describe('real claude-sdk-0.3.330', () => {
  it.skipIf(!existsSync(MODULES))('works, asks, is stopped, and is resumed from our store alone', { timeout: 120_000 }, async () => {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-real-sdk-')));
    const cwd = join(root, 'tree');
    await mkdir(cwd);
    const { kept, store } = memoryStore();
    await using model = await startDemoModel();
    /** The SDK mirrors only where Claude's folder is the same for us and for it. */
    const launchIn = (configDir: string): AgentLaunch => {
      vi.stubEnv('CLAUDE_CONFIG_DIR', configDir);
      return {
        command: 'claude',
        args: [],
        env: {
          HOME: root,
          PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
          CLAUDE_CONFIG_DIR: configDir,
          ANTHROPIC_BASE_URL: model.url.replace(/\/v1$/, ''),
          ANTHROPIC_API_KEY: 'sk-ant-dummy',
          ANTHROPIC_MODEL: 'claude-sonnet-4-5',
          ANTHROPIC_SMALL_FAST_MODEL: 'claude-haiku-4-5',
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          CLAUDE_CODE_MAX_RETRIES: '0',
          DISABLE_AUTOUPDATER: '1',
          IS_SANDBOX: '1',
        },
        model: null,
        mode: 'default',
        stateFolders: [],
      };
    };
    const open = async (configDir: string, resumeToken: string | null) => {
      const launch = launchIn(configDir);
      const host = { registry: null, containment: null };
      const backend = claudeSdkBackend({ name: 'claude', label: 'Claude', host, plan: async () => launch, store, loadSdk: () => loadClaudeSdk([MODULES]) });
      return backend.open(openOptions(cwd, { resumeToken }));
    };
    const never = new AbortController().signal;
    try {
      const first = await open(join(root, 'one'), null);
      const asked: string[] = [];
      const shell = (command: string) => `demo: start\ndemo: call Bash ${JSON.stringify({ command, description: 'x' })}\ndemo: say done`;
      const prompt = newPrompt(shell(`touch ${cwd}/made.txt`), {
        access: 'ask',
        ask: async ({ subject }) => {
          asked.push(subject);
          return { allowed: true, optionId: 'allow', note: null };
        },
      });
      const worked = await watchTurn(first.prompt(prompt, never));
      expect(worked.state).toMatchObject({ status: 'completed', failure: null });
      expect(textOf(worked.state)).toBe('done');
      expect(asked).toEqual([`touch ${cwd}/made.txt`]);
      expect(toolsOf(worked.state)).toMatchObject([{ kind: 'execute', status: 'completed' }]);

      const stop = new AbortController();
      const held = await watchTurn(first.prompt(newPrompt('demo: start\ndemo: say begun heliotrope\ndemo: hold'), stop.signal), (event) => {
        if (event.type === 'text') stop.abort();
      });
      expect(held.state).toMatchObject({ status: 'cancelled', failure: null });

      const refused = await watchTurn(first.prompt(newPrompt('demo: start\ndemo: fault 400'), never));
      expect(refused.state).toMatchObject({ status: 'failed', failure: { code: 'model_bad_request' } });
      const token = first.resumeToken;
      await first[Symbol.asyncDispose]();
      expect(kept.size).toBeGreaterThan(0);

      const again = await open(join(root, 'two'), token); // another machine: it has our store and nothing else
      const resumed = await watchTurn(again.prompt(newPrompt('demo: start\ndemo: say back again'), never));
      await again[Symbol.asyncDispose]();
      expect(textOf(resumed.state)).toBe('back again');
      expect(again.isResumed).toBe(true);
      const bodies = model.requests.map(({ body }) => JSON.stringify(body));
      expect(bodies.find((body) => body.includes('back again'))).toContain('heliotrope');
    } finally {
      vi.unstubAllEnvs();
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});
