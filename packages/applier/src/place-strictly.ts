import { canonicalLine, indentOf, isBlank, type Looseness } from './canonical-line.ts';
import type { FileView } from './file-view.ts';
import { cutsIndent, cutsWord, findExact, findLoosely, isWholeLines, type Span } from './find-passages.ts';
import { findLostNeighbour } from './lost-neighbour.ts';
import { isAlreadyAround, ONE_TERMINATED } from './place.ts';
import { translateIndents } from './indentation.ts';
import type { Placement } from './match.ts';
import { mergePassage } from './merge-passage.ts';
import { flatten, type Row, splitPassage } from './text-rows.ts';
import { sharesWords } from './word-drift.ts';

export type StrictStage = 'exact' | Looseness;

/** What looking for one reading of an edit gave. */
export type Placed =
  | { readonly type: 'nowhere' }
  | { readonly type: 'ambiguous'; readonly stage: StrictStage; readonly rows: readonly number[] }
  | { readonly type: 'already'; readonly row: number }
  | { readonly type: 'refused'; readonly stage: StrictStage; readonly reason: string; readonly row: number }
  | { readonly type: 'placed'; readonly stage: StrictStage; readonly placements: readonly Placement[] };

const LOOSER: readonly Looseness[] = ['line ends', 'indentation', 'unicode'];

/** A text that was decoded must not end within a word: looks for the old text letter by letter, then with more and more ignored, and stops where it is found, be it once or more often. */
export function placeStrictly(file: FileView, oldText: string, newText: string, isForAll: boolean, isDecoded: boolean): Placed {
  const exact = findExact(file, flatten(oldText), isForAll);
  const [only] = exact;
  const isCut = exact.length === 1 && only !== undefined && cutsIndent(file, only) && /\n/.test(oldText.trim() + newText.trim());
  if (isDecoded && exact.length === 1 && only !== undefined && cutsWord(file, only)) {
    return { type: 'refused', stage: 'exact', reason: 'oldText is found only within a longer word', row: only.firstRow };
  }
  const endsWithin = only !== undefined && only.lastColumn > 0 && !isBlank((file.lines[only.lastRow] ?? '').slice(only.lastColumn));
  if (isDecoded && exact.length === 1 && only !== undefined && endsWithin && only.lastRow > only.firstRow) {
    return { type: 'refused', stage: 'exact', reason: 'oldText ends and the line in the file goes on', row: only.firstRow };
  }
  if (exact.length > 0 && !isCut) {
    const placed = placeExactly(file, exact, flatten(oldText), flatten(newText), isForAll);
    const lost = isDecoded && placed.type === 'placed' && only !== undefined ? lostAround(file, only, oldText, newText) : null;
    return lost === null || only === undefined ? placed : { type: 'refused', stage: 'exact', reason: lost, row: only.firstRow };
  }
  for (const looseness of LOOSER) {
    if (isForAll && looseness === 'unicode') break;
    const placed = placeLoosely(file, oldText, newText, looseness, isForAll);
    if (placed.type !== 'nowhere') return placed;
  }
  return { type: 'nowhere' };
}

function lostAround(file: FileView, span: Span, oldText: string, newText: string): string | null {
  return findLostNeighbour(file, span.firstRow, span.lastRow + (span.lastColumn > 0 ? 1 : 0), splitPassage(oldText).lines, splitPassage(newText).lines);
}

function placeExactly(file: FileView, spans: readonly Span[], oldText: string, newText: string, isForAll: boolean): Placed {
  const [first] = spans;
  if (first === undefined) return { type: 'nowhere' };
  if (isForAll) return { type: 'placed', stage: 'exact', placements: joinNeighbours(file, spans, newText) };
  if (spans.length > 1) return { type: 'ambiguous', stage: 'exact', rows: spans.map((span) => span.firstRow) };
  if (isInserted(file, first, oldText, newText)) return { type: 'already', row: first.firstRow };
  const doubt = isForAll ? null : clipDoubt(file, first, oldText, newText);
  if (doubt !== null) return { type: 'refused', stage: 'exact', reason: doubt, row: first.firstRow };
  return { type: 'placed', stage: 'exact', placements: [writeExactly(file, first, inStyleOf(file, first, oldText, newText))] };
}

/** An insertion that was made before: the old text stands within the new one, and so it does in the file. */
function isInserted(file: FileView, span: Span, oldText: string, newText: string): boolean {
  const { joined, starts } = file.canonical('exact');
  const start = (starts[span.firstRow] ?? 0) + span.firstColumn;
  if (newText.length <= oldText.length) return false;
  for (let at = newText.indexOf(oldText); at >= 0; at = newText.indexOf(oldText, at + 1)) {
    if (start >= at && joined.startsWith(newText, start - at)) return true;
  }
  return false;
}

