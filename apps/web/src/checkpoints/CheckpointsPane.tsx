import type { Checkpoint, Comparison } from '@boocode/contracts/checkpoint.ts';
import type { CheckpointId } from '@boocode/contracts/ids.ts';
import { ChevronRight, History } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { Patch } from '../changes/Patch.tsx';
import { useLive } from '../live/live-context.tsx';
import { sentenceOf, useAction } from '../live/use-action.ts';
import type { PaneProps } from '../panes/pane-props.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { countWords, kindWords } from './checkpoint-words.ts';
import { RestoreDialog } from './RestoreDialog.tsx';
import { useCheckpoints } from './use-checkpoints.ts';

type Other = 'previous' | 'worktree' | CheckpointId;

/** The states of a session's files over its turns: go through them, compare two, and bring one back. */
export function CheckpointsPane({ sessionId }: PaneProps) {
  const { api } = useLive();
  const { items, error, load } = useCheckpoints(sessionId);
  const [chosenId, setChosenId] = useState<CheckpointId | null>(null);
  const taking = useAction();
  const chosen = items?.find(({ id }) => id === chosenId) ?? items?.at(-1) ?? null;
  const take = () => void taking.run(() => api.createCheckpoint({ params: { id: sessionId }, body: {} }));
  return (
    <section aria-label="Checkpoints" className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-(--bar) shrink-0 flex-wrap items-center gap-2 border-b border-line px-3 py-1">
        <span className="text-13 font-semibold">{items === null ? 'Checkpoints' : `${items.length} ${items.length === 1 ? 'checkpoint' : 'checkpoints'}`}</span>
        <button type="button" className="btn btn-small btn-line ml-auto" disabled={taking.isBusy} onClick={take}>
          Take one now
        </button>
      </div>
      <div className="px-3 empty:hidden">
        <ErrorLine message={taking.message} />
        {error === null ? null : <RetryLine message={error} onRetry={load} />}
      </div>
      {items === null ? (
        <div className="flex-1 space-y-3 p-3" role="status" aria-label="Reading the checkpoints">
          <div className="skeleton h-5 w-2/3" />
        </div>
      ) : chosen === null ? (
        <div className="grid min-h-0 flex-1 place-content-center justify-items-center gap-2 p-6 text-center">
          <History size={22} className="text-fg-2" />
          <p className="text-15 font-semibold">No checkpoints yet</p>
          <p className="max-w-[38ch] text-13 text-balance text-fg-1">
            The files are kept before and after every turn that may edit them, so that any of these states can be brought back.
          </p>
        </div>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          <Slider items={items} chosen={chosen} onChoose={setChosenId} />
          <Detail key={chosen.id} checkpoint={chosen} items={items} />
          <CheckpointList items={items} chosen={chosen} onChoose={setChosenId} />
        </div>
      )}
    </section>
  );
}

interface Choice {
  readonly items: readonly Checkpoint[];
  readonly chosen: Checkpoint;
  readonly onChoose: (id: CheckpointId) => void;
}

function Slider({ items, chosen, onChoose }: Choice) {
  const index = items.findIndex(({ id }) => id === chosen.id);
  return (
    <div className="px-3 pt-3">
      <input
        type="range"
        className="w-full accent-(--accent) pointer-coarse:min-h-11"
        aria-label="Checkpoint"
        aria-valuetext={`${index + 1} of ${items.length}: ${chosen.label}`}
        min={0}
        max={items.length - 1}
        step={1}
        value={index}
        onChange={(event) => {
          const next = items[Number(event.target.value)];
          if (next !== undefined) onChoose(next.id);
        }}
      />
    </div>
  );
}

