import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { RetryLine } from '../ui/RetryLine.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { Section } from './Section.tsx';

const WORDS = { loading: 'looking', ready: 'ready', unavailable: 'not found', error: 'does not answer' } as const;
const DOTS = { loading: 'queued', ready: 'done', unavailable: 'idle', error: 'error' } as const;

/** Who can work, as BooCode knows it now. */
export function AgentsSection() {
  const { api } = useLive();
  const { isContained } = useUser();
  const [agents, setAgents] = useState<readonly ProviderSnapshot[] | null>(null);
  const action = useAction();
  const { run } = action;
  const load = useCallback(() => void run(async () => setAgents((await api.listProviders()).items)), [api, run]);
  useEffect(load, [load]);
  return (
    <Section id="agents" title="Agents">
      <RetryLine message={action.message} onRetry={load} />
      {agents === null ? (
        action.message === null ? (
          <div className="skeleton h-14" role="status" aria-label="Reading the agents" />
        ) : null
      ) : (
        <ul aria-label="Agents" className="divide-y divide-line rounded-l border border-line-2">
          {agents.map((agent) => (
            <li key={agent.id} className="flex items-start gap-3 px-3.5 py-2.5">
              <span className="grid h-5 w-3 place-items-center">
                <StatusDot status={DOTS[agent.status]} />
              </span>
              <span className="min-w-0 flex-1">
                <span className="font-medium">{agent.label}</span>
                <span className="text-12 text-fg-2">
                  {' '}
                  {[
                    agent.version,
                    WORDS[agent.status],
                    agent.models.length === 0 ? null : `${agent.models.length} ${agent.models.length === 1 ? 'model' : 'models'}`,
                  ]
                    .filter((fact) => fact !== null)
                    .join(' · ')}
                </span>
                {agent.message === null ? null : <span className="block text-12 text-fg-1 [overflow-wrap:anywhere]">{agent.message}</span>}
              </span>
            </li>
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
    </Section>
  );
}
