import { type Alignment, alignPassage, type LikenessOf, lineWeight } from './align-passage.ts';
import { canonicalLine, weightOf } from './canonical-line.ts';
import type { FileView } from './file-view.ts';
import { rowLikeness } from './row-likeness.ts';
import { explainDrift, tokensOf } from './word-drift.ts';

export type Similar =
  | { readonly type: 'none'; readonly nearest: Alignment | null; readonly reason: string }
  | { readonly type: 'ambiguous'; readonly alignments: readonly Alignment[] }
  /** Two neighbours are swapped. `lines` has them in the order of the file. */
  | { readonly type: 'swapped'; readonly lines: readonly string[]; readonly swapped: readonly [string, string]; readonly row: number }
  | { readonly type: 'found'; readonly alignment: Alignment; readonly misspelt: readonly (readonly [model: string, file: string])[] };

const LEAST_SCORE = 0.66;
const MARGIN = 0.08;
const MAX_CANDIDATES = 12;
const MAX_PLACES = 60;
const MAX_CELLS = 400_000;
const MIN_EQUAL_WEIGHT = 12;
/** Where lines are missing or too many, two equal lines may as well be neighbours that were swapped. */
const MIN_EQUAL_LINES = 3;
const CERTAIN_WEIGHT = 24;

/**
 * Finds the passage of the file that the lines are a slightly wrong copy of. Each difference must be a slip that can be explained, most lines must be
 * equal, and no other place may come near.
 */
export function findSimilar(file: FileView, lines: readonly string[]): Similar {
  const wanted = lines.map((line) => canonicalLine(line, 'unicode'));
  const alignments = candidatesFor(file, lines, wanted);
  const [best, ...others] = alignments;
  if (best === undefined) return { type: 'none', nearest: null, reason: 'no line of it is in the file' };
  const rivals = others.filter((other) => isElsewhere(best, other) && !isClearlyBetter(best, other, wanted));
  if (best.score >= LEAST_SCORE && rivals.length > 0) return { type: 'ambiguous', alignments: [best, ...rivals] };
  if (best.score < LEAST_SCORE) return { type: 'none', nearest: best.score > 0.3 ? best : null, reason: 'nothing in the file is similar enough' };
  return explained(file, lines, wanted, best);
}

function explained(file: FileView, lines: readonly string[], wanted: readonly string[], best: Alignment): Similar {
  const swapped = unswap(file, lines, wanted, best);
  if (swapped !== null) return swapped;
  const misspelt: (readonly [string, string])[] = [];
  let equalWeight = 0;
  const equal = best.likeness.flatMap((likeness, index) => (likeness === 1 && wanted[index] !== '' ? [weightOf(wanted[index] ?? '')] : []));
  const isCertain = equal.length >= 2 && equal.reduce((sum, weight) => sum + weight, 0) >= CERTAIN_WEIGHT;
  for (const [offset, index] of best.partners.entries()) {
    if (index === null) continue;
    const [mine, its] = [lines[index] ?? '', file.lines[best.firstRow + offset] ?? ''];
    if (best.likeness[index] === 1) {
      equalWeight += weightOf(wanted[index] ?? '');
      continue;
    }
    const drift = explainDrift(mine, its, (word) => file.knows(word), isCertain);
    if (drift === null) return { type: 'none', nearest: best, reason: `the file has "${its.trim()}" where oldText has "${mine.trim()}"` };
    if (drift.kind === 'misspelt') misspelt.push(...drift.words);
    equalWeight += Math.max(0, weightOf(wanted[index] ?? '') - drift.kind.length);
  }
  const left = best.likeness.filter((likeness, index) => likeness === 0 && wanted[index] !== '').length;
  const skipped = best.partners.filter((partner, offset) => partner === null && (file.lines[best.firstRow + offset] ?? '').trim() !== '').length;
  if (left > 2 || skipped > 2 || new Set(misspelt.map(([word]) => word)).size > 3)
    return { type: 'none', nearest: best, reason: 'too many of its lines differ' };
  if (!isPinned(file, best)) return { type: 'none', nearest: best, reason: 'no line of it is equal to one that the file has only once' };
  const isSwap = best.partners.some((partner, offset) => partner === null && wanted.includes(file.canonical('unicode').lines[best.firstRow + offset] || '\0'));
  if (isSwap) return { type: 'none', nearest: best, reason: 'its lines stand in another order in the file' };
  const isUneven = best.partners.includes(null) || best.likeness.includes(0);
  if (isUneven && equal.length < MIN_EQUAL_LINES) return { type: 'none', nearest: best, reason: 'too few of its lines are equal' };
  if (equalWeight < MIN_EQUAL_WEIGHT) return { type: 'none', nearest: best, reason: 'what is equal says too little' };
  return { type: 'found', alignment: best, misspelt };
}

