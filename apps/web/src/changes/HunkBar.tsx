import type { ChangeHunk, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { Check, Undo2, X } from 'lucide-react';
import type { DiffBlock } from './diff-blocks.ts';
import { hunkLines } from './hunk-lines.ts';
import { RejectForm } from './RejectForm.tsx';

/** What can be done with one hunk. */
export interface HunkActions {
  readonly mark: (hunk: ChangeHunk, isMarked: boolean) => void;
  readonly reject: (hunk: ChangeHunk, note: string) => void;
  readonly takeBack: (hunk: ChangeHunk) => void;
  /** Asks why it is rejected; null = does not any more. */
  readonly askNote: (hunk: ChangeHunk | null) => void;
}

interface HunkBarProps {
  readonly change: ChangeWithPatch;
  readonly index: number;
  /** The block that is all this hunk's, which then stands in the same row. */
  readonly block: DiffBlock | null;
  /** False where its lines cannot be seen. */
  readonly isShown: boolean;
  readonly isAsking: boolean;
  readonly isBusy: boolean;
  readonly actions: HunkActions;
}

/** The row above a hunk: where it is, who wrote it, and what can be done with it. */
export function HunkBar({ change, index, block, isShown, isAsking, isBusy, actions }: HunkBarProps) {
  const hunk = change.hunks[index];
  if (hunk === undefined) return null;
  const name = hunkName(change, index);
  const isAccepted = hunk.marked && change.state === 'pending';
  const place = hunkLines(hunk);
  return (
    <>
      <div
        className={`patch-hunk diff-hunk ${isAccepted ? 'diff-hunk-accepted' : ''} ${block === null ? 'diff-hunk-inner' : ''}`}
        tabIndex={-1}
        data-hunk={index}
        role="group"
        aria-label={`${capital(name)}${isAccepted ? ', accepted' : ''}`}
      >
        <div className="diff-hunk-bar">
          <span aria-hidden="true" className="min-w-0 truncate">
            {block === null ? `${capital(place)}` : blockWords(block)}
            {isShown ? null : <span className="pl-2 font-ui">not shown here</span>}
          </span>
          {hunk.agent === null || hunk.agent === change.agent ? null : <span className="diff-chip">{hunk.agent}</span>}
          {change.hunks.length > 1 ? (
            <span aria-hidden="true" className="shrink-0 font-ui @max-[420px]/review:hidden">
              {index + 1} of {change.hunks.length}
            </span>
          ) : null}
          <span className="ml-auto flex shrink-0 items-center gap-1 pl-2 font-ui">
            <HunkButtons hunk={hunk} name={name} state={change.state} isBusy={isBusy} actions={actions} />
          </span>
        </div>
      </div>
      {isAsking ? (
        <div className="diff-note !block">
          <RejectForm label={`Why reject ${name}`} button="Reject" onReject={(note) => actions.reject(hunk, note)} onClose={() => actions.askNote(null)} />
        </div>
      ) : null}
    </>
  );
}

interface HunkButtonsProps extends Pick<HunkBarProps, 'isBusy' | 'actions'> {
  readonly hunk: ChangeHunk;
  readonly name: string;
  readonly state: ChangeWithPatch['state'];
}

function HunkButtons({ hunk, name, state, isBusy, actions }: HunkButtonsProps) {
  if (state === 'applied')
    return (
      <button type="button" className="btn btn-hunk text-fg-1" aria-label={`Take back ${name}`} disabled={isBusy} onClick={() => actions.takeBack(hunk)}>
        <Undo2 size={13} /> Take back
      </button>
    );
  if (state !== 'pending') return null;
  return (
    <>
      <button type="button" className="btn btn-hunk text-fg-1" aria-label={`Reject ${name}`} disabled={isBusy} onClick={() => actions.askNote(hunk)}>
        <X size={13} /> Reject
      </button>
      <button
        type="button"
        className={`btn btn-hunk btn-hunk-accept ${hunk.marked ? 'btn-ok' : ''}`}
        aria-label={`Accept ${name}`}
        aria-pressed={hunk.marked}
        disabled={isBusy}
        onClick={() => actions.mark(hunk, !hunk.marked)}
      >
        <Check size={13} /> <span className="accept-word">Accept</span>
      </button>
    </>
  );
}

/** `hunk 2 of 6, lines 10 to 14`. */
export function hunkName({ hunks }: ChangeWithPatch, index: number): string {
  const hunk = hunks[index];
  const place = hunk === undefined ? '' : hunkLines(hunk);
  return `hunk ${index + 1} of ${hunks.length}${place === '' ? '' : `, ${place}`}`;
}

/** What a patch says of a block. */
export function blockWords({ range, context }: DiffBlock): string {
  return range === '0,0' ? '@@ all of it' : `@@ ${range} ${context}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
