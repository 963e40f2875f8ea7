import type { AgentHost, PlanLaunch } from '@boocode/agents/agent-process.ts';
import type { AgentBackend } from '@boocode/agents/backend.ts';
import type { AgentForm, AgentProvider } from '@boocode/agents/providers/agent-provider.ts';
import { BooError } from '@boocode/contracts/error-code.ts';

interface MadeBackend {
  readonly backend: AgentBackend;
  /** Ends what it keeps running for all conversations. */
  readonly end: () => Promise<void>;
}

/** The way to reach an agent, by its transport. `plan` works out how each form of it is started. */
export function makeBackend(provider: AgentProvider, _host: AgentHost, _plan: (form: AgentForm) => PlanLaunch): MadeBackend {
  throw new BooError('agent_unavailable', `Cannot start ${provider.label}: the transport "${provider.transport}" is not there; choose another agent`);
}
