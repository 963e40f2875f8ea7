import type { ChangeComment, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { type CSSProperties, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { CommentForm, CommentNote, type LinePlace } from './CommentThread.tsx';
import { type DiffBlock, type DiffLine, type DiffRow, diffRows } from './diff-blocks.ts';
import { DiffLineRow, DiffPairRow } from './DiffLineRow.tsx';
import type { DiffOptions } from './diff-options.ts';
import { blockWords, type HunkActions, HunkBar } from './HunkBar.tsx';
import { LazyRows } from './LazyRows.tsx';
import type { Diff } from './use-diff.ts';
import { type DiffHtml, htmlOf } from './use-diff-html.ts';

const LINE_HEIGHT = 19;
const BAR_HEIGHT = matchMedia('(pointer: coarse)').matches ? 52 : 34;

interface DiffBodyProps {
  readonly change: ChangeWithPatch;
  readonly diff: Diff;
  readonly options: DiffOptions;
  /** The hunk that the keyboard went to last; `stamp` grows each time. */
  readonly goal: { readonly hunk: number; readonly stamp: number } | null;
  /** The hunk whose rejection is being explained, by its id. */
  readonly asking: string | null;
  readonly isBusy: boolean;
  readonly actions: HunkActions;
}

/** The diff of one file, with what was said about its lines. */
export function DiffBody({ change, diff: { blocks, isWhole, html }, options, goal, asking, isBusy, actions }: DiffBodyProps) {
  const { api, changes } = useLive();
  const { hunks } = change;
  const count = isWhole ? hunks.length : null;
  const rows = useMemo(() => diffRows(blocks, count, options.isSplit), [blocks, count, options.isSplit]);
  const width = useMemo(() => widthOf(blocks), [blocks]);
  const [draft, setDraft] = useState<LinePlace | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const wanted = goal === null ? null : rows.findIndex((row) => isBarOf(row, goal.hunk));
  const { hunk: goalHunk, stamp } = goal ?? { hunk: null, stamp: 0 };
  useEffect(() => {
    if (goalHunk === null || stamp === 0) return;
    const header = area.current?.querySelector<HTMLElement>(`[data-hunk="${goalHunk}"]`);
    header?.focus({ preventScroll: true });
    header?.scrollIntoView({ block: 'nearest' });
  }, [goalHunk, stamp]);

  const reload = () => changes.load(change.sessionId);
  const send = (place: LinePlace, text: string) => api.commentOnChange({ params: { id: change.id }, body: { ...place, text } }).finally(reload);
  const remove = (comment: ChangeComment) => void api.deleteComment({ params: { id: comment.id } }).finally(reload);
  const close = (place: LinePlace) => {
    setDraft(null);
    area.current?.querySelector<HTMLElement>(`[data-line="${place.side}:${place.line}"]`)?.focus();
  };
  const comments = change.comments ?? [];
  const canComment = change.state === 'pending' || change.state === 'conflict' || change.state === 'applied';
  const below = (row: DiffRow) =>
    placesOf(row).map((place) => {
      const notes = comments.filter((comment) => comment.side === place.side && comment.line === place.line);
      const isDraft = draft?.side === place.side && draft.line === place.line;
      return (
        <div key={place.side}>
          {notes.map((comment) => (
            <CommentNote key={comment.id} comment={comment} onDelete={remove} />
          ))}
          {isDraft ? <CommentForm place={place} onSend={(text) => send(place, text)} onClose={() => close(place)} /> : null}
        </div>
      );
    });
  const hasNotes = comments.length > 0 || draft !== null;
  const onComment = canComment ? setDraft : null;
  const heightOf = useCallback((row: DiffRow) => (row.type === 'block' || row.type === 'hunk' ? BAR_HEIGHT : LINE_HEIGHT), []);
  const bar = (index: number, block: DiffBlock | null, isShown: boolean) => (
    <HunkBar
      change={change}
      index={index}
      block={block}
      isShown={isShown}
      isAsking={asking !== null && hunks[index]?.id === asking}
      isBusy={isBusy}
      actions={actions}
    />
  );
  return (
    <div
      ref={area}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
      tabIndex={0}
      role="region"
      aria-label={`Diff of ${change.path}`}
      className={`patch diff code ${options.isSplit ? 'diff-split' : ''}`}
    >
      <div className="patch-lines" style={width}>
        <LazyRows rows={rows} heightOf={heightOf} wanted={wanted}>
          {(row, index) => (
            <div key={index}>
              <Row row={row} html={html} onComment={onComment} bar={bar} isAccepted={(hunk) => change.state === 'pending' && hunks[hunk]?.marked === true} />
              {hasNotes ? below(row) : null}
            </div>
          )}
        </LazyRows>
      </div>
    </div>
  );
}

interface RowProps extends Pick<Parameters<typeof DiffLineRow>[0], 'onComment'> {
  readonly row: DiffRow;
  readonly html: DiffHtml | null;
  readonly bar: (index: number, block: DiffBlock | null, isShown: boolean) => ReactNode;
  readonly isAccepted: (hunk: number) => boolean;
}

function Row({ row, html, onComment, bar, isAccepted }: RowProps) {
  switch (row.type) {
    case 'block':
      if (row.hunk !== null) return bar(row.hunk, row.block, true);
      return (
        <div className="patch-hunk diff-block" aria-hidden="true">
          {blockWords(row.block)}
        </div>
      );
    case 'hunk':
      return bar(row.hunk, null, row.isShown);
    case 'same':
      return <div className="patch-note font-ui">Only white space changed here.</div>;
    case 'line':
      return (
        <DiffLineRow line={row.line} html={htmlOf(html, row.line)} onComment={onComment} isAccepted={row.line.hunk !== null && isAccepted(row.line.hunk)} />
      );
    case 'pair': {
      const hunk = row.left?.hunk ?? row.right?.hunk ?? null;
      return (
        <DiffPairRow
          left={row.left}
          right={row.right}
          leftHtml={htmlOf(html, row.left)}
          rightHtml={htmlOf(html, row.right)}
          onComment={onComment}
          isAccepted={hunk !== null && isAccepted(hunk)}
        />
      );
    }
  }
}

function isBarOf(row: DiffRow, hunk: number): boolean {
  return (row.type === 'block' || row.type === 'hunk') && row.hunk === hunk;
}

/** Where comments of a row are kept: a context line belongs to the new side. */
function placesOf(row: DiffRow): readonly LinePlace[] {
  const place = (line: DiffLine | null): readonly LinePlace[] => {
    if (line === null) return [];
    if (line.new !== null) return [{ side: 'new', line: line.new }];
    return line.old === null ? [] : [{ side: 'old', line: line.old }];
  };
  if (row.type === 'line') return place(row.line);
  if (row.type === 'pair') return row.left === row.right ? place(row.right) : [...place(row.left), ...place(row.right)];
  return [];
}

/** As wide as the longest line from the start: rows that are not drawn yet would widen it later. */
function widthOf(blocks: readonly DiffBlock[]): CSSProperties {
  const longest = blocks.reduce((most, block) => block.lines.reduce((width, line) => Math.max(width, line.text.length), most), 0);
  return { '--longest': `${longest + 16}ch` } as CSSProperties;
}
