import { canonicalLine, type Looseness } from './canonical-line.ts';
import type { FileView } from './file-view.ts';
import { findLoosely, isWholeLines } from './find-passages.ts';

export interface SegmentPlace {
  readonly firstRow: number;
}

/** Where whole lines are, at the first looseness that finds any. */
export function findSegment(file: FileView, lines: readonly string[], upTo: readonly Looseness[]): readonly SegmentPlace[] {
  for (const looseness of upTo) {
    const canonical = lines.map((line) => canonicalLine(line, looseness));
    const spans = findLoosely(file, canonical, looseness, true).filter((span) => isWholeLines(file, span));
    if (spans.length > 0) return spans;
  }
  return [];
}
