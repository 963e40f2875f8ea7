import { indentOf, isBlank } from './canonical-line.ts';
import { type IndentPair, type IndentStyle, type IndentTranslation, translateIndents } from './indentation.ts';
import type { BaseRow } from './match.ts';
import { sharesWords } from './word-drift.ts';

/** Finds how the model's indentation is to be read, from the lines whose place is known. A text is the reason why that cannot be said. */
export function learnIndents(
  base: readonly BaseRow[],
  old: readonly string[],
  edited: readonly string[],
  styleOfFile: () => IndentStyle | null,
): IndentTranslation | string {
  const known = base.flatMap(({ row, old: line }): (IndentPair & { line: string })[] =>
    line === null || isBlank(line) ? [] : [{ model: indentOf(line), file: indentOf(row.text), line: line.trim() }],
  );
  const [first, ...rest] = known;
  if (first === undefined) return (indent) => indent;
  const isSame = known.every(({ model, file }) => model === file);
  if (isSame && known.some(({ model }) => model !== '')) return (indent) => indent;
  if (isSame) return translateIndents(known, [...old, ...edited], styleOfFile());
  const isFirstLine = old.findIndex((line) => !isBlank(line)) === old.findIndex((line) => line.trim() === first.line);
  const isClipped = isFirstLine && first.model === '' && rest.some(({ file }) => file !== '') && rest.every(({ model, file }) => model === file);
  if (isClipped) return clippedFirst(first, edited);
  const isOneKind = known.every(({ model, file }) => !(model + file).includes('\t') || !(model + file).includes(' '));
  if (isOneKind && known.some(({ model, file }) => model === file && model !== '') && !isSame)
    return 'lines of oldText are indented as in the file and others are not';
  if (isTorn(known)) return 'lines of oldText are indented the same and in the file they are not';
  return readsAsFile(known, edited, base) ?? translateIndents(known, [...old, ...edited], styleOfFile());
}

/** Lines that are indented the same in the old text must be so in the file, but for tabs and spaces, unless all indentation is lost. */
function isTorn(known: readonly IndentPair[]): boolean {
  if (known.every(({ model }) => model === '')) return false;
  const isOtherKind = (a: string, b: string): boolean => a !== '' && b !== '' && a.includes('\t') !== b.includes('\t');
  return known.some(({ model, file }) => known.some((other) => other.model === model && other.file !== file && !isOtherKind(other.file, file)));
}

/** A text that was cut out from its first letter on: the first line alone has lost its indentation. */
function clippedFirst(first: IndentPair & { line: string }, edited: readonly string[]): IndentTranslation | string {
  const line = edited.find((text) => !isBlank(text));
  if (line === undefined) return (indent) => indent;
  if (line.trim() !== first.line && !sharesWords(first.line, line)) return `it is not clear how "${line.trim()}" is indented`;
  const others = edited.slice(edited.indexOf(line) + 1).some((text) => !isBlank(text) && indentOf(text) === '');
  if (others && first.file !== '') return `it is not clear how "${line.trim()}" and what follows it are indented`;
  return (indent) => (indent === '' ? first.file : indent);
}

/** No line is kept. A new text that is indented as the file is, and the old text is not, may be meant either way. */
function readsAnew(known: readonly IndentPair[], lines: readonly string[], base: readonly BaseRow[]): string | null {
  const leastOf = (indents: readonly string[]): number => Math.min(...indents.map((indent) => indent.length));
  const [model, file] = [leastOf(known.map((one) => one.model)), leastOf(base.filter(({ row }) => !isBlank(row.text)).map(({ row }) => indentOf(row.text)))];
  const least = leastOf(lines.map(indentOf));
  return lines.length > 0 && least !== model && least === file ? 'oldText and newText are not indented in the same way' : null;
}

/** A new text that has its kept lines as the file has them, though the old text has not, is taken as it is. */
function readsAsFile(
  known: readonly (IndentPair & { line: string })[],
  edited: readonly string[],
  base: readonly BaseRow[],
): IndentTranslation | string | null {
  const lines = edited.filter((line) => !isBlank(line));
  let [asModel, asFile, asBoth] = [0, 0, 0];
  const kept: number[] = [];
  for (const line of lines) {
    const pairs = known.filter((one) => one.line === line.trim());
    if (pairs.length === 0) continue;
    const indent = indentOf(line);
    kept.push(indent.length);
    if (pairs.some(({ model, file }) => model === indent && file === indent)) asBoth += 1;
    else if (pairs.some(({ model }) => model === indent)) asModel += 1;
    else if (pairs.some(({ file }) => file === indent)) asFile += 1;
  }
  if (kept.length === 0) return readsAnew(known, lines, base);
  if (asFile === 0 && (asModel > 0 || kept.length <= asBoth)) return null;
  if (asModel > 0 || asFile === 0) return 'oldText and newText are not indented in the same way';
  const least = Math.min(...lines.map((line) => indentOf(line).length));
  const leastOfFile = Math.min(...base.filter(({ row }) => !isBlank(row.text)).map(({ row }) => indentOf(row.text).length));
  if (least < leastOfFile || least < Math.min(...kept)) return 'oldText and newText are not indented in the same way';
  return (indent) => indent;
}
