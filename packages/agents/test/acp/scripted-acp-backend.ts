import { fileURLToPath } from 'node:url';
import { type AgentHost, type AgentLaunch, type PlanLaunch } from '../../src/agent-process.ts';
import { acpBackend, type AcpBackendOptions } from '../../src/acp/acp-backend.ts';
import type { AgentBackend } from '../../src/backend.ts';

const PROGRAM = fileURLToPath(new URL('./scripted-acp-agent.ts', import.meta.url));
const HOST: AgentHost = { registry: null, containment: null };

/** How the scripted agent is started; `home` keeps its conversations. Its mode follows the access, as a provider would choose it. */
export function planScripted(home: string, flags: readonly string[] = []): PlanLaunch {
  return async ({ access, model }): Promise<AgentLaunch> => ({
    command: process.execPath,
    args: ['--no-warnings', PROGRAM, ...flags],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', AGENT_HOME: home },
    model,
    mode: access === 'full' ? 'yolo' : 'default',
    stateFolders: [home],
  });
}

export function scriptedAcpBackend(home: string, flags: readonly string[] = [], more: Partial<AcpBackendOptions> = {}): AgentBackend {
  return acpBackend({ name: 'scripted', label: 'Scripted', host: HOST, plan: planScripted(home, flags), fallback: null, ...more });
}

/** One step of a prompt. */
export function step(what: object): string {
  return `do ${JSON.stringify(what)}`;
}
