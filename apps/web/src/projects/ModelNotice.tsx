import { RefreshCw } from 'lucide-react';
import { Link } from 'wouter';
import { DemoTag } from '../chat/DemoTag.tsx';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';

const STARTS = [
  { name: 'llama-swap', command: 'llama-swap --config config.yaml --listen 127.0.0.1:8080' },
  { name: 'llama.cpp', command: 'llama-server --jinja -m model.gguf --port 8080' },
  { name: 'Ollama', command: 'ollama serve' },
];

/** Shown while no real model server answers: what was looked for, and what can be done. */
export function ModelNotice() {
  const { api, user } = useLive();
  const { models, servers } = useUser();
  const action = useAction();
  if (models === null || servers.some((server) => !server.demo && server.status === 'ready')) return null;
  const demo = models.find((model) => model.demo);
  const real = servers.filter((server) => !server.demo);
  const lookAgain = () =>
    void action.run(async () => {
      await api.refreshProviders({ body: {} });
      await user.loadModels();
    });
  return (
    <section aria-labelledby="model-notice" className="rounded-l border border-line-2 bg-bg-2 p-4">
      <div className="flex items-start justify-between gap-3">
        <h2 id="model-notice" className="text-15 font-semibold">
          No model server answers yet
        </h2>
        <button type="button" className="btn btn-small btn-line" disabled={action.isBusy} onClick={lookAgain}>
          <RefreshCw size={13} /> Look again
        </button>
      </div>
      <p className="mt-1 text-13 text-fg-1">
        {real.length === 0 ? 'BooCode looked where such servers usually listen on this machine and found none. It works with' : 'BooCode works with'} any server
        that speaks the OpenAI protocol, for instance llama-swap, llama.cpp or Ollama. Start one, or{' '}
        <Link
          href="/settings#model-servers"
          className="rounded-s font-medium text-fg-0 underline decoration-line-2 underline-offset-3 hover:decoration-current"
        >
          set its address
        </Link>
        .
      </p>
      <details className="mt-2 text-13 text-fg-1">
        <summary className="w-max cursor-pointer rounded-s py-1 font-medium text-fg-0">How to start one</summary>
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
      {real.length === 0 ? null : (
        <ul className="mt-3 space-y-1.5">
          {real.map((server) => (
            <li key={server.id} className="flex items-baseline gap-2 text-13">
              <StatusDot status={server.status === 'checking' ? 'queued' : 'error'} />
              <span className="shrink-0 font-mono text-12">{server.url}</span>
              <span className="min-w-0 text-fg-2 [overflow-wrap:anywhere]">{server.status === 'checking' ? 'looking' : server.message}</span>
            </li>
          ))}
        </ul>
      )}
      {demo === undefined ? null : (
        <p className="mt-3 flex items-start gap-2 border-t border-line-2 pt-3 text-13 text-fg-1">
          <DemoTag />
          <span>
            Meanwhile the built-in demo model answers. It is a small script, not a real model: it makes one small change, so that you can try everything from
            prompt to apply.
          </span>
        </p>
      )}
      <div className="mt-2 empty:mt-0">
        <ErrorLine message={action.message} />
      </div>
    </section>
  );
}
