import { RotateCw, WrapText } from 'lucide-react';
import { type CSSProperties, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import type { PaneProps } from '../panes/pane-props.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { isFocusFree, MayTakeFocusContext } from '../ui/may-take-focus.ts';
import { FilePlace, usePlace } from './FilePlace.tsx';
import { fileSize, lineOfHash } from './file-words.ts';
import { useColouredLines, useFile } from './use-file.ts';

/** A file to read, with its lines numbered. A wish for a line, or `#L10` in the address, leads there. */
export function FileView({ projectId, sessionId, params, goal: asked, isActive }: PaneProps) {
  const path = params.ref ?? '';
  const [place, setPlace] = usePlace(sessionId);
  const { file, failure, reload } = useFile({ projectId, session: place === 'worktree' ? sessionId : undefined, path, isActive });
  const [isWrapped, setIsWrapped] = useState(false);
  const [goal, setGoal] = useState<{ readonly line: number; readonly stamp: number } | null>(null);
  const goTo = (line: number) => setGoal((now) => ({ line, stamp: (now?.stamp ?? 0) + 1 }));
  const [seen, setSeen] = useState<PaneProps['goal']>(undefined);
  if (asked !== seen) {
    setSeen(asked);
    if (asked !== undefined) setGoal({ line: asked.line, stamp: (goal?.stamp ?? 0) + 1 });
  }
  useEffect(() => {
    const follow = () => {
      const line = lineOfHash(location.hash);
      if (line !== null) setGoal((now) => ({ line, stamp: (now?.stamp ?? 0) + 1 }));
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [path]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-(--bar) flex-wrap items-center gap-x-1 border-b border-line px-3">
        <p className="mr-auto min-w-0 py-1 font-mono text-12 [overflow-wrap:anywhere] text-fg-1">
          {path}
          {file === null ? null : <span className="font-ui text-fg-2"> · {file.lines === null ? fileSize(file.size) : `${file.lines} lines`}</span>}
        </p>
        {file?.text === null || file === null ? null : <GoToLine onGo={goTo} />}
        <button
          type="button"
          className={`btn btn-icon ${isWrapped ? '!bg-bg-3 !text-fg-0' : ''}`}
          aria-pressed={isWrapped}
          aria-label="Wrap long lines"
          title="Wrap long lines"
          onClick={() => setIsWrapped(!isWrapped)}
        >
          <WrapText size={15} />
        </button>
        <button type="button" className="btn btn-icon" aria-label="Read it again" title="Read it again" onClick={reload}>
          <RotateCw size={14} />
        </button>
        {file?.text === null || file === null ? null : <CopyButton text={file.text} label="Copy the file" />}
        <FilePlace place={place} onChoose={setPlace} />
      </div>
      {failure === null ? null : (
        <div className="p-3">
          <RetryLine message={failure} onRetry={reload} />
        </div>
      )}
      {file === null ? (
        failure === null && <FileSkeleton />
      ) : file.text === null ? (
        <Nothing title="Not text" text={`This file of ${fileSize(file.size)} cannot be shown as lines.`} />
      ) : file.text === '' ? (
        <Nothing title="Empty" text="There is nothing in this file yet." />
      ) : (
        <FileLines path={path} text={file.text} isWrapped={isWrapped} goal={goal} onLine={goTo} />
      )}
      {file?.truncated === true ? (
        <p className="border-t border-line px-3 py-2 text-12 text-warn">Only the beginning of {fileSize(file.size)} is shown.</p>
      ) : null}
    </div>
  );
}

function GoToLine({ onGo }: { onGo: (line: number) => void }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const line = Number(new FormData(event.currentTarget).get('line'));
        if (line >= 1) onGo(Math.floor(line));
      }}
    >
      <input name="line" inputMode="numeric" pattern="[0-9]*" className="field !w-20 !px-2 !py-1 !text-12" aria-label="Go to line" placeholder="Line" />
    </form>
  );
}

interface FileLinesProps {
  readonly path: string;
  readonly text: string;
  readonly isWrapped: boolean;
  readonly goal: { readonly line: number; readonly stamp: number } | null;
  readonly onLine: (line: number) => void;
}

function FileLines({ path, text, isWrapped, goal, onLine }: FileLinesProps) {
  const lines = useMemo(() => splitLines(text), [text]);
  const html = useColouredLines(path, text);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<VirtualizerHandle>(null);
  const chosen = goal === null ? null : Math.min(goal.line, lines.length);
  useEffect(() => {
    if (chosen !== null) rows.current?.scrollToIndex(chosen - 1, { align: 'center' });
  }, [chosen, goal]);
  const mayTakeFocus = useContext(MayTakeFocusContext);
  const isFresh = useRef(true);
  useEffect(() => {
    if (isFresh.current && mayTakeFocus && isFocusFree() && document.activeElement?.closest('input, textarea') == null)
      scroller.current?.focus({ preventScroll: true });
    isFresh.current = false;
  }, [mayTakeFocus]);
  const choose = (line: number) => {
    history.replaceState(history.state, '', `#L${line}`);
    onLine(line);
  };
  return (
    <div
      ref={scroller}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
      tabIndex={0}
      role="region"
      aria-label={`Text of ${path}`}
      className={`patch file code min-h-0 flex-1 overflow-auto -outline-offset-2 ${isWrapped ? 'file-wrapped' : ''}`}
    >
      <div className="patch-lines" style={widthOf(lines)}>
        <Virtualizer ref={rows} data={lines} scrollRef={scroller} itemSize={19}>
          {(line, index) => (
            <div className={`patch-line ${chosen === index + 1 ? 'file-line-chosen' : ''}`} aria-current={chosen === index + 1 ? 'location' : undefined}>
              <button
                type="button"
                tabIndex={-1}
                className="patch-number file-number"
                aria-label={`Link to line ${index + 1}`}
                onClick={() => choose(index + 1)}
              >
                {index + 1}
              </button>
              {html === null ? (
                <span className="patch-text">{line}</span>
              ) : (
                <span className="patch-text" dangerouslySetInnerHTML={{ __html: html[index] ?? '' }} />
              )}
            </div>
          )}
        </Virtualizer>
      </div>
    </div>
  );
}

/** The line break at the end begins no line. */
function splitLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.length > 1 && lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function widthOf(lines: readonly string[]): CSSProperties {
  const longest = lines.reduce((most, line) => Math.max(most, line.length), 0);
  return { '--longest': `${longest + 12}ch` } as CSSProperties;
}

function Nothing({ title, text }: { title: string; text: string }) {
  return (
    <div className="grid min-h-0 flex-1 place-content-center justify-items-center gap-1 p-6 text-center">
      <p className="text-15 font-semibold">{title}</p>
      <p className="max-w-[44ch] text-13 text-fg-1">{text}</p>
    </div>
  );
}

function FileSkeleton() {
  return (
    <div className="flex-1 space-y-2 p-3" role="status" aria-label="Reading the file">
      <div className="skeleton h-4 w-1/2" />
      <div className="skeleton h-4 w-2/3" />
      <div className="skeleton h-4 w-2/5" />
    </div>
  );
}
