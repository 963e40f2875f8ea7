import { canonicalLine, indentOf, isBlank, weightOf } from './canonical-line.ts';
import type { FileView } from './file-view.ts';
import { rowLikeness } from './row-likeness.ts';
import { shorten } from './shorten.ts';
import { sharesWords } from './word-drift.ts';

/** So much alike, a new line at the edge is a new form of the line of the file beside it. */
const LIKE = 0.85;
const MIN_WEIGHT = 8;

/**
 * Why a new first or last line may not be new: it is the line before or after the passage, or a new form of it, which the old text has lost. Null when
 * there is none such.
 */
export function findLostNeighbour(file: FileView, firstRow: number, endRow: number, old: readonly string[], edited: readonly string[]): string | null {
  const known = new Set(old.map((line) => line.trim()));
  const isAdded = (line: string | undefined): line is string => line !== undefined && weightOf(line) >= MIN_WEIGHT && !known.has(line.trim());
  const likeness = (line: string, row: number): number => rowLikeness(canonicalLine(line, 'unicode'), canonicalLine(file.lines[row] ?? '', 'unicode'));
  const isInserted = (at: number, next: number): boolean => edited.length > old.length && edited.at(next)?.trim() === old.at(at)?.trim();
  const depth = (line: string, other: string): number => Math.sign(indentOf(line).length - indentOf(other).length);
  const isAfterSame = (at: number, next: number): boolean =>
    isInserted(at, next) || (edited.length > old.length && sharesWords(old.at(at) ?? '', edited.at(next) ?? ''));
  const isSame = (at: number, next: number, row: number, edge: number): boolean =>
    isAfterSame(at, next) &&
    !isBlank(edited.at(at) ?? '') &&
    edited.at(at)?.trim() === file.lines[row]?.trim() &&
    depth(edited.at(at) ?? '', edited.at(next) ?? '') === depth(file.lines[row] ?? '', file.lines[edge] ?? '');
  const beyondBlank = (row: number, step: number): number => (isBlank(file.lines[row] ?? 'none') ? beyondBlank(row + step, step) : row);
  const isBeside = (line: string, row: number, isMore: boolean, step: number): boolean =>
    likeness(line, row) >= (isMore ? LIKE : 1) || likeness(line, beyondBlank(row, step)) === 1;
  const [first, last] = [edited[0], edited.at(-1)];
  const isFirst = (isAdded(first) && isBeside(first, firstRow - 1, isInserted(0, 1), -1)) || isSame(0, 1, firstRow - 1, firstRow);
  const isLast = (isAdded(last) && isBeside(last, endRow, isInserted(-1, -2), 1)) || isSame(-1, -2, endRow, endRow - 1);
  const lost = isFirst ? first : isLast ? last : undefined;
  return lost === undefined ? null : `"${shorten(lost)}" stands beside oldText in the file already`;
}
