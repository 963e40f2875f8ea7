import type { ToolPart } from '@boocode/contracts/turn-state.ts';
import { lazy, use, useMemo } from 'react';
import { CodeArea } from '../ui/CodeArea.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { parseAnsi } from './ansi-text.ts';
import { OpenPlaceContext, type OpenPlace } from './open-place.tsx';
import { searchHits } from './search-hits.ts';
import { inputText } from './tool-words.ts';

const Patch = lazy(async () => ({ default: (await import('../changes/Patch.tsx')).Patch }));
const SHOWN_HITS = 500;

/** What went into a tool call and what came out: edits as diffs, commands with their colours, search hits as links. */
export function ToolBody({ part }: { part: ToolPart }) {
  const { output } = part;
  if (output !== null && output.diffs.length > 0) {
    return (
      <div className="mt-1 mb-2 space-y-2">
        {output.diffs.map((diff) => (
          <div key={diff.path} className="well">
            {diff.patch === null ? (
              <p className="px-3 py-2 text-12 text-fg-1">{diff.path}: too large or not text, so it is not shown here.</p>
            ) : (
              <LazyBoundary fallback={<div className="h-24" />}>
                <Patch path={diff.path} patch={diff.patch} isCompact />
              </LazyBoundary>
            )}
          </div>
        ))}
      </div>
    );
  }
  const input = part.kind === 'execute' ? '' : inputText(part.input); // a command is its own title
  return (
    <div className="well code mt-1 mb-2 divide-y divide-line">
      {input === '' ? null : (
        <CodeArea label="Input" className="max-h-48 px-3 py-2 whitespace-pre-wrap text-fg-2 [overflow-wrap:anywhere]">
          {input}
        </CodeArea>
      )}
      <ToolText part={part} />
      {output?.truncated === true ? (
        <p className="px-3 py-2 text-fg-2">
          Shortened: {output.lines} lines in all{output.file === null ? '' : `, kept in ${output.file}`}
        </p>
      ) : null}
    </div>
  );
}

function ToolText({ part }: { part: ToolPart }) {
  const open = use(OpenPlaceContext);
  const text = part.output === null ? part.live : part.output.text;
  if (text === '') return <p className="px-3 py-2 text-fg-2">{part.status === 'running' || part.status === 'pending' ? 'No output yet' : 'No output'}</p>;
  if (part.kind === 'search' && open !== null) return <Hits text={text} open={open} />;
  return (
    <CodeArea label="Output" className="flex max-h-72 flex-col-reverse px-3 py-2 whitespace-pre-wrap text-fg-1 [overflow-wrap:anywhere]">
      <span>
        <AnsiText text={text} />
      </span>
    </CodeArea>
  );
}

function AnsiText({ text }: { text: string }) {
  const spans = useMemo(() => parseAnsi(text), [text]);
  return spans.map((span, index) =>
    span.styles.length === 0 ? (
      span.text
    ) : (
      <span key={index} className={span.styles.map((style) => `ansi-${style}`).join(' ')}>
        {span.text}
      </span>
    ),
  );
}

function Hits({ text, open }: { text: string; open: OpenPlace }) {
  const hits = useMemo(() => searchHits(text), [text]);
  return (
    <CodeArea label="Output" className="max-h-72 px-3 py-2 whitespace-pre-wrap text-fg-1 [overflow-wrap:anywhere]">
      {hits.slice(0, SHOWN_HITS).map((hit, index) => (
        <div key={index}>
          {hit.path === null ? null : (
            <button type="button" className="text-accent-text hover:underline" onClick={() => open('file', { ref: hit.path, line: hit.line })}>
              {hit.path}:{hit.line}
            </button>
          )}
          {hit.path === null ? hit.text : ` ${hit.text.trim()}`}
        </div>
      ))}
      {hits.length > SHOWN_HITS ? <div className="text-fg-2">and {hits.length - SHOWN_HITS} more lines</div> : null}
    </CodeArea>
  );
}
