import { lineEndingOf } from './line-ending.ts';

export type EditOutcome =
  | { readonly type: 'edited'; readonly text: string; readonly lines: readonly number[]; readonly isTolerant: boolean }
  | { readonly type: 'ambiguous'; readonly lines: readonly number[] }
  | { readonly type: 'already_applied'; readonly line: number }
  | { readonly type: 'absent'; readonly nearLine: number | null };

export interface Edit {
  readonly oldText: string;
  readonly newText: string;
  readonly isForAll: boolean;
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * Replaces a passage of a text. First letter by letter, then with white space at line ends ignored, then with indentation ignored (the new
 * text is indented as the file is). More than one place is never guessed at. Line endings, byte order mark and everything outside stay as they are.
 */
export function applyEdit(text: string, edit: Edit): EditOutcome {
  const flat = text.replaceAll('\r\n', '\n');
  const oldText = edit.oldText.replaceAll('\r\n', '\n');
  const newText = edit.newText.replaceAll('\r\n', '\n');
  const exact = findExact(flat, oldText, newText);
  if (exact.length === 1 || (edit.isForAll && exact.length > 0)) return replaced(text, flat, exact, false);
  if (exact.length > 1) return { type: 'ambiguous', lines: linesOf(flat, exact) };
  for (const find of [findIgnoringLineEnds, findIgnoringIndent]) {
    const found = find(flat, oldText, newText);
    if (found.length === 1) return replaced(text, flat, found, true);
    if (found.length > 1) return { type: 'ambiguous', lines: linesOf(flat, found) };
  }
  const applied = newText.trim() === '' ? -1 : flat.indexOf(newText);
  if (applied >= 0) return { type: 'already_applied', line: lineAt(flat, applied) };
  return { type: 'absent', nearLine: nearestLine(flat, oldText) };
}

function findExact(flat: string, oldText: string, newText: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = flat.indexOf(oldText); at >= 0 && oldText !== ''; at = flat.indexOf(oldText, at + oldText.length)) {
    spans.push({ start: at, end: at + oldText.length, newText });
  }
  return spans;
}

function findIgnoringLineEnds(flat: string, oldText: string, newText: string): readonly Span[] {
  return findLines(flat, oldText, (line) => line.trimEnd()).map((span) => ({ ...span, newText: trimBlankLines(newText) }));
}

function findIgnoringIndent(flat: string, oldText: string, newText: string): readonly Span[] {
  return findLines(flat, oldText, (line) => line.trim()).flatMap((span) => {
    const actual = flat.slice(span.start, span.end).split('\n');
    const indents = mapIndents(trimBlankLines(oldText).split('\n'), actual);
    if (indents === null) return [];
    const lines = trimBlankLines(newText).split('\n');
    return [{ ...span, newText: lines.map((line) => reindent(line, indents)).join('\n') }];
  });
}

/** Finds whole lines that are equal after `reduce`. Blank lines around the old text do not count. */
function findLines(flat: string, oldText: string, reduce: (line: string) => string): readonly Omit<Span, 'newText'>[] {
  const wanted = trimBlankLines(oldText).split('\n').map(reduce);
  if (wanted.join('').length < 3) return [];
  const lines = flat.split('\n');
  const reduced = lines.map(reduce);
  const spans: Omit<Span, 'newText'>[] = [];
  let start = 0;
  for (let row = 0; row + wanted.length <= lines.length; row += 1) {
    if (wanted.every((line, index) => reduced[row + index] === line)) {
      spans.push({ start, end: start + lines.slice(row, row + wanted.length).join('\n').length });
    }
    start += (lines[row]?.length ?? 0) + 1;
  }
  return spans;
}

function trimBlankLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').replace(/(?:\n[ \t]*)+$/, '');
}

/** Which indentation of the model stands for which of the file; null when one would stand for two. */
function mapIndents(model: readonly string[], actual: readonly string[]): ReadonlyMap<string, string> | null {
  const indents = new Map<string, string>();
  for (const [index, line] of model.entries()) {
    if (line.trim() === '') continue;
    const [from, to] = [indentOf(line), indentOf(actual[index] ?? '')];
    if ((indents.get(from) ?? to) !== to) return null;
    indents.set(from, to);
  }
  return indents;
}

function reindent(line: string, indents: ReadonlyMap<string, string>): string {
  if (line.trim() === '') return line;
  const indent = indentOf(line);
  const known = [...indents.keys()].filter((from) => indent.startsWith(from)).toSorted((a, b) => b.length - a.length)[0];
  return known === undefined ? line : (indents.get(known) ?? '') + line.slice(known.length);
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** Puts the spans into the original text: positions in the flat text are shifted by the carriage returns before them. */
function replaced(text: string, flat: string, spans: readonly Span[], isTolerant: boolean): EditOutcome {
  const ending = lineEndingOf(text) ?? '\n';
  const position = positions(text);
  let result = '';
  let from = 0;
  for (const span of spans) {
    result += text.slice(from, position(span.start)) + (ending === '\n' ? span.newText : span.newText.replaceAll('\n', ending));
    from = position(span.end);
  }
  return { type: 'edited', text: result + text.slice(from), lines: linesOf(flat, spans), isTolerant };
}

/** Maps a position in the text without carriage returns to one in the text itself. Must be asked in rising order. */
function positions(text: string): (flatPosition: number) => number {
  let at = 0;
  let flatAt = 0;
  return (flatPosition) => {
    for (; flatAt < flatPosition; flatAt += 1) at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    return at;
  };
}

function linesOf(flat: string, spans: readonly Span[]): readonly number[] {
  return spans.map((span) => lineAt(flat, span.start));
}

function lineAt(flat: string, position: number): number {
  return flat.slice(0, position).split('\n').length;
}

/** The line of the file that looks like the longest line of the old text, as a hint. */
function nearestLine(flat: string, oldText: string): number | null {
  const longest =
    oldText
      .split('\n')
      .map((line) => line.trim())
      .toSorted((a, b) => b.length - a.length)[0] ?? '';
  if (longest.length < 8) return null;
  const row = flat.split('\n').findIndex((line) => line.trim() === longest);
  return row < 0 ? null : row + 1;
}
