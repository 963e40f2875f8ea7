import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DemoModel, startDemoModel } from '@boocode/demo-model/demo-model.ts';
import type { AgentBackend } from '../../src/backend.ts';
import { opencodeBackend } from '../../src/opencode/opencode-backend.ts';
import { BUILT_IN_PROVIDERS } from '../../src/providers/built-in-providers.ts';
import { planLaunch } from '../../src/providers/plan-launch.ts';
import { OPENCODE, programOf } from '../acp/real-acp-agent.ts';

export interface RealOpencode extends AsyncDisposable {
  readonly backend: AgentBackend;
  readonly model: DemoModel;
  /** A folder for worktrees. */
  readonly root: string;
}

/** The real program, with the demo model for its model and a home of its own. */
export async function startRealOpencode(): Promise<RealOpencode> {
  const model = await startDemoModel();
  const root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-opencode-')));
  const home = join(root, 'home');
  const worktreesDir = join(root, 'worktrees');
  await Promise.all([home, worktreesDir].map((folder) => mkdir(folder)));
  const known = BUILT_IN_PROVIDERS.find(({ id }) => id === 'opencode');
  if (known === undefined) throw new Error('opencode is not among the providers');
  const provider = { ...known, untrusted: { args: [], env: {} } }; // the backend itself sees to that
  const server = { id: 'demo', baseUrl: model.url, apiKey: null, headers: {}, models: [{ name: 'demo', contextSize: 131_072 }] };
  const chosen = { server, model: { name: 'demo', contextSize: 131_072 } };
  const place = {
    program: { command: programOf(OPENCODE), args: [] },
    environment: { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: home, TERM: 'dumb' },
    personal: {},
    home,
    servers: [server],
    standard: chosen,
  };
  const backend = opencodeBackend({
    name: 'opencode',
    label: 'opencode',
    host: { registry: null, containment: null },
    plan: async ({ access, mode, isTrusted }) => planLaunch(provider, provider, { access, mode, isTrusted, model: { type: 'server', chosen } }, place),
    worktreesDir,
    retries: 0,
  });
  return {
    backend,
    model,
    root: worktreesDir,
    [Symbol.asyncDispose]: async () => {
      await backend[Symbol.asyncDispose]();
      await model.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
