import type { ModelServer, ProviderSnapshot, UsualPlace } from '@boocode/contracts/provider.ts';
import { RefreshCw } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { DemoTag } from '../chat/DemoTag.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { ServerAddressForm } from './ServerAddressForm.tsx';
import { modelCheckOf, placeWords } from './start-checks-state.ts';
import { useStartChecks } from './use-start-checks.ts';

const STARTS = [
  { name: 'llama-swap', command: 'llama-swap --config config.yaml --listen 127.0.0.1:8080' },
  { name: 'llama.cpp', command: 'llama-server --jinja -m model.gguf --port 8080' },
  { name: 'Ollama', command: 'ollama serve' },
];
const PLACE_DOTS = { checking: 'queued', absent: 'idle', other: 'error', ready: 'done' } as const;
const AGENT_WORDS = { loading: 'looking', ready: 'ready', unavailable: 'not found', error: 'does not answer' } as const;
const AGENT_DOTS = { loading: 'queued', ready: 'done', unavailable: 'idle', error: 'error' } as const;

/** The two checks of a start, live: which model servers answer, and which agents are there. */
export function StartChecksPanel() {
  const { list, agents, isLooking, problem, lookAgain } = useStartChecks();
  const check = list === null ? null : modelCheckOf(list);
  const demo = list?.items.find((model) => model.demo);
  return (
    <section aria-labelledby="start-checks" className="rounded-l border border-line-2 bg-bg-2">
      <div className="flex items-center justify-between gap-3 px-4 pt-3.5">
        <h2 id="start-checks" className="text-15 font-semibold">
          What BooCode found
        </h2>
        <button type="button" className="btn btn-small btn-line" disabled={isLooking} onClick={lookAgain}>
          <RefreshCw size={13} /> {isLooking ? 'Looking' : 'Look again'}
        </button>
      </div>
      <div className="px-4 pt-2 empty:hidden">
        <ErrorLine message={problem} />
      </div>
      <Check dot={check?.dot ?? 'queued'} title="Model server" verdict={check?.words ?? 'looking'}>
        {check === null || check.dot === 'done' ? null : <MissingServer servers={check.broken} places={check.places} known={check.known} />}
      </Check>
      <Check
        dot={agents === null ? 'queued' : 'done'}
        title="Agents"
        verdict={agents === null ? 'looking' : agents.length === 1 ? 'the built-in one is always there' : `${agents.filter(isReady).length} ready`}
      >
        <ul aria-label="Agents" className="space-y-1.5">
          {(agents ?? []).map((agent) => (
            <li key={agent.id} className="flex items-baseline gap-2 text-13">
              <Dot status={AGENT_DOTS[agent.status]} />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="font-medium">{agent.label}</span>{' '}
                <span className="text-fg-1">{[AGENT_WORDS[agent.status], agent.message].filter((words) => words !== null).join(': ')}</span>
              </span>
            </li>
          ))}
        </ul>
      </Check>
      {demo === undefined || check?.dot === 'done' ? null : (
        <p className="flex items-start gap-2 border-t border-line-2 px-4 py-3.5 text-13 text-fg-1">
          <DemoTag />
          <span>
            Meanwhile the built-in demo model answers. It is a small script, not a real model: it makes one small change, so that you can try everything from
            prompt to apply.
          </span>
        </p>
      )}
    </section>
  );
}

function isReady(agent: ProviderSnapshot): boolean {
  return agent.status === 'ready';
}

function Check({ dot, title, verdict, children }: { dot: 'queued' | 'done' | 'error'; title: string; verdict: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-t border-line-2 px-4 py-3.5 first-of-type:mt-3">
      <h3 id={id} className="flex items-baseline gap-2 text-14 [overflow-wrap:anywhere]">
        <Dot status={dot} />
        <span>
          <span className="font-semibold">{title}</span>
          <span className="text-fg-1" role="status">
            {' '}
            {verdict}
          </span>
        </span>
      </h3>
      <div className="mt-2 space-y-3 pl-5 empty:hidden">{children}</div>
    </section>
  );
}

interface MissingServerProps {
  readonly servers: readonly ModelServer[];
  readonly places: readonly UsualPlace[];
  readonly known: readonly string[];
}

/** Where BooCode looked and what answered there, an address of one's own, and how to start a server. */
function MissingServer({ servers, places, known }: MissingServerProps) {
  return (
    <>
      {servers.length === 0 ? null : (
        <ul aria-label="Servers that are set up" className="space-y-1.5">
          {servers.map((server) => (
            <li key={server.id} className="flex items-baseline gap-2 text-13">
              <Dot status={server.status === 'checking' ? 'queued' : 'error'} />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <span className="font-mono text-12">{server.url}</span>{' '}
                <span className="text-fg-1">{server.status === 'checking' ? 'looking' : server.message}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {places.length === 0 ? null : (
        <div>
          <p className="mb-1.5 text-13 text-fg-1">Servers on this machine usually listen here:</p>
          <ul aria-label="Addresses that were looked at" className="space-y-1.5">
            {places.map((place) => (
              <li key={place.url} className="flex items-baseline gap-2 text-13">
                <Dot status={PLACE_DOTS[place.status]} />
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere] md:grid md:grid-cols-[14rem_minmax(0,1fr)_auto] md:gap-3">
                  <span className="font-mono text-12">{place.url}</span> <span className="text-12 text-fg-2">{place.name}</span>{' '}
                  <span className="block text-12 text-fg-1">{placeWords(place)}</span>
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <ServerAddressForm known={known} />
      <details className="text-13 text-fg-1">
        <summary className="w-max cursor-pointer rounded-s py-1 font-medium text-fg-0 pointer-coarse:py-3.5">How to start one</summary>
        <ul className="mt-1.5 space-y-2">
          {STARTS.map(({ name, command }) => (
            <li key={name}>
              {name}
              <span className="well mt-1 flex min-h-9 items-center justify-between gap-2 pr-1.5 pl-3">
                <code className="min-w-0 font-mono text-12 text-fg-0 [overflow-wrap:anywhere]">{command}</code>
                <CopyButton text={command} label={`Copy the command for ${name}`} />
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** The words beside it say the same. */
function Dot({ status }: { status: 'queued' | 'idle' | 'error' | 'done' }) {
  return <span aria-hidden="true" className={`dot dot-${status} shrink-0`} />;
}
