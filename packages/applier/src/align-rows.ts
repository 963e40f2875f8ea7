import { diffArrays } from 'diff';

/** The longest list of pairs, in order, of rows that are the same. */
export function alignRows(a: readonly number[], b: readonly number[], isSame: (a: number, b: number) => boolean): readonly (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  for (const { added, removed, value } of diffArrays([...a], [...b], { comparator: isSame })) {
    if (removed) i += value.length;
    else if (added) j += value.length;
    else {
      for (let k = 0; k < value.length; k += 1) {
        const [left, right] = [a[i + k], b[j + k]];
        if (left !== undefined && right !== undefined) pairs.push([left, right]);
      }
      i += value.length;
      j += value.length;
    }
  }
  return pairs;
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
