/** [start, end) in a line. */
export type TextRange = readonly [number, number];

export interface WordDiff {
  readonly old: readonly TextRange[];
  readonly new: readonly TextRange[];
}

const TOKEN = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
const MAX_CELLS = 60_000;
const MAX_LENGTH = 2_000;
const LEAST_ALIKE = 0.35;

/** What changed between two versions of a line, by words; null when they have too little in common for marks to help. */
export function diffWords(before: string, after: string): WordDiff | null {
  if (before === after) return { old: [], new: [] };
  if (before.length > MAX_LENGTH || after.length > MAX_LENGTH) return null;
  const a = before.match(TOKEN) ?? [];
  const b = after.match(TOKEN) ?? [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const kept = commonPairs(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const keptA = new Set<number>(kept.map(([at]) => at + start));
  const keptB = new Set<number>(kept.map(([, at]) => at + start));
  const isKeptA = (at: number) => at < start || at >= a.length - end || keptA.has(at);
  const isKeptB = (at: number) => at < start || at >= b.length - end || keptB.has(at);
  if (shareOf(a, isKeptA) < LEAST_ALIKE && shareOf(b, isKeptB) < LEAST_ALIKE) return null;
  return { old: changedRanges(a, isKeptA), new: changedRanges(b, isKeptB) };
}

/** The pairs of positions of a longest common subsequence. */
export function commonPairs(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const width = b.length + 1;
  if (a.length === 0 || b.length === 0 || a.length * b.length > MAX_CELLS) return [];
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = a.length - 1; row >= 0; row--) {
    for (let column = b.length - 1; column >= 0; column--) {
      lengths[row * width + column] = a[row] === b[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let row = 0;
  let column = 0;
  while (row < a.length && column < b.length) {
    if (a[row] === b[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}

/** How much of what is not white space is kept. */
function shareOf(tokens: readonly string[], isKept: (at: number) => boolean): number {
  let all = 0;
  let kept = 0;
  tokens.forEach((token, at) => {
    const length = token.trim().length;
    all += length;
    if (isKept(at)) kept += length;
  });
  return all === 0 ? 1 : kept / all;
}

/** Ranges that are only white space apart become one. */
function changedRanges(tokens: readonly string[], isKept: (at: number) => boolean): readonly TextRange[] {
  const ranges: [number, number][] = [];
  let position = 0;
  let gap = '';
  tokens.forEach((token, at) => {
    const last = ranges.at(-1);
    if (isKept(at)) {
      gap += token;
    } else {
      if (last !== undefined && gap.trim() === '') last[1] = position + token.length;
      else ranges.push([position, position + token.length]);
      gap = '';
    }
    position += token.length;
  });
  return ranges;
}
