import { memo } from 'react';
import type { Chunks } from './text-chunks.ts';

/** A text that is being written: only its last piece is drawn again. */
export function ChunkedText({ chunks }: { chunks: Chunks }) {
  return (
    <>
      {chunks.closed.map((text, index) => (
        <Chunk key={index} text={text} />
      ))}
      <Chunk key={chunks.closed.length} text={chunks.last} />
    </>
  );
}

const Chunk = memo(function Chunk({ text }: { text: string }) {
  return <span>{text}</span>;
});