/** Whether one of the equal lines, or two that stand together, are in the file only here. */
function isPinned(file: FileView, { firstRow, partners, likeness }: Alignment): boolean {
  const { lines, joined } = file.canonical('unicode');
  const equal = partners.flatMap((line, offset) => (line !== null && likeness[line] === 1 && lines[firstRow + offset] !== '' ? [firstRow + offset] : []));
  return equal.some((row, index) => {
    if (file.places.get(lines[row] ?? '')?.length === 1) return true;
    if (equal[index + 1] !== row + 1) return false;
    const pair = `\n${lines[row]}\n${lines[row + 1]}\n`;
    return `\n${joined}\n`.split(pair).length === 2;
  });
}

/** When everything fits but two neighbours that are swapped. */
function unswap(file: FileView, lines: readonly string[], wanted: readonly string[], { firstRow, partners, likeness }: Alignment): Similar | null {
  const others = file.canonical('unicode').lines;
  const crossed = likeness.flatMap((value, index) => (value < 1 && wanted[index] !== '' ? [index] : []));
  const [low = 0, high = 0] = crossed;
  const [lowRow, highRow] = [partners.indexOf(low), partners.indexOf(high)].map((offset) => (offset < 0 ? undefined : others[firstRow + offset]));
  const [first, second] = [lines[high], lines[low]];
  if (crossed.length === 2 && high === low + 1 && lowRow === wanted[high] && highRow === wanted[low] && first !== undefined && second !== undefined) {
    return { type: 'swapped', lines: [...lines.slice(0, low), first, second, ...lines.slice(high + 1)], swapped: [first, second], row: firstRow };
  }
  return unswapGap(lines, wanted, { firstRow, partners, likeness }, others);
}

/** One of the two lies over its own line, the other over none. */
function unswapGap(
  lines: readonly string[],
  wanted: readonly string[],
  { firstRow, partners, likeness }: Pick<Alignment, 'firstRow' | 'partners' | 'likeness'>,
  others: readonly string[],
): Similar | null {
  const loose = likeness.flatMap((value, index) => (value === 0 && wanted[index] !== '' ? [index] : []));
  const [index] = loose;
  if (index === undefined || loose.length !== 1) return null;
  const around = Array.from({ length: partners.length + 2 }, (_, offset) => firstRow + offset - 1);
  for (const other of [index - 1, index + 1]) {
    const [low, high] = [Math.min(index, other), Math.max(index, other)];
    const [first, second] = [lines[high], lines[low]];
    const offset = partners.indexOf(other);
    if (first === undefined || second === undefined || offset < 0 || wanted[low] === wanted[high]) continue;
    const row = firstRow + offset;
    const free = other < index ? row - 1 : row + 1;
    const isFree = around.includes(free) && (partners[free - firstRow] ?? null) === null;
    if (!isFree || others[free] !== wanted[index]) continue;
    return { type: 'swapped', lines: [...lines.slice(0, low), first, second, ...lines.slice(high + 1)], swapped: [first, second], row: firstRow };
  }
  return null;
}

/** Places where lines of the passage are, best first. Only those are looked at closely. */
function candidatesFor(file: FileView, given: readonly string[], wanted: readonly string[]): readonly Alignment[] {
  const votes = new Map<number, number>();
  const vote = (row: number, index: number, weight: number): void => void votes.set(row - index, (votes.get(row - index) ?? 0) + weight);
  const unfound: number[] = [];
  for (const [index, line] of wanted.entries()) {
    const rows = line === '' ? [] : file.places.get(line);
    if (rows === undefined) unfound.push(index);
    else if (rows.length <= MAX_PLACES) for (const row of rows) vote(row, index, lineWeight(line));
  }
  const longest = unfound.toSorted((a, b) => weightOf(wanted[b] ?? '') - weightOf(wanted[a] ?? '')).slice(0, 3);
  for (const index of longest) for (const [row, share] of rowsLike(file, wanted[index] ?? '')) vote(row, index, share * lineWeight(wanted[index] ?? ''));
  return bestOf(file, wanted, votes, compareRows(file, given, wanted));
}

/** Rows that share rare words with a line, each with the share. */
function rowsLike(file: FileView, line: string): ReadonlyMap<number, number> {
  const words = [...new Set(tokensOf(line).filter((token) => token.length >= 3 && /[\p{L}\p{N}]/u.test(token)))]
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 6);
  const rows = new Map<number, number>();
  for (const word of words) {
    const found = file.rowsWith(word, MAX_PLACES);
    for (const row of found) rows.set(row, (rows.get(row) ?? 0) + 1 / words.length);
  }
  return rows;
}

