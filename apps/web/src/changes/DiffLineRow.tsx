import type { ChangeSide } from '@boocode/contracts/change.ts';
import { memo } from 'react';
import type { LinePlace } from './CommentThread.tsx';
import type { DiffLine } from './diff-blocks.ts';
import { escapeHtml, markHtml } from './mark-html.ts';

interface RowProps {
  readonly line: DiffLine;
  /** Coloured; null = plain. */
  readonly html: string | null;
  /** Null where nothing can be said about a line. */
  readonly onComment: ((place: LinePlace) => void) | null;
  /** Its hunk goes with the next apply. */
  readonly isAccepted: boolean;
}

/** A line of a diff in one column: both numbers, sign, text. */
export const DiffLineRow = memo(function DiffLineRow({ line, html, onComment, isAccepted }: RowProps) {
  const sign = line.kind === 'added' ? '+' : line.kind === 'removed' ? '-' : ' ';
  return (
    <div className={`patch-line patch-${line.kind} ${isAccepted ? 'patch-accepted' : ''}`}>
      {line.new === null ? <LineNumber line={line} side="old" onComment={onComment} /> : <span className="patch-number">{line.old}</span>}
      {line.new === null ? <span className="patch-number" /> : <LineNumber line={line} side="new" onComment={onComment} />}
      <span className="patch-sign">{sign}</span>
      <LineText line={line} html={html} />
    </div>
  );
});

/** Old and new beside each other; what has no counterpart leaves its half empty. */
export const DiffPairRow = memo(function DiffPairRow({
  left,
  right,
  leftHtml,
  rightHtml,
  onComment,
  isAccepted,
}: Omit<RowProps, 'line' | 'html'> & { left: DiffLine | null; right: DiffLine | null; leftHtml: string | null; rightHtml: string | null }) {
  return (
    <div className={`patch-pair ${isAccepted ? 'patch-accepted' : ''}`}>
      <PairHalf line={left} side="old" html={leftHtml} onComment={onComment} />
      <PairHalf line={right} side="new" html={rightHtml} onComment={onComment} />
    </div>
  );
});

function PairHalf({ line, side, html, onComment }: Pick<RowProps, 'html' | 'onComment'> & { line: DiffLine | null; side: ChangeSide }) {
  if (line === null) return <div className="patch-half patch-none" />;
  return (
    <div className={`patch-half patch-${line.kind}`}>
      <LineNumber line={line} side={side} onComment={onComment} />
      <LineText line={line} html={html} />
    </div>
  );
}

function LineNumber({ line, side, onComment }: { line: DiffLine; side: ChangeSide; onComment: RowProps['onComment'] }) {
  const number = line[side];
  if (number === null || onComment === null) return <span className="patch-number">{number}</span>;
  return (
    // reached by the arrow keys and J/K: thousands of stops for Tab would help nobody
    <button
      type="button"
      tabIndex={-1}
      className="patch-number patch-number-button"
      data-line={`${side}:${number}`}
      data-changed={line.kind === 'context' ? undefined : ''}
      aria-label={`Comment on ${side === 'old' ? 'old ' : ''}line ${number}`}
      onClick={() => onComment({ side, line: number })}
    >
      {number}
    </button>
  );
}

function LineText({ line, html }: Pick<RowProps, 'line' | 'html'>) {
  const words = line.pair?.words() ?? null;
  const ranges = words === null ? [] : line.kind === 'removed' ? words.old : words.new;
  const end = line.isUnended ? (
    <span className="patch-unended" title="No line break at the end of the file">
      no line break at the end
    </span>
  ) : null;
  if (html === null && ranges.length === 0)
    return (
      <span className="patch-text">
        {line.text}
        {end}
      </span>
    );
  return (
    <span className="patch-text">
      <span dangerouslySetInnerHTML={{ __html: markHtml(html ?? escapeHtml(line.text), ranges) }} />
      {end}
    </span>
  );
}
