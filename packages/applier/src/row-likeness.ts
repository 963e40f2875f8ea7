import { weightOf } from './canonical-line.ts';
import { commonPrefix, commonSuffix } from './word-drift.ts';

/** Below this two lines are not the same line. */
const LEAST = 0.6;
/** What lines must share at their ends to be looked at more closely: most lines of a file have nothing to do with each other. */
const LEAST_EDGES = 0.2;

/** How much two canonical lines are alike, from 0 (another line) to 1 (equal). */
export function rowLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const [longer, shorter] = [Math.max(a.length, b.length), Math.min(a.length, b.length)];
  if (shorter * 2 < longer || weightOf(a) < 3) return 0;
  const start = commonPrefix(a, b);
  const end = Math.min(commonSuffix(a, b), shorter - start);
  const byEdges = (start + end) / longer;
  if (byEdges < LEAST_EDGES) return 0;
  const likeness = byEdges >= 0.85 ? byEdges : Math.max(byEdges, likenessOfPairs(a, b));
  return likeness < LEAST ? 0 : Math.min(likeness, 0.99);
}

/** Shared pairs of neighbouring characters, white space left out. */
function likenessOfPairs(a: string, b: string): number {
  const [mine, its] = [pairsOf(a), pairsOf(b)];
  let [shared, all] = [0, 0];
  for (const [pair, count] of mine) {
    shared += Math.min(count, its.get(pair) ?? 0);
    all += count;
  }
  for (const count of its.values()) all += count;
  return all === 0 ? 0 : (2 * shared) / all;
}

function pairsOf(text: string): ReadonlyMap<string, number> {
  const pairs = new Map<string, number>();
  const dense = text.replaceAll(' ', '');
  for (let at = 0; at + 1 < dense.length; at += 1) {
    const pair = dense.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}
