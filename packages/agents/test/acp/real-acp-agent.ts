import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DemoModel, startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { acpBackend } from '../../src/acp/acp-backend.ts';
import type { AgentHost, PlanLaunch } from '../../src/agent-process.ts';
import type { AgentBackend } from '../../src/backend.ts';
import { BUILT_IN_PROVIDERS } from '../../src/providers/built-in-providers.ts';
import { planLaunch } from '../../src/providers/plan-launch.ts';
import type { ContractScript, ContractSubject } from '../contract/agent-contract.ts';

const CACHE = process.env['BOOCODE_AGENTS_DIR'] ?? join(homedir(), '.cache', 'boocode', 'agents');

/** A real agent as `npm run agents:install` leaves it, and how the demo model makes it use its tools. */
export interface RealAgent {
  readonly id: string;
  readonly version: string;
  writeCall(path: string, content: string): string;
  shellCall(command: string): string;
}

export const GOOSE: RealAgent = {
  id: 'goose',
  version: '1.50.0',
  writeCall: (path, content) => `write ${JSON.stringify({ path, content })}`,
  shellCall: (command) => `shell ${JSON.stringify({ command })}`,
};

export const OPENCODE: RealAgent = {
  id: 'opencode',
  version: '1.18.33',
  writeCall: (filePath, content) => `write ${JSON.stringify({ filePath, content })}`,
  shellCall: (command) => `bash ${JSON.stringify({ command, description: 'a command' })}`,
};

export const QWEN: RealAgent = {
  id: 'qwen',
  version: '0.24.4',
  writeCall: (path, content) => `write_file ${JSON.stringify({ file_path: path, content })}`,
  shellCall: (command) => `run_shell_command ${JSON.stringify({ command, is_background: false })}`,
};

export function programOf({ id, version }: RealAgent): string {
  return join(CACHE, `${id}-${version}`, 'node_modules', '.bin', id);
}

/** What cannot be shown with the demo model. */
export const REAL_LACKS = { 'long text': 'the prompt would have to hold it, and is longer than the context' } as const;

/** Null where it is installed. */
export function whyNotInstalled(agent: RealAgent): string | null {
  return existsSync(programOf(agent)) ? null : `${agent.id} ${agent.version} is not installed`;
}

export function scriptOf(agent: RealAgent): ContractScript {
  const demo = (...lines: string[]) => ['start', ...lines].map((line) => `demo: ${line}`).join('\n');
  return {
    say: (text) => demo(`say ${text}`),
    think: (text) => demo(`think ${text}`, 'say done'),
    write: (path, content) => demo(`call ${agent.writeCall(path, content)}`, 'say done'),
    shell: (command) => demo(`call ${agent.shellCall(command)}`, 'say done'),
    sayForever: () => demo('say begun', 'stream 1000000 tokens at 50 per second'),
    fail: (how) => demo('say partial', `fault ${how}`),
  };
}

export interface RealSubject extends ContractSubject, AsyncDisposable {
  readonly model: DemoModel;
  readonly backend: AgentBackend;
}

/** The agent over ACP with the demo model for its model, and a home of its own. */
export async function startRealAgent(agent: RealAgent, host: AgentHost = { registry: null, containment: null }): Promise<RealSubject> {
  const model = await startDemoModel();
  const home = await realpath(await mkdtemp(join(tmpdir(), `boocode-${agent.id}-`)));
  await Promise.all(['.config', '.local/share', '.local/state', '.cache', `.${agent.id}`].map((name) => mkdir(join(home, name), { recursive: true })));
  const plan = planReal(agent, home, model);
  return {
    model,
    backend: acpBackend({ name: agent.id, label: agent.id, host, plan, fallback: null }),
    script: scriptOf(agent),
    remembers: async (_session, words) => JSON.stringify(model.requests.at(-1)?.body).includes(words),
    kill: null,
    isSlow: true,
    [Symbol.asyncDispose]: async () => {
      await model.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function planReal(agent: RealAgent, home: string, model: DemoModel): PlanLaunch {
  const provider = BUILT_IN_PROVIDERS.find(({ id }) => id === agent.id);
  if (provider === undefined) throw new Error(`no provider ${agent.id}`);
  const server = { id: 'demo', baseUrl: model.url, apiKey: null, headers: {}, models: [{ name: 'demo', contextSize: 131_072 }] };
  const chosen = { server, model: { name: 'demo', contextSize: 131_072 } };
  const form = provider.fallback?.transport === 'acp' ? provider.fallback : provider;
  return async ({ access, mode, isTrusted }) =>
    planLaunch(
      provider,
      form,
      { access, mode, isTrusted, model: { type: 'server', chosen } },
      {
        program: { command: programOf(agent), args: [] },
        environment: { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: home, TERM: 'dumb' },
        personal: {},
        home,
        servers: [server],
        standard: chosen,
      },
    );
}
