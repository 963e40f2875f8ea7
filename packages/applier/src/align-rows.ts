const MAX_CELLS = 4_000_000;
/** Neighbours that stay neighbours are preferred. */
const TOGETHER = 0.01;

type Pairs = readonly (readonly [number, number])[];

/** The pairs, in order, of rows that are the same, and that weigh most together. */
export function alignRows(a: readonly number[], b: readonly number[], isSame: (a: number, b: number) => boolean, weightOf: (b: number) => number): Pairs {
  const start = countWhile(Math.min(a.length, b.length), (at) => isSame(a[at] ?? 0, b[at] ?? 0));
  const most = Math.min(a.length, b.length) - start;
  const end = countWhile(most, (at) => isSame(a.at(-1 - at) ?? 0, b.at(-1 - at) ?? 0));
  const pairUp = (left: readonly number[], right: readonly number[]): Pairs => left.map((row, at) => [row, right[at] ?? 0] as const);
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const inner = left.length * right.length > MAX_CELLS ? [] : alignInner(left, right, isSame, weightOf);
  return [...pairUp(a.slice(0, start), b), ...inner, ...pairUp(a.slice(a.length - end), b.slice(b.length - end))];
}

function countWhile(most: number, isFit: (at: number) => boolean): number {
  let count = 0;
  while (count < most && isFit(count)) count += 1;
  return count;
}

function alignInner(a: readonly number[], b: readonly number[], isSame: (a: number, b: number) => boolean, weightOf: (b: number) => number): Pairs {
  const width = b.length + 1;
  const total = new Float64Array((a.length + 1) * width);
  const paired = new Float64Array((a.length + 1) * width).fill(-Infinity);
  const at = (cells: Float64Array, i: number, j: number): number => cells[i * width + j] ?? -Infinity;
  for (const [i, left] of a.entries()) {
    for (const [j, right] of b.entries()) {
      const cell = (i + 1) * width + j + 1;
      if (isSame(left, right)) paired[cell] = weightOf(right) + Math.max(at(total, i, j), at(paired, i, j) + TOGETHER);
      total[cell] = Math.max(at(total, i, j + 1), at(total, i + 1, j), paired[cell] ?? -Infinity);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j, isNext] = [a.length, b.length, false];
  while (i > 0 && j > 0) {
    const here = at(paired, i, j);
    if (isNext || (here > -Infinity && here === at(total, i, j))) {
      const [left, right] = [a[i - 1] ?? 0, b[j - 1] ?? 0];
      pairs.push([left, right]);
      isNext = at(paired, i - 1, j - 1) + TOGETHER > at(total, i - 1, j - 1);
      [i, j] = [i - 1, j - 1];
    } else if (at(total, i - 1, j) >= at(total, i, j - 1)) i -= 1;
    else j -= 1;
  }
  return pairs.reverse();
}

/** What lies between the pairs: rows of one side without a partner on the other. */
export interface Gap {
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** The pair that follows; null after the last. */
  readonly next: readonly [number, number] | null;
}

export function gapsOf(a: readonly number[], b: readonly number[], pairs: readonly (readonly [number, number])[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let [i, j] = [0, 0];
  for (const pair of pairs) {
    const [left, right] = [a.indexOf(pair[0], i), b.indexOf(pair[1], j)];
    gaps.push({ left: a.slice(i, left), right: b.slice(j, right), next: pair });
    [i, j] = [left + 1, right + 1];
  }
  gaps.push({ left: a.slice(i), right: b.slice(j), next: null });
  return gaps;
}