/** The places with most votes, and what lies right before and after the best: twins that stand together share the votes. */
function bestOf(file: FileView, wanted: readonly string[], votes: ReadonlyMap<number, number>, likenessOf: LikenessOf): readonly Alignment[] {
  const slack = 3 + Math.ceil(wanted.length / 10);
  const offsets = [...votes]
    .map(([offset]) => ({ offset, weight: nearVotes(votes, offset, slack) }))
    .toSorted((a, b) => b.weight - a.weight || a.offset - b.offset);
  const chosen: number[] = [];
  for (const { offset } of offsets) {
    if (chosen.length >= MAX_CANDIDATES) break;
    if (!chosen.some((one) => Math.abs(one - offset) < Math.max(1, Math.min(slack, wanted.length)))) chosen.push(offset);
  }
  const { lines } = file.canonical('unicode');
  const found = new Map<string, Alignment>();
  const look = (from: number, to: number): void => {
    const [low, high] = [Math.max(0, from), Math.min(lines.length, to)];
    const alignment = high <= low || (high - low) * wanted.length > MAX_CELLS ? null : alignPassage(wanted, lines, low, high, likenessOf);
    if (alignment !== null) found.set(`${alignment.firstRow}:${alignment.partners.join()}`, alignment);
  };
  for (const offset of chosen) look(offset - slack, offset + wanted.length + slack);
  const [best, ...others] = [...found.values()].toSorted((a, b) => b.score - a.score);
  if (best === undefined) return [];
  found.clear();
  const end = best.firstRow + best.partners.length;
  look(best.firstRow - wanted.length - slack, end - 1);
  look(best.firstRow + 1, end + wanted.length + slack);
  const twins = [...found.values()].filter((other) => !isMostlyAt(best, other));
  return [best, ...[...others, ...twins].toSorted((a, b) => b.score - a.score)];
}

/** Files repeat themselves: what was compared once is remembered. */
function compareRows(file: FileView, given: readonly string[], wanted: readonly string[]): LikenessOf {
  const rows = file.canonical('unicode').lines;
  const known = wanted.map(() => new Map<string, number>());
  return {
    canonical(line, row) {
      const [mine, its] = [wanted[line] ?? '', rows[row] ?? ''];
      if (mine === its) return 1;
      const before = known[line]?.get(its);
      if (before !== undefined) return before;
      const likeness = rowLikeness(mine, its);
      known[line]?.set(its, likeness);
      return likeness;
    },
    isSame: (line, row) => given[line]?.trimEnd() === file.lines[row]?.trimEnd(),
  };
}

function nearVotes(votes: ReadonlyMap<number, number>, offset: number, slack: number): number {
  let sum = 0;
  for (let near = offset - slack; near <= offset + slack; near += 1) sum += (votes.get(near) ?? 0) * (near === offset ? 1 : 0.9);
  return sum;
}

/** Whether two alignments lay some line over different rows. One that only leaves more out is the same place. */
function isElsewhere(a: Alignment, b: Alignment): boolean {
  const rows = rowsOfLines(b);
  const shared = [...rowsOfLines(a)].filter(([line]) => rows.has(line));
  return shared.length === 0 || shared.some(([line, row]) => rows.get(line) !== row);
}

/** Whether most lines lie over the same rows. */
function isMostlyAt(a: Alignment, b: Alignment): boolean {
  const [rows, others] = [rowsOfLines(a), [...rowsOfLines(b)]];
  return others.filter(([line, row]) => rows.get(line) === row).length * 2 >= others.length;
}

function rowsOfLines({ firstRow, partners }: Alignment): ReadonlyMap<number, number> {
  return new Map(partners.flatMap((line, offset) => (line === null ? [] : [[line, firstRow + offset] as const])));
}

/** A clear margin; or, where places are nearly alike, every line at least as good, and two lines that are equal here and differ there, or one that differs much. */
function isClearlyBetter(best: Alignment, other: Alignment, wanted: readonly string[]): boolean {
  const isNowhereWorse = best.likeness.every((likeness, index) => likeness >= (other.likeness[index] ?? 0) - 1e-6);
  if (best.score - other.score >= MARGIN) return isNowhereWorse || best.score - other.score >= 2 * MARGIN;
  const telling = best.likeness.flatMap((likeness, index) => {
    const theirs = other.likeness[index] ?? 0;
    return likeness === 1 && theirs < 1 && weightOf(wanted[index] ?? '') >= 4 ? [theirs] : [];
  });
  return isNowhereWorse && (telling.length >= 2 || telling.some((theirs) => theirs < 0.9));
}
