import type { FileMatch } from '@boocode/contracts/project-file.ts';

export interface MatchGroup {
  readonly path: string;
  readonly matches: readonly FileMatch[];
}

/** Matches by file, in the order in which they came. */
export function groupMatches(matches: readonly FileMatch[]): readonly MatchGroup[] {
  return [...Map.groupBy(matches, (match) => match.path)].map(([path, group]) => ({ path, matches: group }));
}

/** A long line from a little before its first mark: what was searched for must be seen. */
export function aroundMark(match: FileMatch): { readonly text: string; readonly ranges: readonly (readonly [number, number])[] } {
  const first = match.marks[0]?.[0] ?? 0;
  const blanks = match.preview.length - match.preview.trimStart().length;
  const from = first > 60 ? Math.max(blanks, first - 30) : Math.min(blanks, first);
  const prefix = from > blanks ? '…' : '';
  const shift = prefix.length - from;
  return { text: prefix + match.preview.slice(from).trimEnd(), ranges: match.marks.map(([start, end]) => [start + shift, end + shift]) };
}
