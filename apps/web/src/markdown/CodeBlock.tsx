import { WrapText } from 'lucide-react';
import { memo, useMemo, useState } from 'react';
import { CodeArea } from '../ui/CodeArea.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { ChunkedText } from './ChunkedText.tsx';
import { findLanguage } from './highlight.ts';
import type { Block } from './markdown-blocks.ts';
import { useHighlight } from './use-highlight.ts';

/** Colouring more than this would hold the page up. */
const HIGHLIGHT_LIMIT = 200_000;

/** A fenced block. While it is still being written it stays plain: colouring it on every token costs too much. */
export const CodeBlock = memo(function CodeBlock({ block }: { block: Extract<Block, { kind: 'code' }> }) {
  const { code, language, written } = block;
  const highlight = useHighlight(written !== null || language === '' || code.length > HIGHLIGHT_LIMIT ? null : findLanguage(language));
  const html = useMemo(() => (highlight === null ? null : highlight(code)), [highlight, code]);
  const [isWrapped, setIsWrapped] = useState(false);
  const name = language === '' ? 'text' : language;
  return (
    <div className="well group">
      <div className="flex h-8 items-center gap-0.5 border-b border-line pr-1 pl-3 text-12 text-fg-2">
        <span className="mr-auto truncate">{name}</span>
        <button
          type="button"
          className={`btn btn-icon btn-tiny ${isWrapped ? '!text-accent-text' : ''}`}
          aria-pressed={isWrapped}
          aria-label="Wrap long lines"
          title="Wrap long lines"
          onClick={() => setIsWrapped(!isWrapped)}
        >
          <WrapText size={14} />
        </button>
        <CopyButton text={code} label="Copy code" />
      </div>
      <CodeArea label={`Code, ${name}`} className={`code p-3 !border-0 !bg-transparent ${isWrapped ? 'whitespace-pre-wrap [overflow-wrap:anywhere]' : ''}`}>
        {html === null ? <code>{written === null ? code : <ChunkedText chunks={written} />}</code> : <code dangerouslySetInnerHTML={{ __html: html }} />}
      </CodeArea>
    </div>
  );
});
