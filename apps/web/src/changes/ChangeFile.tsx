import type { ChangeCollision, ChangeHunk, ChangesPreview, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { Check, ChevronRight, ExternalLink, GitMerge, Pencil, Undo2, X } from 'lucide-react';
import { useId, useState } from 'react';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { changeFacts, kindWord, noPatchWords } from './change-words.ts';
import { DiffBody } from './DiffBody.tsx';
import type { DiffOptions } from './diff-options.ts';
import { EditDialog } from './EditDialog.tsx';
import { FileNotices } from './FileNotices.tsx';
import { countHunks, countMarked, isWaiting } from './hunk-choice.ts';
import { RejectForm } from './RejectForm.tsx';
import type { FileConflict } from './use-change-actions.ts';
import { type Diff, useDiff } from './use-diff.ts';

/** What can be done with one file, or with some of its hunks; `hunks` null = all of it. */
export interface FileActions {
  readonly mark: (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null, isMarked: boolean) => void;
  readonly apply: (change: ChangeWithPatch) => void;
  readonly reject: (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null, note: string) => void;
  readonly rewind: (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null) => void;
  readonly restore: (change: ChangeWithPatch) => void;
  readonly usePlace: (change: ChangeWithPatch, conflict: FileConflict) => void;
  /** Asks why it is rejected; `isOver`: does not any more. */
  readonly askNote: (change: ChangeWithPatch, hunk: ChangeHunk | null, isOver?: boolean) => void;
  readonly toggle: (change: ChangeWithPatch, isOpen: boolean) => void;
  /** Null where there is nowhere to open it. */
  readonly openFile: ((path: string) => void) | null;
}

/** What an apply would do with a file, as far as it is known. */
export interface FileForecast {
  readonly outcome: ChangesPreview['files'][number]['outcome'] | null;
  readonly conflict: FileConflict | null;
  readonly collisions: readonly ChangeCollision[];
}

interface ChangeFileProps {
  /** Names it for the keyboard. */
  readonly fileKey: string;
  readonly change: ChangeWithPatch;
  readonly isOpen: boolean;
  readonly isBusy: boolean;
  /** Whose rejection is being explained: a hunk's, by its id, or the file's ('') */
  readonly asking: string | null;
  readonly forecast: FileForecast;
  readonly options: DiffOptions;
  readonly goal: { readonly hunk: number; readonly stamp: number } | null;
  readonly actions: FileActions;
}

/** One changed file: its diff and what can be done with it. */
export function ChangeFile({ fileKey, change, isOpen, isBusy, asking, forecast, options, goal, actions }: ChangeFileProps) {
  const body = useId();
  const slash = change.path.lastIndexOf('/');
  const isOffered = isWaiting(change);
  const isAsking = asking === '' && isOffered;
  const word = kindWord(change);
  const [marked, hunks] = [countMarked(change), countHunks(change)];
  const diff = useDiff(change, { isOpen, isSought: goal !== null, isSpaceHidden: options.isSpaceHidden });
  return (
    <li className="border-b border-line" data-file={fileKey} data-change={change.path} data-state={change.state} data-accepted={change.marked && isOffered}>
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
          <span className="min-w-0 flex-[0_100_auto] truncate text-12 text-fg-2">{slash < 0 ? '' : change.path.slice(0, slash)}</span>
          <span className="ml-auto flex shrink-0 items-center gap-1.5 pl-2 font-mono text-12">
            {forecast.outcome === 'merged' ? (
              <span className="flex items-center gap-1 font-ui text-fg-2" title="Merges with your own edits">
                <GitMerge size={13} aria-hidden="true" /> <span className="@max-[560px]/review:sr-only">merges with your own edits</span>
              </span>
            ) : null}
            {hunks > 1 && isOffered ? (
              <span className="font-ui text-fg-2">
                {marked} of {hunks} <span className="@max-[560px]/review:sr-only">hunks</span>
              </span>
            ) : null}
            {word === '' ? null : <span className={`font-ui ${change.state === 'conflict' ? 'text-bad' : 'text-fg-2'}`}>{word}</span>}
            {change.additions > 0 ? <span className="text-add-fg">+{change.additions}</span> : null}
            {change.deletions > 0 ? <span className="text-del-fg">-{change.deletions}</span> : null}
          </span>
        </button>
        {isAsking ? null : <FileButtons change={change} isBusy={isBusy} actions={actions} />}
      </div>
      {isAsking ? (
        <div className="px-3 pb-2">
          <RejectForm
            label={`Why reject ${change.path}`}
            button="Reject"
            onReject={(note) => actions.reject(change, null, note)}
            onClose={() => actions.askNote(change, null, true)}
          />
        </div>
      ) : null}
      <FileNotices
        change={change}
        conflict={forecast.conflict}
        collisions={forecast.collisions}
        isBusy={isBusy}
        onUsePlace={(conflict) => actions.usePlace(change, conflict)}
      />
      <div id={body}>
        {isOpen ? (
          <ChangeBody change={change} diff={diff} asking={asking} options={options} goal={goal} isBusy={isBusy} isOffered={isOffered} actions={actions} />
        ) : null}
      </div>
    </li>
  );
}

function FileButtons({ change, isBusy, actions }: { change: ChangeWithPatch; isBusy: boolean; actions: FileActions }) {
  const back = (word: string, onClick: () => void) => (
    <button type="button" className="btn btn-small text-fg-1" aria-label={`${word} ${change.path}`} disabled={isBusy} onClick={onClick}>
      <Undo2 size={13} /> {word}
    </button>
  );
  if (change.state === 'applied')
    return (
      <>
        <Decided word="Applied" />
        {back('Take back', () => actions.rewind(change, null))}
      </>
    );
  if (change.state === 'rejected')
    return (
      <>
        <span className="text-12 text-fg-2">Rejected</span>
        {back('Restore', () => actions.restore(change))}
      </>
    );
  const isConflict = change.state === 'conflict';
  const marked = countMarked(change);
  return (
    <>
      <button
        type="button"
        className="btn btn-small text-fg-1"
        aria-label={`Reject ${change.path}`}
        disabled={isBusy}
        onClick={() => actions.askNote(change, null)}
      >
        <X size={13} /> Reject
      </button>
      {isConflict ? (
        <button
          type="button"
          className="btn btn-small btn-line"
          aria-label={`Apply again ${change.path}`}
          disabled={isBusy}
          onClick={() => actions.apply(change)}
        >
          <Check size={13} /> Apply again
        </button>
      ) : (
        <button
          type="button"
          className={`btn btn-small btn-file-accept ${change.marked ? 'btn-ok' : 'btn-line'}`}
          aria-label={`Accept ${change.path}`}
          aria-pressed={change.marked ? true : marked > 0 ? 'mixed' : false}
          disabled={isBusy}
          onClick={() => actions.mark(change, null, !change.marked)}
        >
          <Check size={13} /> <span className="accept-word">Accept</span>
        </button>
      )}
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

interface ChangeBodyProps extends Pick<ChangeFileProps, 'change' | 'asking' | 'options' | 'goal' | 'isBusy' | 'actions'> {
  readonly diff: Diff;
  readonly isOffered: boolean;
}

function ChangeBody({ change, diff, asking, options, goal, isBusy, isOffered, actions }: ChangeBodyProps) {
  const [isEditing, setIsEditing] = useState(false);
  const now = useNow(60_000);
  const author = change.agent ?? 'You';
  const { openFile } = actions;
  const words = noPatchWords(change);
  const canEdit = isOffered && !change.binary && change.kind !== 'deleted' && !change.patchTruncated;
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
      {diff.blocks.length > 0 ? (
        <DiffBody
          change={change}
          diff={diff}
          options={options}
          goal={goal}
          asking={asking}
          isBusy={isBusy}
          actions={{
            mark: (hunk, isMarked) => actions.mark(change, [hunk], isMarked),
            reject: (hunk, note) => actions.reject(change, [hunk], note),
            takeBack: (hunk) => actions.rewind(change, [hunk]),
            askNote: (hunk) => actions.askNote(change, hunk, hunk === null),
          }}
        />
      ) : words === null ? null : (
        <p className="px-3 pb-3 text-13 text-fg-1">{words}</p>
      )}
      {change.patchTruncated ? <p className="px-3 py-2 text-12 text-fg-2">Only the beginning is shown; all of it is applied.</p> : null}
      {isEditing ? <EditDialog change={change} onClose={() => setIsEditing(false)} /> : null}
    </>
  );
}
