import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { Check, ChevronRight, ExternalLink, Pencil, Undo2, X } from 'lucide-react';
import { useId, useState } from 'react';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { changeFacts, kindWord, noPatchWords } from './change-words.ts';
import { ConflictView } from './ConflictView.tsx';
import { DiffBody } from './DiffBody.tsx';
import type { DiffOptions } from './diff-options.ts';
import { EditDialog } from './EditDialog.tsx';
import { RejectForm } from './RejectForm.tsx';

/** What can be done with one file. */
export interface FileActions {
  readonly accept: (change: ChangeWithPatch, isAccepted: boolean) => void;
  readonly apply: (change: ChangeWithPatch) => void;
  readonly reject: (change: ChangeWithPatch, note: string) => void;
  readonly rewind: (change: ChangeWithPatch) => void;
  readonly restore: (change: ChangeWithPatch) => void;
  readonly askNote: (path: string | null) => void;
  readonly toggle: (change: ChangeWithPatch, isOpen: boolean) => void;
  /** Null where there is nowhere to open it. */
  readonly openFile: ((path: string) => void) | null;
}

interface ChangeFileProps {
  /** Names it for the keyboard. */
  readonly fileKey: string;
  readonly change: ChangeWithPatch;
  readonly isOpen: boolean;
  readonly isBusy: boolean;
  readonly isAsking: boolean;
  /** Both versions with marks, after an apply that failed. */
  readonly merged: string | null;
  readonly options: DiffOptions;
  readonly goal: { readonly hunk: number; readonly stamp: number } | null;
  readonly actions: FileActions;
}

/** One changed file: its diff and what can be done with it. */
export function ChangeFile({ fileKey, change, isOpen, isBusy, isAsking, merged, options, goal, actions }: ChangeFileProps) {
  const body = useId();
  const slash = change.path.lastIndexOf('/');
  const isWaiting = change.state === 'pending' || change.state === 'conflict';
  const word = kindWord(change);
  return (
    <li className="border-b border-line" data-file={fileKey} data-change={change.path} data-state={change.state} data-accepted={change.marked && isWaiting}>
      <div className="sticky top-0 z-10 flex min-h-(--bar) flex-wrap items-center justify-end gap-x-1.5 bg-bg-1 pr-2 @max-[420px]/review:pr-0 @max-[420px]/review:pb-1.5 @max-[420px]/review:[&>*:last-child]:mr-2">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={body}
          onClick={() => actions.toggle(change, !isOpen)}
          className="flex min-h-(--bar) min-w-0 flex-1 items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-bg-2 @max-[420px]/review:basis-full"
        >
          <ChevronRight size={14} className={`shrink-0 text-fg-2 transition-transform duration-(--d-1) ${isOpen ? 'rotate-90' : ''}`} />
          <span className={`truncate font-semibold ${change.kind === 'deleted' ? 'line-through' : ''}`}>{change.path.slice(slash + 1)}</span>
          <span className="min-w-0 flex-[0_1_auto] truncate text-12 text-fg-2">{slash < 0 ? '' : change.path.slice(0, slash)}</span>
          <span className="ml-auto flex shrink-0 items-center gap-1.5 pl-2 font-mono text-12">
            {word === '' ? null : <span className={`font-ui ${change.state === 'conflict' ? 'text-bad' : 'text-fg-2'}`}>{word}</span>}
            {change.additions > 0 ? <span className="text-add-fg">+{change.additions}</span> : null}
            {change.deletions > 0 ? <span className="text-del-fg">-{change.deletions}</span> : null}
          </span>
        </button>
        {isAsking && isWaiting ? null : <FileButtons change={change} isBusy={isBusy} actions={actions} />}
      </div>
      {isAsking && isWaiting ? (
        <div className="px-3 pb-2">
          <RejectForm
            label={`Why reject ${change.path}`}
            button="Reject"
            onReject={(note) => actions.reject(change, note)}
            onClose={() => actions.askNote(null)}
          />
        </div>
      ) : null}
      {change.note === null ? null : change.state === 'conflict' ? (
        <>
          <p role="alert" className="px-3 pb-2 text-13">
            <span className="text-bad">{change.note.replace(/\.$/, '')}.</span>{' '}
            <span className="text-fg-1">Take your edit back and apply again, or reject this one.</span>
          </p>
          {merged === null ? null : <ConflictView path={change.path} merged={merged} />}
        </>
      ) : (
        <p className="px-3 pb-2 text-13 text-fg-1">{change.state === 'rejected' ? `Your note: ${change.note}` : change.note}</p>
      )}
      <div id={body}>{isOpen ? <ChangeBody change={change} options={options} goal={goal} isWaiting={isWaiting} openFile={actions.openFile} /> : null}</div>
    </li>
  );
}

