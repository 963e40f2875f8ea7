import type { Part } from '@boocode/contracts/turn-state.ts';

/** Characters of a text that share a row: writing more of a text rewrites at most this much. */
export const SEGMENT_CHARS = 4_096;

export interface PartRow {
  readonly index: number;
  readonly segment: number;
  /** JSON text; null on every segment of a text but the first. */
  readonly data: string | null;
  readonly text: string;
}

/** The rows to insert or replace so that what is stored (`saved`) becomes `parts`. Parts only grow: rows are never removed. */
export function mapPartRows(saved: readonly Part[], parts: readonly Part[]): PartRow[] {
  return parts.flatMap((part, index) => (part === saved[index] ? [] : rowsOf(saved[index], part, index)));
}

function rowsOf(saved: Part | undefined, part: Part, index: number): PartRow[] {
  if (part.type !== 'text' && part.type !== 'reasoning') return [{ index, segment: 0, data: JSON.stringify(part), text: '' }];
  const savedLength = saved?.type === part.type ? saved.text.length : 0;
  const rows: PartRow[] = [];
  const firstSegment = Math.floor(savedLength / SEGMENT_CHARS);
  for (let segment = firstSegment; segment === firstSegment || segment * SEGMENT_CHARS < part.text.length; segment++) {
    const text = part.text.slice(segment * SEGMENT_CHARS, (segment + 1) * SEGMENT_CHARS);
    if (segment > 0 && text === '') break;
    rows.push({ index, segment, data: segment === 0 ? JSON.stringify({ type: part.type }) : null, text });
  }
  return rows;
}