/** A text that begins after a line's indentation: what follows its first line must be indented at least as far, or the old text must show how. */
function clipDoubt(file: FileView, span: Span, oldText: string, newText: string): string | null {
  const before = (file.lines[span.firstRow] ?? '').slice(0, span.firstColumn);
  if (before === '' || !isBlank(before) || /^\s/.test(oldText)) return null;
  const [old, edited] = [splitPassage(oldText).lines, splitPassage(newText).lines];
  const [first = '', ...rest] = edited;
  const isOther = old.length + edited.length > 2 && first !== old[0] && first !== '' && !sharesWords(old[0] ?? '', first);
  const isUnclipped = isOther || first.startsWith(before);
  const isShown = [...old.slice(1), ...rest].some((line) => !isBlank(line) && indentOf(line) !== '');
  const isLess = rest.some((line) => !isBlank(line) && !old.includes(line) && indentOf(line).length < before.length);
  return isUnclipped || (isLess && !isShown)
    ? 'oldText begins after the indentation of its first line, and it is not clear how the lines of newText are indented'
    : null;
}

/** Added lines are indented as the file is where it is indented in one way and the old text shows no other. */
function inStyleOf(file: FileView, span: Span, oldText: string, newText: string): string {
  if (splitPassage(oldText).lines.some((line, index) => (index > 0 || span.firstColumn === 0) && /^[ \t]+\S/.test(line)) || !/^[ \t]+\S/m.test(newText))
    return newText;
  const style = file.indentStyle;
  const foreign = style?.char === '\t' ? /\n {2,}(?![ *])/ : /\n\t/;
  if (style === null || !style.isPure || !foreign.test(`\n${newText}`)) return newText;
  const [old, edited] = [splitPassage(oldText).lines, newText.split('\n')];
  const whole = span.firstColumn === 0 ? old : old.slice(1);
  const known = new Set(old);
  const pairs = whole.filter((line) => !isBlank(line)).map((line) => ({ model: indentOf(line), file: indentOf(line) }));
  const translate = translateIndents(pairs, edited, style);
  return edited
    .map((line, index) =>
      known.has(line) || isBlank(line) || (index === 0 && span.firstColumn > 0) ? line : (translate(indentOf(line)) ?? '') + line.slice(indentOf(line).length),
    )
    .join('\n');
}

/** Replaces letter by letter. Lines keep the ending that they have. */
function writeExactly(file: FileView, span: Span, newText: string): Placement {
  const rows = file.content.rows;
  const [first, last] = [rows[span.firstRow], rows[span.lastRow]];
  if (first === undefined || last === undefined) throw new TypeError('a span lies within the file');
  const endsFile = span.lastColumn > last.text.length;
  const rest = last.text.slice(span.lastColumn);
  const isCutOff =
    span.lastColumn === 0 && span.lastRow > span.firstRow && span.firstColumn === 0 && newText !== '' && !newText.endsWith('\n') && !isBlank(rest);
  const text = first.text.slice(0, span.firstColumn) + newText + (isCutOff ? '\n' : '') + rest;
  const lines = endsFile ? splitPassage(text).lines : text.split('\n');
  return { firstRow: span.firstRow, endRow: span.lastRow + 1, rows: withEndings(file, rows.slice(span.firstRow, span.lastRow + 1), lines) };
}

function withEndings(file: FileView, before: readonly Row[], lines: readonly string[]): readonly Row[] {
  const { eol } = file.content;
  let start = 0;
  while (start < Math.min(before.length, lines.length) && before[start]?.text === lines[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, lines.length) - start && before.at(-1 - end)?.text === lines.at(-1 - end)) end += 1;
  const isEven = before.length === lines.length;
  return lines.map((text, index) => {
    if (index === lines.length - 1) return { text, eol: before.at(-1)?.eol ?? eol };
    const fromEnd = lines.length - index;
    const kept = index < start || isEven ? before[index]?.eol : fromEnd <= end ? before.at(-fromEnd)?.eol : undefined;
    return { text, eol: kept === undefined || kept === '' ? eol : kept };
  });
}

/** All places at once: those that share a line are written together. */
function joinNeighbours(file: FileView, spans: readonly Span[], newText: string): readonly Placement[] {
  const groups: Span[][] = [];
  for (const span of spans) {
    const group = groups.at(-1);
    if (group !== undefined && (group.at(-1)?.lastRow ?? -1) >= span.firstRow) group.push(span);
    else groups.push([span]);
  }
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return [];
    if (group.length === 1) return [writeExactly(file, first, newText)];
    const { joined, starts } = file.canonical('exact');
    const offset = (row: number, column: number): number => (starts[row] ?? 0) + column;
    let [text, at] = ['', offset(first.firstRow, first.firstColumn)];
    for (const span of group) {
      text += joined.slice(at, offset(span.firstRow, span.firstColumn)) + newText;
      at = offset(span.lastRow, span.lastColumn);
    }
    return [writeExactly(file, { ...first, lastRow: last.lastRow, lastColumn: last.lastColumn }, text)];
  });
}

