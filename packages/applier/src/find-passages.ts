import { isBlank, type Looseness, offsetInLine, weightOf } from './canonical-line.ts';
import type { FileView } from './file-view.ts';
import { rowAt } from './row-at.ts';

/** A place of the file: from a character of one line to a character of another (the end is exclusive). */
export interface Span {
  readonly firstRow: number;
  readonly firstColumn: number;
  readonly lastRow: number;
  readonly lastColumn: number;
}

const MAX_FOUND = 200;
const MIN_WEIGHT = 2;
const MIN_LENGTH = 4;

/** All places of a text in the file, letter by letter but for line endings; also those that overlap, unless `isForAll`. */
export function findExact(file: FileView, flatText: string, isForAll: boolean): readonly Span[] {
  const { joined, starts, lines } = file.canonical('exact');
  const found: Span[] = [];
  if (flatText === '') return found;
  const step = isForAll ? flatText.length : 1;
  for (let at = joined.indexOf(flatText); at >= 0 && (isForAll || found.length < MAX_FOUND); at = joined.indexOf(flatText, at + step)) {
    const firstRow = rowAt(starts, at);
    const end = at + flatText.length;
    const lastRow = Math.min(rowAt(starts, end), lines.length - 1);
    found.push({ firstRow, firstColumn: at - (starts[firstRow] ?? 0), lastRow, lastColumn: end - (starts[lastRow] ?? 0) });
  }
  return found;
}

/** All places of lines in the file, whatever the looseness ignores; `isTerminated` asks for a line ending after them. Lines that say next to nothing are found nowhere. */
export function findLoosely(file: FileView, canonicalLines: readonly string[], looseness: Looseness, isTerminated: boolean): readonly Span[] {
  const text = canonicalLines.join('\n');
  if (weightOf(text) < MIN_WEIGHT || text.length < MIN_LENGTH) return [];
  const { joined, starts, lines } = file.canonical(looseness);
  const found: Span[] = [];
  for (let at = joined.indexOf(text); at >= 0 && found.length < MAX_FOUND; at = joined.indexOf(text, at + 1)) {
    if (isTerminated && at + text.length < joined.length && joined[at + text.length] !== '\n') continue;
    const firstRow = rowAt(starts, at);
    const lastRow = firstRow + canonicalLines.length - 1;
    const [first, last] = [at - (starts[firstRow] ?? 0), at + text.length - (starts[lastRow] ?? 0)];
    const isWhole = last === (lines[lastRow]?.length ?? 0);
    found.push({
      firstRow,
      firstColumn: first === 0 ? 0 : offsetInLine(file.lines[firstRow] ?? '', looseness, first),
      lastRow,
      lastColumn: isWhole ? (file.lines[lastRow]?.length ?? 0) : offsetInLine(file.lines[lastRow] ?? '', looseness, last),
    });
  }
  return found;
}

/** Whether a place begins or ends within a word. */
export function cutsWord(file: FileView, span: Span): boolean {
  const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}_]/u.test(char);
  const [first, last] = [file.lines[span.firstRow] ?? '', file.lines[span.lastRow] ?? ''];
  const cutsStart = isWord(first[span.firstColumn - 1]) && isWord(first[span.firstColumn]);
  return cutsStart || (isWord(last[span.lastColumn - 1]) && isWord(last[span.lastColumn]));
}

/** Whether a place begins in the middle of a line's indentation. */
export function cutsIndent(file: FileView, span: Span): boolean {
  const first = file.lines[span.firstRow] ?? '';
  return span.firstColumn > 0 && isBlank(first.slice(0, span.firstColumn + 1)) && first.length > span.firstColumn;
}

/** Whether a place is whole lines, indentation included. */
export function isWholeLines(file: FileView, span: Span): boolean {
  const [first, last] = [file.lines[span.firstRow] ?? '', file.lines[span.lastRow] ?? ''];
  return isBlank(first.slice(0, span.firstColumn)) && isBlank(last.slice(span.lastColumn));
}
