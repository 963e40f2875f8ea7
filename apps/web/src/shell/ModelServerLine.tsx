import { useUser } from '../live/live-context.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';

/** Which model answers by default, and whether its server does. */
export function ModelServerLine() {
  const { models, servers } = useUser();
  if (models === null) return <span className="skeleton h-7 flex-1" role="status" aria-label="Looking for models" />;
  const model = models.find((other) => other.isDefault) ?? models[0];
  const server = servers.find((other) => other.id === model?.server);
  if (model === undefined) return <span className="flex-1 text-12 text-fg-2">No model found</span>;
  return (
    <span className="flex min-w-0 flex-1 items-center gap-2.5">
      <StatusDot status={server?.status === 'ready' ? 'done' : server?.status === 'error' ? 'error' : 'queued'} />
      <span className="min-w-0">
        <span className="block truncate font-mono text-12 text-fg-0" title={model.id}>
          {model.name}
        </span>
        <span className="block truncate text-12 text-fg-2">{model.demo ? 'demo, not a real model' : model.server}</span>
      </span>
    </span>
  );
}