function placeLoosely(file: FileView, oldText: string, newText: string, looseness: Looseness, isForAll: boolean): Placed {
  const [old, edited] = [splitPassage(oldText), splitPassage(newText)];
  for (const [oldLines, newLines] of [[old.lines, edited.lines] as const, withoutBlankEdges(old.lines, edited.lines)]) {
    const spans = findLoosely(
      file,
      oldLines.map((line) => canonicalLine(line, looseness)),
      looseness,
      old.isTerminated,
    ).filter(
      (one) =>
        one.lastRow < file.lines.length &&
        !cutsIndent(file, one) &&
        !cutsBlank(file, one, oldLines) &&
        !(looseness === 'line ends' ? isClipped(file, one, oldLines, newLines) : oldLines.length > 1 && !isWholeLines(file, one)),
    );
    const [span] = spans;
    if (span === undefined) continue;
    if (spans.length > 1 && !isForAll) return { type: 'ambiguous', stage: looseness, rows: spans.map((one) => one.firstRow) };
    const doubt = findDoubt(file, span, old.isTerminated, edited.isTerminated || newText === '');
    if (doubt !== null && !isForAll) return { type: 'refused', stage: looseness, reason: doubt, row: span.firstRow };
    return placeAll(file, isForAll ? spans : [span], oldLines, newLines, looseness);
  }
  return { type: 'nowhere' };
}

/** Lines that have lost their indentation are not a part of a line: the next stage finds how they are indented. */
function isClipped(file: FileView, span: Span, old: readonly string[], edited: readonly string[]): boolean {
  const before = (file.lines[span.firstRow] ?? '').slice(0, span.firstColumn);
  const isUnclipped = /^\s/.test(edited[0] ?? '') && !/^\s/.test(old[0] ?? '');
  return before !== '' && isBlank(before) && (isUnclipped || Math.max(old.length, edited.length) > 1);
}

/** A blank line at an edge must be a blank line of the file, not the end or the beginning of another. */
function cutsBlank(file: FileView, span: Span, lines: readonly string[]): boolean {
  const cutsFirst = isBlank(lines[0] ?? '') && !isBlank(file.lines[span.firstRow] ?? '');
  return cutsFirst || (isBlank(lines.at(-1) ?? '') && !isBlank(file.lines[span.lastRow] ?? ''));
}

/** Blank lines around both texts do not count when they are the same around both. */
function withoutBlankEdges(old: readonly string[], edited: readonly string[]): readonly [readonly string[], readonly string[]] {
  const start = edgeOf(old);
  const end = edgeOf(old.toReversed());
  if (start === 0 && end === 0) return [[], []];
  if (edited.length > 0 && (edgeOf(edited) !== start || edgeOf(edited.toReversed()) !== end)) return [[], []];
  const cut = (lines: readonly string[]): readonly string[] => lines.slice(start, Math.max(start, lines.length - end));
  return [cut(old), cut(edited)];
}

function edgeOf(lines: readonly string[]): number {
  const index = lines.findIndex((line) => !isBlank(line));
  return index < 0 ? lines.length : index;
}

function findDoubt(file: FileView, span: Span, isOldTerminated: boolean, isNewTerminated: boolean): string | null {
  if (cutsWord(file, span)) return 'oldText is found only within a longer word';
  const next = file.lines[span.lastRow + 1];
  const isWhole = span.lastColumn === (file.lines[span.lastRow]?.length ?? 0);
  if (isOldTerminated && !isWhole) return 'oldText ends with a line break and the line in the file goes on';
  if (isOldTerminated === isNewTerminated) return null;
  if (isOldTerminated && (next === undefined || !isBlank(next))) return null;
  return ONE_TERMINATED;
}

function placeAll(file: FileView, spans: readonly Span[], old: readonly string[], edited: readonly string[], looseness: Looseness): Placed {
  const placements: Placement[] = [];
  for (const span of spans) {
    const [wholeOld, wholeNew] = [wholeLines(file, span, old, looseness), wholeLines(file, span, edited, looseness)];
    const match = { firstRow: span.firstRow, partners: wholeOld.map((_, index) => index) };
    const merge = mergePassage(file, match, wholeOld, wholeNew);
    if (merge.type === 'refused') return { type: 'refused', stage: looseness, reason: merge.reason, row: span.firstRow };
    if (isAlreadyAround(file, merge.placement)) return { type: 'already', row: span.firstRow };
    const lost = findLostNeighbour(file, span.firstRow, span.lastRow + 1, wholeOld, wholeNew);
    if (lost !== null) return { type: 'refused', stage: looseness, reason: lost, row: span.firstRow };
    placements.push(merge.placement);
  }
  return { type: 'placed', stage: looseness, placements };
}

/** Lines that begin or end within a line of the file, with the rest of it. */
function wholeLines(file: FileView, span: Span, lines: readonly string[], looseness: Looseness): readonly string[] {
  const before = (file.lines[span.firstRow] ?? '').slice(0, span.firstColumn);
  const after = (file.lines[span.lastRow] ?? '').slice(span.lastColumn);
  const whole = lines.length === 0 && before + after !== '' ? [''] : [...lines];
  if (before !== '') whole[0] = before + (looseness === 'line ends' ? (whole[0] ?? '') : (whole[0] ?? '').trimStart());
  if (after !== '') whole[whole.length - 1] = (whole.at(-1) ?? '').trimEnd() + after;
  return whole;
}
