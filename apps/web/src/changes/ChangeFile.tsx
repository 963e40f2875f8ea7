import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { Check, ChevronRight, Undo2, X } from 'lucide-react';
import { useId, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { Patch } from './Patch.tsx';

interface ChangeFileProps {
  readonly change: ChangeWithPatch;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly isBusy: boolean;
  /** Something is about to happen to it: its buttons will go. */
  readonly onAct: (path: string) => void;
}

/** One changed file: its patch and what can be done with it. */
export function ChangeFile({ change, isOpen, onToggle, isBusy: isPaneBusy, onAct }: ChangeFileProps) {
  const { api, changes } = useLive();
  const action = useAction();
  const [note, setNote] = useState<string | null>(null);
  const body = useId();
  const params = { id: change.id };
  const isBusy = isPaneBusy || action.isBusy;
  const reload = () => changes.load(change.sessionId);
  const act = (work: () => Promise<unknown>) => {
    onAct(change.path);
    void action.run(work).finally(reload);
  };
  const apply = () => act(() => api.applyChange({ params, body: {} }));
  const undo = () => act(() => api.rewindChange({ params, body: {} }));
  const reject = (words: string) => act(() => api.rejectChange({ params, body: words.trim() === '' ? {} : { note: words.trim() } }));
  const slash = change.path.lastIndexOf('/');
  const name = change.path.slice(slash + 1);
  const isWaiting = change.state === 'pending' || change.state === 'conflict';

  return (
    <li className="border-b border-line" data-change={change.path} data-state={change.state}>
      <div className="sticky top-0 z-10 flex min-h-(--bar) flex-wrap items-center justify-end gap-x-1.5 bg-bg-1 pr-2 max-md:pr-0 max-md:pb-1.5 max-md:[&>*:last-child]:mr-2">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={onToggle}
          className="flex min-h-(--bar) min-w-0 flex-1 items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-bg-2 max-md:basis-full"
        >
          <ChevronRight size={14} className={`shrink-0 text-fg-2 transition-transform duration-(--d-1) ${isOpen ? 'rotate-90' : ''}`} />
          <span className={`truncate font-semibold ${change.kind === 'deleted' ? 'line-through' : ''}`}>{name}</span>
          <span className="min-w-0 flex-[0_1_auto] truncate text-12 text-fg-2">{slash < 0 ? '' : change.path.slice(0, slash)}</span>
          <span className="ml-auto flex shrink-0 items-center gap-1.5 pl-2 font-mono text-12">
            <KindTag change={change} />
            {change.additions > 0 ? <span className="text-add-fg">+{change.additions}</span> : null}
            {change.deletions > 0 ? <span className="text-del-fg">-{change.deletions}</span> : null}
          </span>
        </button>
        {isWaiting && note === null ? (
          <>
            <button type="button" className="btn btn-small text-fg-1" aria-label={`Reject ${change.path}`} disabled={isBusy} onClick={() => setNote('')}>
              <X size={13} /> Reject
            </button>
            <button type="button" className="btn btn-small btn-ok" aria-label={`Apply ${change.path}`} disabled={isBusy} onClick={apply}>
              <Check size={13} /> Apply
            </button>
          </>
        ) : null}
        {change.state === 'applied' ? (
          <>
            <span className="flex items-center gap-1 text-12 font-medium text-add-fg">
              <Check size={13} /> Applied
            </span>
            <button type="button" className="btn btn-small text-fg-1" aria-label={`Undo ${change.path}`} disabled={isBusy} onClick={undo}>
              <Undo2 size={13} /> Undo
            </button>
          </>
        ) : null}
        {change.state === 'rejected' ? <span className="pr-1 text-12 text-fg-2">Rejected</span> : null}
      </div>
      {note === null || !isWaiting ? null : (
        <form
          className="flex flex-wrap gap-2 px-3 pb-2"
          onSubmit={(event) => {
            event.preventDefault();
            reject(note);
            setNote(null);
          }}
        >
          <input
            className="field min-w-0 flex-1 basis-48 !py-1.5 !text-13"
            aria-label={`Why reject ${change.path}`}
            placeholder="Why? The agent reads it with your next message"
            maxLength={4_000}
            autoFocus
            value={note}
            onChange={(event) => setNote(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setNote(null)}
          />
          <button type="submit" className="btn btn-small btn-line">
            Reject
          </button>
          <button type="button" className="btn btn-small" onClick={() => setNote(null)}>
            Back
          </button>
        </form>
      )}
      {change.note === null ? null : change.state === 'conflict' ? (
        <p role="alert" className="px-3 pb-2 text-13">
          <span className="text-bad">{change.note.replace(/\.$/, '')}.</span>{' '}
          <span className="text-fg-1">Take your edit back and apply again, or reject this one.</span>
        </p>
      ) : (
        <p className="px-3 pb-2 text-13 text-fg-1">{change.state === 'rejected' ? `Your note: ${change.note}` : change.note}</p>
      )}
      {action.message === null || change.state === 'conflict' ? null : (
        <div className="px-3 pb-2">
          <ErrorLine message={action.message} />
        </div>
      )}
      <div id={body}>{isOpen ? <ChangeBody change={change} /> : null}</div>
    </li>
  );
}

function KindTag({ change }: { change: ChangeWithPatch }) {
  const words = { added: 'new', modified: '', deleted: 'deleted', renamed: 'renamed', mode: 'mode' } as const;
  const word = change.state === 'conflict' ? 'conflict' : words[change.kind];
  return word === '' ? null : <span className={`font-ui ${change.state === 'conflict' ? 'text-bad' : 'text-fg-2'}`}>{word}</span>;
}

function ChangeBody({ change }: { change: ChangeWithPatch }) {
  return (
    <>
      {change.oldPath === null ? null : <p className="px-3 pb-2 font-mono text-12 text-fg-1">was {change.oldPath}</p>}
      {change.patch === null || change.patch === '' ? (
        <p className="px-3 pb-3 text-13 text-fg-1">{noPatchText(change)}</p>
      ) : (
        <Patch path={change.path} patch={change.patch} />
      )}
      {change.patchTruncated ? <p className="px-3 py-2 text-12 text-fg-2">Only the beginning is shown; Apply takes all of it.</p> : null}
    </>
  );
}

function noPatchText(change: ChangeWithPatch): string {
  if (change.binary) return 'Not text. Apply takes the whole file.';
  if (change.kind === 'mode') return 'Only whether it can be run has changed.';
  if (change.kind === 'renamed') return 'Only its name has changed.';
  if (change.patch === '') return 'An empty file.';
  return 'Too large to show here. Apply takes the whole file.';
}
