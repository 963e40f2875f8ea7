import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RemoveButton } from '../ui/RemoveButton.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { Command } from './Command.tsx';

const WORDS = { loading: 'looking', ready: 'ready', unavailable: 'not installed', error: 'does not work' } as const;
const DOTS = { loading: 'queued', ready: 'done', unavailable: 'idle', error: 'error' } as const;

/** One agent: whether it can work, what to do where it cannot, and a report to be copied. */
export function AgentRow({ agent }: { agent: ProviderSnapshot }) {
  const facts = [
    agent.version,
    WORDS[agent.status],
    agent.models.length === 0 ? null : `${agent.models.length} ${agent.models.length === 1 ? 'model' : 'models'}`,
  ].filter((fact) => fact !== null);
  return (
    <li className="flex items-start gap-3 px-3.5 py-2.5">
      <span className="grid h-5 w-3 place-items-center">
        <StatusDot status={DOTS[agent.status]} />
      </span>
      <div className="min-w-0 flex-1 space-y-1.5">
        <p>
          <span className="font-medium">{agent.label}</span>
          <span className="text-12 text-fg-2"> {facts.join(' · ')}</span>
        </p>
        {agent.message === null ? null : <p className="text-12 text-fg-1 [overflow-wrap:anywhere]">{agent.message}</p>}
        {agent.status === 'unavailable' && agent.installHint !== null ? <Command label={`Install ${agent.label}`} text={agent.installHint} /> : null}
        {agent.status === 'ready' && agent.signInHint !== null ? (
          <p className="text-12 text-fg-2">
            To sign in to your own account: <code className="font-mono">{agent.signInHint}</code>
          </p>
        ) : null}
        {agent.report === '' ? null : (
          <details className="text-12 text-fg-1">
            <summary className="cursor-pointer rounded-s pointer-coarse:py-3.5">
              Report<span className="sr-only"> of {agent.label}</span>
            </summary>
            <div className="mt-1.5 flex items-start gap-2 rounded-m border border-line-2 bg-bg-1 p-2">
              <pre
                aria-label={`The report of ${agent.label}`}
                className="min-w-0 flex-1 overflow-x-auto font-mono whitespace-pre-wrap [overflow-wrap:anywhere]"
              >
                {agent.report}
              </pre>
              <CopyButton text={agent.report} label={`Copy report of ${agent.label}`} />
            </div>
          </details>
        )}
      </div>
      {agent.isBuiltIn ? null : <RemoveAgent agent={agent} />}
    </li>
  );
}

function RemoveAgent({ agent }: { agent: ProviderSnapshot }) {
  const { api } = useLive();
  const action = useAction();
  const remove = () => void action.run(() => api.deleteProvider({ params: { id: agent.id } }));
  return (
    <span className="flex flex-col items-end gap-1">
      <RemoveButton what={agent.label} isBusy={action.isBusy} onRemove={remove} />
      <ErrorLine message={action.message} />
    </span>
  );
}
