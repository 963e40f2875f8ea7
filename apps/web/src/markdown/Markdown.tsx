import type { Part } from '@boocode/contracts/turn-state.ts';
import { memo, useMemo, useRef } from 'react';
import { groupBlocks } from './block-groups.ts';
import { blockHtml } from './block-html.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { type Grown, growText } from './growing-text.ts';
import { appendMarkdown, type Block, EMPTY_MARKDOWN, type MarkdownState, splitMarkdown } from './markdown-blocks.ts';

type Groups = readonly (readonly Block[])[];

/** Markdown, formatted while it streams: closed blocks are drawn once, and the whole is parsed again when it is complete. */
export const Markdown = memo(function Markdown({ part, isStreaming }: { part: Extract<Part, { type: 'text' }>; isStreaming: boolean }) {
  const grown = useRef<Grown<MarkdownState> | null>(null);
  const grouped = useRef<Groups>([]);
  const groups = useMemo((): Groups => {
    if (!isStreaming) return groupBlocks([], splitMarkdown(part.text), []);
    grown.current = growText(grown.current, part, EMPTY_MARKDOWN, appendMarkdown);
    grouped.current = groupBlocks(grouped.current, grown.current.value.closed, grown.current.value.open);
    return grouped.current;
  }, [part, isStreaming]);
  return (
    <div className="prose">
      {groups.map((group, index) => (
        <MarkdownGroup key={index} group={group} />
      ))}
    </div>
  );
});

const MarkdownGroup = memo(function MarkdownGroup({ group }: { group: readonly Block[] }) {
  return (
    <div className="md-group">
      {group.map((block, index) => (
        <MarkdownBlock key={index} block={block} />
      ))}
    </div>
  );
});

const MarkdownBlock = memo(
  function MarkdownBlock({ block }: { block: Block }) {
    const html = useMemo(() => (block.kind === 'code' ? '' : blockHtml(block.token)), [block]);
    if (block.kind === 'code') return <CodeBlock block={block} />;
    if (html.trim() === '') return null;
    return <div className="md-block" dangerouslySetInnerHTML={{ __html: html }} />;
  },
  (before, after) => before.block === after.block || isSame(before.block, after.block),
);

/** A reference link is the one thing that a later definition changes without changing its own text. */
function isSame(before: Block, after: Block): boolean {
  if (before.kind === 'code') return after.kind === 'code' && before.written === after.written && before.raw === after.raw;
  return after.kind === 'other' && before.raw === after.raw && before.token.type === after.token.type && !after.raw.includes('][');
}
