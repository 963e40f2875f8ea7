import type { ChangeHunk } from '@boocode/contracts/change.ts';

type LineRange = Pick<ChangeHunk, 'oldStart' | 'oldLines' | 'newStart' | 'newLines'>;

/** A line as a patch shows it, for as much as finding its hunk needs. */
interface ShownLine {
  readonly kind: 'context' | 'added' | 'removed';
  readonly old: number | null;
  readonly new: number | null;
}

/** Says which hunk a changed line belongs to, as its index; null = none, or it is not changed. `hunks` are in the order of the file. */
export function hunkFinder(hunks: readonly LineRange[]): (line: ShownLine) => number | null {
  if (hunks.length === 1) return (line) => (line.kind === 'context' ? null : 0);
  return (line) => {
    if (line.kind === 'removed' && line.old !== null) return findRange(hunks, line.old, 'oldStart', 'oldLines');
    if (line.kind === 'added' && line.new !== null) return findRange(hunks, line.new, 'newStart', 'newLines');
    return null;
  };
}

/**
 * Puts the lines of each hunk together. A patch shows hunks that touch each other as one run, first everything that goes, then everything that comes;
 * each is an edit of its own.
 */
export function groupByHunk<L extends ShownLine & { readonly hunk: number | null }>(lines: readonly L[]): readonly L[] {
  if (!hasMixedRun(lines)) return lines;
  const result: L[] = [];
  let run: L[] = [];
  const flush = () => {
    for (const line of run.toSorted((a, b) => (a.hunk ?? -1) - (b.hunk ?? -1))) result.push(line);
    run = [];
  };
  for (const line of lines) {
    if (line.kind !== 'context') run.push(line);
    else {
      flush();
      result.push(line);
    }
  }
  flush();
  return result;
}

/** Says whether changed lines of two hunks follow on each other. */
function hasMixedRun(lines: readonly (ShownLine & { readonly hunk: number | null })[]): boolean {
  return lines.some((line, at) => {
    const before = lines[at - 1];
    return before !== undefined && before.kind !== 'context' && line.kind !== 'context' && before.hunk !== line.hunk;
  });
}

/** `line 10`, `lines 10 to 14`; where only lines go, `old lines 3 to 4`; '' for what has no lines. */
export function hunkLines({ oldStart, oldLines, newStart, newLines }: LineRange): string {
  if (newLines > 0) return linesOf(newStart, newLines);
  return oldLines > 0 ? `old ${linesOf(oldStart, oldLines)}` : '';
}

function linesOf(start: number, count: number): string {
  return count === 1 ? `line ${start}` : `lines ${start} to ${start + count - 1}`;
}

function findRange(hunks: readonly LineRange[], number: number, start: 'oldStart' | 'newStart', lines: 'oldLines' | 'newLines'): number | null {
  let low = 0;
  let high = hunks.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const hunk = hunks[middle];
    if (hunk === undefined) return null;
    if (number < hunk[start] || (hunk[lines] === 0 && number === hunk[start])) {
      // of no lines, the start is the line before: a line of this number stands before it
      high = middle - 1;
    } else if (number >= hunk[start] + hunk[lines]) low = middle + 1;
    else return middle;
  }
  return null;
}
