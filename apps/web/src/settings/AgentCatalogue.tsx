import type { CatalogueEntry } from '@boocode/contracts/provider.ts';
import { Plus } from 'lucide-react';
import { useCallback, useId, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { Command } from './Command.tsx';

/** More agents, each tried with the version that it names; read when it is opened. */
export function AgentCatalogue() {
  const { api } = useLive();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [entries, setEntries] = useState<readonly CatalogueEntry[] | null>(null);
  const { run, message } = useAction();
  const load = useCallback(() => void run(async () => setEntries((await api.listCatalogue()).items)), [api, run]);
  const toggle = () => {
    setIsOpen(!isOpen);
    if (!isOpen) load();
  };
  return (
    <div className="space-y-3">
      <button type="button" className="btn btn-line" aria-expanded={isOpen} aria-controls={id} onClick={toggle}>
        <Plus size={15} /> Add an agent
      </button>
      <div id={id} hidden={!isOpen}>
        <RetryLine message={message} onRetry={load} />
        {entries === null ? (
          message === null ? (
            <div className="skeleton h-14" role="status" aria-label="Reading the catalogue" />
          ) : null
        ) : (
          <ul aria-label="Agents that can be added" className="divide-y divide-line rounded-l border border-line-2">
            {entries.map((entry) => (
              <EntryRow key={entry.id} entry={entry} onAdded={load} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function EntryRow({ entry, onAdded }: { entry: CatalogueEntry; onAdded: () => void }) {
  const { api } = useLive();
  const action = useAction();
  const add = () => void action.run(() => api.addProvider({ body: { fromCatalogue: entry.id } })).then((isDone) => isDone && onAdded());
  return (
    <li className="flex items-start gap-3 px-3.5 py-2.5">
      <div className="min-w-0 flex-1 space-y-1.5">
        <p>
          <span className="font-medium">{entry.label}</span>
          <span className="text-12 text-fg-2">
            {' '}
            {entry.version} · tried on {entry.testedOn}
          </span>
        </p>
        <p className="text-12 text-fg-1">{entry.proven}</p>
        {entry.isAdded ? null : <Command label={`Install ${entry.label}`} text={entry.installHint} />}
        <ErrorLine message={action.message} />
      </div>
      <button type="button" className="btn btn-small btn-line" disabled={entry.isAdded || action.isBusy} onClick={add}>
        {entry.isAdded ? 'Added' : 'Add'}
        <span className="sr-only"> {entry.label}</span>
      </button>
    </li>
  );
}
