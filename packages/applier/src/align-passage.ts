import { weightOf } from './canonical-line.ts';

/** The best way to lay lines over a part of a file. */
export interface Alignment {
  readonly firstRow: number;
  /** For each line of the file from `firstRow` on, the line that lies over it, or null. Begins and ends with a line. */
  readonly partners: readonly (number | null)[];
  /** For each line how much it is like the line of the file under it; 0 for those that lie over none. */
  readonly likeness: readonly number[];
  /** From 0 to 1, by what the lines say. */
  readonly score: number;
}

/** Compares a line with a row of the file. */
export interface LikenessOf {
  canonical(line: number, row: number): number;
  /** Equal to the letter, but for white space at the end. */
  isSame(line: number, row: number): boolean;
}

const GAP = 0.3;
/** Of lines that are equal, that with the same indentation is preferred. */
const SAME = 1e-4;

export function lineWeight(line: string): number {
  return line === '' ? 0.05 : 0.5 + Math.min(weightOf(line), 40) / 10;
}

/** Lays canonical lines over the rows `from` to `to` (exclusive) of the file; null when nothing fits. Order is kept, lines may be left out on both sides. */
export function alignPassage(lines: readonly string[], file: readonly string[], from: number, to: number, likenessOf: LikenessOf): Alignment | null {
  const width = to - from + 1;
  const weights = lines.map(lineWeight);
  const others = file.slice(from, to).map(lineWeight);
  const total = new Float64Array((lines.length + 1) * width);
  const like = new Float64Array((lines.length + 1) * width);
  const gain = new Float64Array((lines.length + 1) * width);
  const at = (cells: Float64Array, i: number, j: number): number => cells[i * width + j] ?? 0;
  for (let i = 1; i <= lines.length; i += 1) {
    const weight = weights[i - 1] ?? 0;
    total[i * width] = at(total, i - 1, 0) - GAP * weight;
    for (let j = 1; j < width; j += 1) {
      const likeness = likenessOf.canonical(i - 1, from + j - 1);
      like[i * width + j] = likeness;
      gain[i * width + j] = likeness * weight + (likeness === 1 && likenessOf.isSame(i - 1, from + j - 1) ? SAME : 0);
      const both = likeness === 0 ? -Infinity : at(total, i - 1, j - 1) + at(gain, i, j);
      const skipsFile = at(total, i, j - 1) - (i === lines.length ? 0 : Math.min(GAP, GAP * (others[j - 1] ?? 0)));
      total[i * width + j] = Math.max(both, at(total, i - 1, j) - GAP * weight, skipsFile);
    }
  }
  return trace();

  function trace(): Alignment | null {
    const likeness = lines.map(() => 0);
    const partnerOf = new Map<number, number>();
    let [i, j] = [lines.length, width - 1];
    while (i > 0 && j > 0) {
      const here = at(total, i, j);
      const likely = at(like, i, j);
      if (likely > 0 && same(here, at(total, i - 1, j - 1) + at(gain, i, j))) {
        partnerOf.set(j - 1, i - 1);
        likeness[i - 1] = likely;
        [i, j] = [i - 1, j - 1];
      } else if (same(here, at(total, i - 1, j) - GAP * (weights[i - 1] ?? 0))) i -= 1;
      else j -= 1;
    }
    const rows = [...partnerOf.keys()];
    if (rows.length === 0) return null;
    const [first, last] = [Math.min(...rows), Math.max(...rows)];
    const partners = Array.from({ length: last - first + 1 }, (_, offset) => partnerOf.get(first + offset) ?? null);
    const matched = likeness.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
    const all = weights.reduce((sum, weight) => sum + weight, 0) + others.slice(first, last + 1).reduce((sum, weight) => sum + weight, 0);
    return { firstRow: from + first, partners, likeness, score: (2 * matched) / all };
  }
}

function same(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}
