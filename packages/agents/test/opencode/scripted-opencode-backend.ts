import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentLaunch } from '../../src/agent-process.ts';
import type { AgentBackend } from '../../src/backend.ts';
import { opencodeBackend, type OpencodeBackendOptions } from '../../src/opencode/opencode-backend.ts';

const PROGRAM = fileURLToPath(new URL('./scripted-opencode.ts', import.meta.url));

const PROVIDERS = { local: { npm: '@ai-sdk/openai-compatible', options: { baseURL: 'http://127.0.0.1:1/v1', apiKey: 'x' } } };

export interface ScriptedOpencode extends AsyncDisposable {
  readonly backend: AgentBackend & AsyncDisposable;
  /** Where its sessions and its worktrees are. */
  readonly root: string;
  /** A backend of another start of BooCode, with the same sessions. */
  again(more?: Partial<OpencodeBackendOptions>): AgentBackend & AsyncDisposable;
}

/** The backend with a program that follows the script in its prompts. */
export async function startScriptedOpencode(more: Partial<OpencodeBackendOptions> = {}, env: Readonly<Record<string, string>> = {}): Promise<ScriptedOpencode> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-opencode-')));
  const launch: AgentLaunch = {
    command: process.execPath,
    args: [PROGRAM, 'serve'],
    env: { PATH: process.env['PATH'] ?? '', SCRIPTED_STATE: root, OPENCODE_CONFIG_CONTENT: JSON.stringify({ provider: PROVIDERS }), ...env },
    model: 'local/demo',
    mode: 'build',
    stateFolders: [root],
  };
  const made: AsyncDisposable[] = [];
  const make = (other: Partial<OpencodeBackendOptions> = {}): AgentBackend & AsyncDisposable => {
    const backend = opencodeBackend({
      name: 'opencode',
      label: 'opencode',
      host: { registry: null, containment: null },
      plan: async ({ model, mode }) => ({ ...launch, model: model ?? launch.model, mode: mode ?? launch.mode }),
      worktreesDir: root,
      settleMs: 50,
      retries: 2,
      ...more,
      ...other,
    });
    made.push(backend);
    return backend;
  };
  return {
    backend: make(),
    root,
    again: make,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(made.map((backend) => backend[Symbol.asyncDispose]()));
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A prompt whose lines are steps of the program. */
export function script(...steps: readonly string[]): string {
  return steps.map((step) => `script: ${step}`).join('\n');
}

export function say(text: string): string {
  return `say ${JSON.stringify(text)}`;
}