function FileButtons({ change, isBusy, actions }: { change: ChangeWithPatch; isBusy: boolean; actions: FileActions }) {
  const undo = (onClick: () => void) => (
    <button type="button" className="btn btn-small text-fg-1" aria-label={`Undo ${change.path}`} disabled={isBusy} onClick={onClick}>
      <Undo2 size={13} /> Undo
    </button>
  );
  if (change.state === 'applied')
    return (
      <>
        <Decided word="Applied" />
        {undo(() => actions.rewind(change))}
      </>
    );
  if (change.state === 'rejected')
    return (
      <>
        <span className="text-12 text-fg-2">Rejected</span>
        {undo(() => actions.restore(change))}
      </>
    );
  if (change.marked && change.state === 'pending')
    return (
      <>
        <Decided word="Accepted" />
        {undo(() => actions.accept(change, false))}
      </>
    );
  const isConflict = change.state === 'conflict';
  return (
    <>
      <button
        type="button"
        className="btn btn-small text-fg-1"
        aria-label={`Reject ${change.path}`}
        disabled={isBusy}
        onClick={() => actions.askNote(change.path)}
      >
        <X size={13} /> Reject
      </button>
      <button
        type="button"
        className="btn btn-small btn-ok"
        aria-label={isConflict ? `Apply again ${change.path}` : `Accept ${change.path}`}
        disabled={isBusy}
        onClick={() => (isConflict ? actions.apply(change) : actions.accept(change, true))}
      >
        <Check size={13} /> {isConflict ? 'Apply again' : 'Accept'}
      </button>
    </>
  );
}

function Decided({ word }: { word: string }) {
  return (
    <span className="flex items-center gap-1 text-12 font-medium text-add-fg">
      <Check size={13} /> {word}
    </span>
  );
}

interface ChangeBodyProps extends Pick<ChangeFileProps, 'change' | 'options' | 'goal'> {
  readonly isWaiting: boolean;
  readonly openFile: FileActions['openFile'];
}

function ChangeBody({ change, options, goal, isWaiting, openFile }: ChangeBodyProps) {
  const [isEditing, setIsEditing] = useState(false);
  const now = useNow(60_000);
  const author = change.agent ?? 'You';
  const words = noPatchWords(change);
  const canEdit = isWaiting && !change.binary && change.kind !== 'deleted' && !change.patchTruncated;
  return (
    <>
      <div className="flex min-h-8 flex-wrap items-center gap-x-2 px-3 pb-1.5 text-12 text-fg-1">
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <span className="font-medium text-fg-0">{author}</span> · {timeAgo(change.updatedAt, now)}
          {changeFacts(change).map((fact) => (
            <span key={fact}> · {fact}</span>
          ))}
        </span>
        {canEdit ? (
          <button type="button" className="btn btn-small text-fg-1" aria-label={`Edit ${change.path}`} onClick={() => setIsEditing(true)}>
            <Pencil size={13} /> Edit
          </button>
        ) : null}
        {openFile === null || change.kind === 'deleted' ? null : (
          <button type="button" className="btn btn-small text-fg-1" aria-label={`Open ${change.path}`} onClick={() => openFile(change.path)}>
            <ExternalLink size={13} /> Open
          </button>
        )}
      </div>
      {change.patch === null || !change.patch.includes('@@ ') ? (
        words === null ? null : (
          <p className="px-3 pb-3 text-13 text-fg-1">{words}</p>
        )
      ) : (
        <DiffBody change={change} patch={change.patch} options={options} goal={goal} />
      )}
      {change.patchTruncated ? <p className="px-3 py-2 text-12 text-fg-2">Only the beginning is shown; all of it is applied.</p> : null}
      {isEditing ? <EditDialog change={change} onClose={() => setIsEditing(false)} /> : null}
    </>
  );
}
