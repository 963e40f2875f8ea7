import type { ChangeComment, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { CommentForm, CommentNote, type LinePlace } from './CommentThread.tsx';
import { type DiffHunk, type DiffLine, type DiffRow, diffHunks, diffRows } from './diff-hunks.ts';
import { DiffLineRow, DiffPairRow } from './DiffLineRow.tsx';
import type { DiffOptions } from './diff-options.ts';
import { LazyRows } from './LazyRows.tsx';
import { useDiffHtml } from './use-diff-html.ts';

const ROW_HEIGHT = 19;

interface DiffBodyProps {
  readonly change: ChangeWithPatch;
  readonly patch: string;
  readonly options: DiffOptions;
  /** The hunk that the keyboard went to last; `stamp` grows each time. */
  readonly goal: { readonly hunk: number; readonly stamp: number } | null;
}

/** The diff of one file, with what was said about its lines. */
export function DiffBody({ change, patch, options, goal }: DiffBodyProps) {
  const { api, changes } = useLive();
  const hunks = useMemo(() => diffHunks(patch, options.isSpaceHidden), [patch, options.isSpaceHidden]);
  const rows = useMemo(() => diffRows(hunks, options.isSplit), [hunks, options.isSplit]);
  const html = useDiffHtml(change, hunks);
  const [draft, setDraft] = useState<LinePlace | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const wanted = goal === null ? null : rows.findIndex((row) => row.type === 'hunk' && row.index === goal.hunk);
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
  return (
    <div
      ref={area}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
      tabIndex={0}
      role="region"
      aria-label={`Diff of ${change.path}`}
      className={`patch diff code ${options.isSplit ? 'diff-split' : ''}`}
    >
      <div className="patch-lines" style={widthOf(hunks)}>
        <LazyRows rows={rows} rowHeight={ROW_HEIGHT} wanted={wanted}>
          {(row, index) => (
            <div key={index}>
              <Row row={row} count={hunks.length} html={html} onComment={onComment} isAccepted={change.marked && change.state === 'pending'} />
              {hasNotes ? below(row) : null}
            </div>
          )}
        </LazyRows>
      </div>
    </div>
  );
}

interface RowProps extends Pick<Parameters<typeof DiffLineRow>[0], 'html' | 'onComment'> {
  readonly row: DiffRow;
  readonly count: number;
  readonly isAccepted: boolean;
}

function Row({ row, count, html, onComment, isAccepted }: RowProps) {
  switch (row.type) {
    case 'hunk':
      return (
        <div
          className={`patch-hunk diff-hunk ${isAccepted ? 'diff-hunk-accepted' : ''}`}
          tabIndex={-1}
          data-hunk={row.index}
          role="group"
          aria-label={hunkLabel(row.hunk, row.index, count)}
        >
          <span aria-hidden="true">{row.hunk.range === '0,0' ? '@@ all of it' : `@@ ${row.hunk.range} ${row.hunk.context}`}</span>
          {count > 1 ? (
            <span aria-hidden="true" className="ml-auto pl-3 font-ui">
              {row.index + 1} of {count} hunks
            </span>
          ) : null}
        </div>
      );
    case 'same':
      return <div className="patch-note font-ui">Only white space changed here.</div>;
    case 'line':
      return <DiffLineRow line={row.line} html={html} onComment={onComment} />;
    case 'pair':
      return <DiffPairRow left={row.left} right={row.right} html={html} onComment={onComment} />;
  }
}

function hunkLabel(hunk: DiffHunk, index: number, count: number): string {
  return `Hunk ${index + 1} of ${count}, line ${hunk.range.split(',')[0]}${hunk.context === '' ? '' : `, ${hunk.context}`}`;
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
function widthOf(hunks: readonly DiffHunk[]): CSSProperties {
  const longest = hunks.reduce((most, hunk) => hunk.lines.reduce((width, line) => Math.max(width, line.text.length), most), 0);
  return { '--longest': `${longest + 16}ch` } as CSSProperties;
}
