import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { RetryLine } from '../ui/RetryLine.tsx';
import { AgentCatalogue } from './AgentCatalogue.tsx';
import { AgentRow } from './AgentRow.tsx';
import { Section } from './Section.tsx';

/** Who can work, as BooCode knows it now. */
export function AgentsSection() {
  const { api } = useLive();
  const { isContained, providers } = useUser();
  const [read, setRead] = useState<readonly ProviderSnapshot[] | null>(null);
  const action = useAction();
  const { run } = action;
  const load = useCallback(() => void run(async () => setRead((await api.listProviders()).items)), [api, run]);
  useEffect(load, [load]);
  // What the server said since is newer; before it has said anything, what was read here stands.
  const agents = providers ?? read;
  return (
    <Section
      id="agents"
      title="Agents"
      lead="Agents of your own can be named in config.json. Each uses your own account, or a model server above where it can."
    >
      <RetryLine message={action.message} onRetry={load} />
      {agents === null ? (
        action.message === null ? (
          <div className="skeleton h-14" role="status" aria-label="Reading the agents" />
        ) : null
      ) : (
        <ul aria-label="Agents" className="divide-y divide-line rounded-l border border-line-2">
          {agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} />
          ))}
        </ul>
      )}
      {isContained === false ? (
        <p className="text-12 text-fg-1">
          Not contained: an agent that runs commands here could also reach BooCode itself. On Linux, installing bubblewrap (the command is bwrap) keeps it out.
        </p>
      ) : null}
      <button
        type="button"
        className="btn btn-small btn-line"
        disabled={action.isBusy}
        onClick={() => void run(() => api.refreshProviders({ body: {} })).then((isDone) => isDone && load())}
      >
        <RefreshCw size={13} /> Look again
      </button>
      <AgentCatalogue />
    </Section>
  );
}
