import type { ConfigView, ModelServerView } from '@boocode/contracts/config-view.ts';
import { Plus } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RemoveButton } from '../ui/RemoveButton.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { ModelServerForm } from './ModelServerForm.tsx';
import { Section } from './Section.tsx';

/** Where models come from: what config.json names, whether it answers, and the ways to change it. */
export function ModelServersSection() {
  const { api, user } = useLive();
  const [config, setConfig] = useState<ConfigView | null>(null);
  const [edited, setEdited] = useState<string | null>(null);
  const { run, message } = useAction();
  const load = useCallback(() => void run(async () => setConfig(await api.getConfig())), [api, run]);
  useEffect(load, [load]);
  const saved = (next: ConfigView) => {
    setConfig(next);
    setEdited(null);
    void user.loadModels().catch(() => undefined); // a frame brings them as well
  };
  return (
    <Section
      id="model-servers"
      title="Model servers"
      lead="Any server that speaks the OpenAI protocol: llama-swap, llama.cpp, Ollama, or one on the internet. Keys stay on the machine that runs BooCode."
    >
      <RetryLine message={message} onRetry={load} />
      {config === null ? (
        message === null ? (
          <div className="skeleton h-16" role="status" aria-label="Reading the model servers" />
        ) : null
      ) : (
        <>
          {config.modelServers.length === 0 ? (
            <p className="rounded-l border border-dashed border-control px-3.5 py-3 text-13 text-fg-1">
              None is set up. Servers on this machine that listen where such servers usually do are found by themselves.
            </p>
          ) : (
            <ul aria-label="Model servers" className="divide-y divide-line rounded-l border border-line-2">
              {config.modelServers.map((server) => (
                <li key={server.id} className="px-3.5 py-3">
                  {edited === server.id ? (
                    <ModelServerForm server={server} onSaved={saved} onCancel={() => setEdited(null)} />
                  ) : (
                    <ServerLine
                      server={server}
                      canEdit={config.editable === null && server.source === 'config'}
                      onEdit={() => setEdited(server.id)}
                      onSaved={saved}
                    />
                  )}
                </li>
              ))}
            </ul>
          )}
          <FoundServers known={config.modelServers} />
          {config.editable === null ? null : <p className="text-13 text-warn">{config.editable}</p>}
          {config.problems.map((problem) => (
            <p key={problem.code + problem.text} className="text-13 text-warn">
              {problem.text}
            </p>
          ))}
          {edited === '' ? (
            <div className="rounded-l border border-line-2 p-3.5">
              <ModelServerForm server={null} onSaved={saved} onCancel={() => setEdited(null)} />
            </div>
          ) : (
            <button type="button" className="btn btn-line" disabled={config.editable !== null} onClick={() => setEdited('')}>
              <Plus size={15} /> Add a model server
            </button>
          )}
          <p className="text-12 text-fg-2">
            Kept in <code className="font-mono [overflow-wrap:anywhere]">{config.path}</code>
          </p>
        </>
      )}
    </Section>
  );
}

interface ServerLineProps {
  readonly server: ModelServerView;
  readonly canEdit: boolean;
  readonly onEdit: () => void;
  readonly onSaved: (config: ConfigView) => void;
}

function ServerLine({ server, canEdit, onEdit, onSaved }: ServerLineProps) {
  const { api } = useLive();
  const { servers } = useUser();
  const action = useAction();
  const [verdict, setVerdict] = useState<string | null>(null);
  const known = servers.find((other) => other.id === server.id);
  const test = () =>
    void action.run(async () => {
      setVerdict(null);
      const { ok, message, models, ms } = await api.testModelServer({ params: { id: server.id } });
      if (!ok) throw new Error(message ?? 'The server does not answer');
      setVerdict(`It answers in ${ms} ms with ${models.length} ${models.length === 1 ? 'model' : 'models'}`);
    });
  const remove = () => void action.run(async () => onSaved(await api.patchModelServers({ body: { id: server.id, server: null } })));
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StatusDot status={known?.status === 'ready' ? 'done' : known?.status === 'error' ? 'error' : 'queued'} />
        <span className="min-w-0 flex-1 basis-48">
          <span className="block font-medium">
            {server.id}
            {server.source === 'environment' ? <span className="ml-2 text-12 font-normal text-fg-2">from BOOCODE_MODEL_URL</span> : null}
          </span>
          <span className="block truncate font-mono text-12 text-fg-1" title={server.url}>
            {server.url}
          </span>
        </span>
        <span className="flex flex-wrap gap-1.5">
          <button type="button" className="btn btn-small btn-line" disabled={action.isBusy} onClick={test}>
            {action.isBusy ? 'Asking' : 'Test'}
            <span className="sr-only"> {server.id}</span>
          </button>
          {canEdit ? (
            <>
              <button type="button" className="btn btn-small btn-line" onClick={onEdit}>
                Change<span className="sr-only"> {server.id}</span>
              </button>
              <RemoveButton what={server.id} isBusy={action.isBusy} onRemove={remove} />
            </>
          ) : null}
        </span>
      </div>
      {known?.status === 'error' && known.message !== null && action.message === null ? (
        <p className="text-12 text-fg-1 [overflow-wrap:anywhere]">{known.message}</p>
      ) : null}
      <p role="status" className="text-12 text-ok empty:hidden">
        {verdict}
      </p>
      <ErrorLine message={action.message} />
    </div>
  );
}

/** Servers that BooCode found by itself. */
function FoundServers({ known }: { known: readonly ModelServerView[] }) {
  const { servers } = useUser();
  const found = servers.filter((server) => !server.demo && server.status === 'ready' && known.every((other) => other.id !== server.id));
  return found.length === 0 ? null : (
    <ul aria-label="Found on this machine" className="space-y-1">
      {found.map((server) => (
        <li key={server.id} className="flex items-center gap-2 text-13 text-fg-1">
          <StatusDot status="done" /> Found by itself: <span className="truncate font-mono text-12">{server.url}</span>
        </li>
      ))}
    </ul>
  );
}
