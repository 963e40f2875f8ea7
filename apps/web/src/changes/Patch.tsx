import { memo, useMemo, useRef } from 'react';
import { Virtualizer } from 'virtua';
import { findLanguage } from '../markdown/highlight.ts';
import { useHighlight } from '../markdown/use-highlight.ts';
import { patchHtml } from './patch-html.ts';
import { parsePatch, type PatchLine } from './patch-lines.ts';

interface PatchProps {
  readonly path: string;
  readonly patch: string;
  /** Without line numbers and hunk headers, for the timeline. */
  readonly isCompact?: boolean;
  /** What it is, where it is not what was changed. */
  readonly label?: string;
}

const VIRTUAL_ABOVE = 400;

/** A unified patch with line numbers and colours. Long ones draw only what is seen. */
export const Patch = memo(function Patch({ path, patch, isCompact = false, label = `Changes of ${path}` }: PatchProps) {
  const lines = useMemo(() => parsePatch(patch), [patch]);
  const highlight = useHighlight(findLanguage(path));
  const html = useMemo(() => (highlight === null ? null : patchHtml(lines, highlight)), [lines, highlight]);
  const scroller = useRef<HTMLDivElement>(null);
  const isLong = lines.length > VIRTUAL_ABOVE;
  const row = (line: PatchLine, index: number) => <LineRow key={index} line={line} html={html?.[index] ?? null} isCompact={isCompact} isFirst={index === 0} />;
  return (
    <div
      ref={scroller}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
      tabIndex={0}
      role="region"
      aria-label={label}
      className={`patch code overflow-auto ${isLong ? 'h-[70vh]' : ''} ${isCompact ? 'py-1.5' : ''}`}
    >
      <div className="patch-lines">
        {isLong ? (
          <Virtualizer data={lines} scrollRef={scroller}>
            {row}
          </Virtualizer>
        ) : (
          lines.map(row)
        )}
      </div>
    </div>
  );
});

function LineRow({ line, html, isCompact, isFirst }: { line: PatchLine; html: string | null; isCompact: boolean; isFirst: boolean }) {
  if (line.kind === 'hunk') {
    if (isCompact) return isFirst ? null : <div className="patch-gap" aria-hidden="true" />;
    return (
      <div className="patch-hunk">
        @@ {line.range} {line.context}
      </div>
    );
  }
  if (line.kind === 'note') return <div className="patch-note">{line.text}</div>;
  const sign = line.kind === 'added' ? '+' : line.kind === 'removed' ? '-' : ' ';
  return (
    <div className={`patch-line patch-${line.kind}`}>
      {isCompact ? null : <span className="patch-number">{line.old}</span>}
      {isCompact ? null : <span className="patch-number">{line.new}</span>}
      <span className="patch-sign">{sign}</span>
      {html === null ? <span className="patch-text">{line.text}</span> : <span className="patch-text" dangerouslySetInnerHTML={{ __html: html }} />}
    </div>
  );
}