function Detail({ checkpoint, items }: { checkpoint: Checkpoint; items: readonly Checkpoint[] }) {
  const [other, setOther] = useState<Other>('previous');
  const [isAsking, setIsAsking] = useState(false);
  const now = useNow(60_000);
  const select = useId();
  return (
    <div className="space-y-2 border-b border-line px-3 pt-1 pb-3">
      <p className="text-15 font-semibold [overflow-wrap:anywhere]">{checkpoint.label}</p>
      <p className="text-12 text-fg-1">
        {kindWords(checkpoint)}
        {checkpoint.agent === null ? '' : ` of ${checkpoint.agent}`}, {timeAgo(checkpoint.createdAt, now)}. {countWords(checkpoint)}
        {checkpoint.files === 0 ? '' : ` since the one before (+${checkpoint.additions} -${checkpoint.deletions})`}.
      </p>
      {checkpoint.skipped.length === 0 ? null : (
        <p className="text-12 text-fg-1 [overflow-wrap:anywhere]">
          Not in it:{' '}
          {checkpoint.skipped
            .slice(0, 5)
            .map(({ path, reason }) => `${path} (${reason})`)
            .join(', ')}
          {checkpoint.skipped.length > 5 ? ` and ${checkpoint.skipped.length - 5} more` : ''}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={select} className="text-12 text-fg-1">
          Compared with
        </label>
        <select id={select} className="field min-w-0 flex-1 !py-1 text-13" value={other} onChange={(event) => setOther(toOther(event.target.value, items))}>
          <option value="previous">the one before</option>
          <option value="worktree">the files as they are now</option>
          {items
            .filter(({ id }) => id !== checkpoint.id)
            .map((item) => (
              <option key={item.id} value={item.id}>
                {item.label}
              </option>
            ))}
        </select>
        <button type="button" className="btn btn-small btn-line ml-auto" onClick={() => setIsAsking(true)}>
          <History size={13} /> Restore…
        </button>
      </div>
      <Differences checkpoint={checkpoint} other={other} items={items} />
      {isAsking ? (
        <RestoreDialog
          title={`Restore “${checkpoint.label}”?`}
          checkpointId={checkpoint.id}
          before={null}
          onClose={() => setIsAsking(false)}
          onRestored={() => undefined}
        />
      ) : null}
    </div>
  );
}

function toOther(value: string, items: readonly Checkpoint[]): Other {
  return value === 'worktree' ? value : (items.find(({ id }) => id === value)?.id ?? 'previous');
}

function Differences({ checkpoint, other, items }: { checkpoint: Checkpoint; other: Other; items: readonly Checkpoint[] }) {
  const { comparison, problem } = useComparison(checkpoint, other, items);
  if (problem !== null) return <ErrorLine message={problem} />;
  if (comparison === null) return <div className="skeleton h-5 w-1/2" role="status" aria-label="Comparing" />;
  if (comparison.items.length === 0) return <p className="text-13 text-fg-1">No difference.</p>;
  return (
    <ul aria-label="Differences">
      {comparison.items.map((file) => (
        <DifferenceRow key={file.path} file={file} />
      ))}
    </ul>
  );
}

function DifferenceRow({ file }: { file: Comparison['items'][number] }) {
  const [isOpen, setIsOpen] = useState(false);
  const body = useId();
  return (
    <li className="border-t border-line">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={body}
        onClick={() => setIsOpen(!isOpen)}
        className="flex min-h-8 w-full items-center gap-2 text-left text-13 hover:bg-bg-2 pointer-coarse:min-h-11"
      >
        <ChevronRight size={14} className={`shrink-0 text-fg-2 transition-transform duration-(--d-1) ${isOpen ? 'rotate-90' : ''}`} />
        <span className={`truncate ${file.kind === 'deleted' ? 'line-through' : ''}`}>{file.path}</span>
        <span className="ml-auto flex shrink-0 gap-1.5 font-mono text-12">
          {file.additions > 0 ? <span className="text-add-fg">+{file.additions}</span> : null}
          {file.deletions > 0 ? <span className="text-del-fg">-{file.deletions}</span> : null}
        </span>
      </button>
      <div id={body}>
        {!isOpen ? null : file.patch === null ? <p className="px-6 py-1 text-12 text-fg-1">A binary file.</p> : <Patch path={file.path} patch={file.patch} />}
      </div>
    </li>
  );
}

function CheckpointList({ items, chosen, onChoose }: Choice) {
  const now = useNow(60_000);
  return (
    <ol reversed aria-label="All checkpoints" className="py-1">
      {items.toReversed().map((item) => (
        <li key={item.id}>
          <button
            type="button"
            aria-current={item.id === chosen.id}
            onClick={() => onChoose(item.id)}
            className={`flex min-h-9 w-full items-center gap-2 px-3 text-left text-13 hover:bg-bg-2 pointer-coarse:min-h-11 ${item.id === chosen.id ? 'bg-bg-3' : ''}`}
          >
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
            <span className="shrink-0 font-mono text-12 text-fg-1">{item.files === 0 ? '' : `${item.files}`}</span>
            <span className="shrink-0 text-12 text-fg-1">{timeAgo(item.createdAt, now)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** Reads how two states differ; the later one is shown as the new text. */
function useComparison(checkpoint: Checkpoint, other: Other, items: readonly Checkpoint[]) {
  const { api } = useLive();
  const [read, setRead] = useState<{ comparison: Comparison | null; problem: string | null }>({ comparison: null, problem: null });
  const isLater = other === 'worktree' || items.findIndex(({ id }) => id === other) > items.findIndex(({ id }) => id === checkpoint.id);
  useEffect(() => {
    let isCurrent = true;
    const query = other === 'previous' ? {} : isLater ? { to: other } : { from: other };
    api.compareCheckpoints({ params: { id: checkpoint.id }, query }).then(
      (comparison) => isCurrent && setRead({ comparison, problem: null }),
      (error: unknown) => isCurrent && setRead({ comparison: null, problem: sentenceOf(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [api, checkpoint.id, other, isLater]);
  return read;
}
