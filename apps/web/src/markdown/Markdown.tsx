import { memo, useMemo, useRef } from 'react';
import { blockHtml } from './block-html.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { type Block, EMPTY_MARKDOWN, growMarkdown, splitMarkdown } from './markdown-blocks.ts';

/** Markdown, formatted while it streams: closed blocks are drawn once, and the whole is parsed again when it is complete. */
export const Markdown = memo(function Markdown({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  const grown = useRef(EMPTY_MARKDOWN);
  const blocks = useMemo(() => {
    if (!isStreaming) return { closed: splitMarkdown(text), open: [] };
    grown.current = growMarkdown(grown.current, withoutHalfMarker(text));
    return grown.current;
  }, [text, isStreaming]);
  return (
    <div className="prose">
      {blocks.closed.map((block, index) => (
        <MarkdownBlock key={index} block={block} isOpen={false} />
      ))}
      {blocks.open.map((block, index) => (
        <MarkdownBlock key={blocks.closed.length + index} block={block} isOpen={index === blocks.open.length - 1} />
      ))}
    </div>
  );
});

const MarkdownBlock = memo(
  function MarkdownBlock({ block, isOpen }: { block: Block; isOpen: boolean }) {
    const html = useMemo(() => (block.kind === 'code' ? '' : blockHtml(block.token)), [block]);
    if (block.kind === 'code') return <CodeBlock code={block.code} language={block.language} isOpen={isOpen} />;
    if (html.trim() === '') return null;
    return <div className="md-block" dangerouslySetInnerHTML={{ __html: html }} />;
  },
  // a reference link is the one thing that a later definition changes without changing its own text
  (before, after) =>
    before.isOpen === after.isOpen && before.block.kind === after.block.kind && before.block.raw === after.block.raw && !after.block.raw.includes(']['),
);

/** The beginning of a marker at the very end would flash as text. */
function withoutHalfMarker(text: string): string {
  let end = text.length;
  while (end > text.length - 3 && MARKERS.has(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

const MARKERS = new Set(['*', '_', '~', '`']);
