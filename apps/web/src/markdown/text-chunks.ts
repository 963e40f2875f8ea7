/** A text in pieces; only `last` changes while it is appended to. */
export interface Chunks {
  readonly closed: readonly string[];
  readonly last: string;
}

export const NO_CHUNKS: Chunks = { closed: [], last: '' };

const CHUNK_LENGTH = 2_000;

export function appendChunks(chunks: Chunks, text: string): Chunks {
  let last = chunks.last + text;
  if (last.length <= CHUNK_LENGTH) return { closed: chunks.closed, last };
  const closed = [...chunks.closed];
  for (; last.length > CHUNK_LENGTH; last = last.slice(CHUNK_LENGTH)) closed.push(last.slice(0, CHUNK_LENGTH));
  return { closed, last };
}
