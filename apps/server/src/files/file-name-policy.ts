import type { FileName } from '@boocode/contracts/project-file.ts';

interface Ranked extends FileName {
  readonly score: number;
}

/** The paths that hold the characters of `query` in this order, best first: in the name before in the folders, together before apart, short before long. */
export function rankFileNames(paths: readonly string[], query: string, limit: number): FileName[] {
  const wanted = query.toLowerCase().replaceAll(/\s/g, '');
  if (wanted === '')
    return [...paths]
      .sort(byDepth)
      .slice(0, limit)
      .map((path) => ({ path, marks: [] }));
  const ranked = paths.flatMap((path): Ranked[] => rank(path, wanted));
  return ranked
    .sort((a, b) => b.score - a.score || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map(({ path, marks }) => ({ path, marks }));
}

function rank(path: string, wanted: string): Ranked[] {
  const lower = path.toLowerCase();
  if (lower.length !== path.length) return [];
  const name = path.lastIndexOf('/') + 1;
  const inName = lower.indexOf(wanted, name);
  if (inName >= 0)
    return [{ path, marks: run(inName, wanted.length), score: 4_000 + (isBoundary(path, inName) ? 500 : 0) + (inName === name ? 500 : 0) - path.length }];
  const inPath = lower.lastIndexOf(wanted);
  if (inPath >= 0) return [{ path, marks: run(inPath, wanted.length), score: 3_000 + (isBoundary(path, inPath) ? 500 : 0) - path.length }];
  const marks = scattered(path, lower, wanted, name) ?? scattered(path, lower, wanted, 0);
  if (marks === null) return [];
  const first = marks[0] ?? 0;
  const boundaries = marks.filter((mark) => isBoundary(path, mark)).length;
  const gaps = marks.filter((mark, index) => index > 0 && mark !== (marks[index - 1] ?? 0) + 1).length;
  return [{ path, marks, score: (first >= name ? 2_000 : 1_000) + boundaries * 40 - gaps * 60 - path.length }];
}

/** Where the characters stand, one after the other; beginnings of words are taken first where the rest still fits behind them. */
function scattered(path: string, lower: string, wanted: string, from: number): number[] | null {
  const marks: number[] = [];
  let at = from;
  for (const [index, character] of [...wanted].entries()) {
    const next = lower.indexOf(character, at);
    if (next < 0) return null;
    let best = next;
    const rest = wanted.slice(index + 1);
    if (next !== at || index === 0) {
      for (let later = next; later >= 0; later = lower.indexOf(character, later + 1)) {
        if (isBoundary(path, later) && holds(lower, rest, later + 1)) {
          best = later;
          break;
        }
      }
    }
    marks.push(best);
    at = best + 1;
  }
  return marks;
}

function holds(lower: string, rest: string, from: number): boolean {
  let at = from;
  for (const character of rest) {
    const next = lower.indexOf(character, at);
    if (next < 0) return false;
    at = next + 1;
  }
  return true;
}

function isBoundary(path: string, at: number): boolean {
  const before = path[at - 1];
  return before === undefined || /[/._\- ]/.test(before) || (/[a-z0-9]/.test(before) && /[A-Z]/.test(path[at] ?? ''));
}

function run(from: number, length: number): number[] {
  return Array.from({ length }, (_, index) => from + index);
}

function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || (a < b ? -1 : 1);
}
