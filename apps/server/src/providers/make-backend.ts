import { acpBackend } from '@boocode/agents/acp/acp-backend.ts';
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
export function makeBackend(provider: AgentProvider, host: AgentHost, plan: (form: AgentForm) => PlanLaunch): MadeBackend {
  return makeForm(provider, provider, host, plan);
}

function makeForm(provider: AgentProvider, form: AgentForm, host: AgentHost, plan: (form: AgentForm) => PlanLaunch): MadeBackend {
  const { id: name, label } = provider;
  switch (form.transport) {
    case 'acp':
      return { backend: acpBackend({ name, label, host, plan: plan(form), fallback: null }), end: async () => {} };
    case 'opencode':
    case 'stream-json':
    case 'pty':
    case 'claude-sdk':
      throw new BooError('agent_unavailable', `Cannot start ${label}: the transport "${form.transport}" is not there; choose another agent`);
  }
}
