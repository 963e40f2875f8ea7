import { canonicalLine, weightOf } from './canonical-line.ts';
import { decodeEdit, type Reading } from './decode-edit.ts';
import type { Edit } from './edit-outcome.ts';
import type { FileView } from './file-view.ts';
import { findExact } from './find-passages.ts';
import { findSimilar, type Similar } from './find-similar.ts';
import { findLostNeighbour } from './lost-neighbour.ts';
import { mergePassage } from './merge-passage.ts';
import { shorten } from './shorten.ts';
import { changedLine, isAlreadyAround, ONE_TERMINATED, type Place } from './place.ts';
import { placeElided } from './place-elided.ts';
import { type Placed, placeStrictly } from './place-strictly.ts';
import { rowLikeness } from './row-likeness.ts';
import type { Placement } from './match.ts';
import { flatten, type Row, splitPassage } from './text-rows.ts';
import { undouble } from './undouble-edit.ts';
import { tokensOf } from './word-drift.ts';

const MAX_NEAREST_LINES = 40;
const MAX_SIMILAR_READINGS = 5;
const MIN_PART = 5;
const MAX_MOVED = 25;

/** Tries the stages from strict to loose. The first one that finds anything decides: two places are never handed on to a looser stage. */
export function placeEdit(file: FileView, edit: Edit): Place {
  const { oldText, newText, isForAll } = edit;
  if (flatten(oldText) === '') return { type: 'refused', reason: 'oldText is empty', rows: [] };
  if (flatten(oldText) === flatten(newText)) return { type: 'refused', reason: 'oldText and newText are the same', rows: [] };
  const marked = isForAll ? null : placeMarked(file, oldText, newText);
  if (marked !== null) return marked;
  const strict = placeStrictly(file, oldText, newText, isForAll, false);
  if (strict.type !== 'nowhere') return strictPlace(file, strict, []);
  const applied = findApplied(file, oldText, newText);
  if (isForAll) return applied ?? { type: 'absent', nearest: null, reason: 'it is not there, and replacing all needs it letter by letter but for white space' };
  const readings = decodeEdit(oldText, newText, file);
  const plain: Reading = { oldText, newText, undone: [], firstNumber: null };
  const loose = withoutFenced([plain, ...readings]);
  return (
    agreed(
      file,
      readings.map((reading) => placeReading(file, reading)),
    ) ??
    agreed(
      file,
      loose.map((reading) => placeElided(file, reading)),
    ) ??
    applied ??
    agreed(
      file,
      loose.slice(0, MAX_SIMILAR_READINGS + 1).map((reading) => placeUndoubled(file, reading) ?? placeSimilar(file, reading)),
    ) ??
    absentPlace(file, oldText)
  );
}

/** A fence that the file does not have is never a part of the passage: only readings without it are looked for loosely. */
function withoutFenced(readings: readonly Reading[]): readonly Reading[] {
  const unfenced = readings.filter((reading) => reading.undone.includes('code fence'));
  return unfenced.length > 0 ? unfenced : readings;
}

function placeReading(file: FileView, reading: Reading): Place {
  const place = strictPlace(file, placeStrictly(file, reading.oldText, reading.newText, false, true), reading.undone);
  const numbered = reading.firstNumber === null ? undefined : file.lines[reading.firstNumber - 1];
  const [first] = splitPassage(reading.oldText).lines;
  if (place.type !== 'placed' || numbered === undefined || first === undefined) return place;
  const [row] = place.placements.map((placement) => placement.firstRow);
  const isOther = row !== (reading.firstNumber ?? 0) - 1 && rowLikeness(canonicalLine(first, 'unicode'), canonicalLine(numbered, 'unicode')) > 0;
  return isOther
    ? { type: 'refused', reason: `its line number says line ${reading.firstNumber}, and what it says is at line ${(row ?? 0) + 1}`, rows: rowsOf(place) }
    : place;
}

/** A diff that only adds looks like text that is moved in by one; its marks are seen first. */
function placeMarked(file: FileView, oldText: string, newText: string): Place | null {
  if (!/^\+/m.test(newText) || /^[^ \n]/m.test(flatten(oldText)) || findExact(file, flatten(oldText), false).length > 0) return null;
  const reading = decodeEdit(oldText, newText, file).find((one) => one.undone.join() === 'diff markers');
  const placed = reading === undefined ? null : strictPlace(file, placeStrictly(file, reading.oldText, reading.newText, false, true), reading.undone);
  return placed === null || placed.type === 'absent' ? null : placed;
}

function strictPlace(file: FileView, placed: Placed, undone: readonly string[]): Place {
  switch (placed.type) {
    case 'nowhere':
      return { type: 'absent', nearest: null, reason: '' };
    case 'ambiguous':
      return placed;
    case 'already':
      return placed;
    case 'refused':
      return { type: 'refused', reason: placed.reason, rows: [placed.row] };
    case 'placed': {
      const stage = undone.length > 0 ? 'decoded' : placed.stage;
      const lines = placed.placements.map((placement) => changedLine(file, placement));
      return { type: 'placed', stage, placements: placed.placements, lines, explanation: explain(placed.stage, undone, lines) };
    }
  }
}

const FOUND: Readonly<Record<'exact' | 'line ends' | 'indentation' | 'unicode', string>> = {
  exact: 'found letter by letter',
  'line ends': 'found with white space at line ends ignored',
  indentation: 'found with indentation ignored, new lines are indented as the file is',
  unicode: 'found with the form of quotes, dashes and spaces ignored, those of the file are kept',
};

function explain(stage: keyof typeof FOUND, undone: readonly string[], lines: readonly number[]): string {
  const before = undone.length === 0 ? '' : `${undone.join(' and ')} taken away, then `;
  const where = lines.length === 1 ? `line ${lines[0]}` : `${lines.length} places`;
  return `Changed ${where}: ${before}${FOUND[stage]}.`;
}

/** Several readings may find something; they must all come to the same text. Null when none found anything. */
function agreed(file: FileView, places: readonly Place[]): Place | null {
  const found = places.filter((place) => place.type !== 'absent');
  const [first, ...others] = found;
  if (first === undefined) return null;
  const odd = others.find((other) => keyOf(file, other) !== keyOf(file, first));
  if (odd === undefined) return first;
  const rows = [...new Set(found.flatMap(rowsOf))];
  const isUnclear = found.find((place) => place.type === 'ambiguous');
  return isUnclear ?? { type: 'refused', reason: 'it can be read in more than one way, with different results', rows };
}

function keyOf(file: FileView, place: Place): string {
  return JSON.stringify(place.type === 'placed' ? place.placements.map((placement) => changeOf(file, placement)) : [place.type, rowsOf(place)]);
}

/** A placement without the lines at its ends that stay as they are. */
function changeOf(file: FileView, { firstRow, endRow, rows }: Placement): Placement {
  const isSame = (row: number, written: Row | undefined): boolean => {
    const known = file.content.rows[row];
    return known !== undefined && known.text === written?.text && known.eol === written.eol;
  };
  const most = Math.min(rows.length, endRow - firstRow);
  let [start, end] = [0, 0];
  while (start < most && isSame(firstRow + start, rows[start])) start += 1;
  while (end < most - start && isSame(endRow - 1 - end, rows.at(-1 - end))) end += 1;
  return { firstRow: firstRow + start, endRow: endRow - end, rows: rows.slice(start, rows.length - end) };
}

function rowsOf(place: Place): readonly number[] {
  switch (place.type) {
    case 'placed':
      return place.placements.map((placement) => placement.firstRow);
    case 'already':
      return [place.row];
    case 'ambiguous':
    case 'refused':
      return place.rows;
    case 'absent':
      return [];
  }
}

/** The new text is there and has something that the old one has not: the edit was made before. */
function findApplied(file: FileView, oldText: string, newText: string): Place | null {
  const [old, edited] = [splitPassage(oldText).lines, splitPassage(newText).lines];
  const known = new Set(old.map((line) => line.trim()));
  const isNew = edited.some((line) => !known.has(line.trim()) && weightOf(line) >= 3);
  const hasBothEnds = old[0]?.trim() === edited[0]?.trim() && old.at(-1)?.trim() === edited.at(-1)?.trim();
  const isRemoval = hasBothEnds && edited.filter((line) => weightOf(line) >= 3).length >= 2;
  if (!isNew && !isRemoval) return null;
  for (const form of ['exact', 'indentation'] as const) {
    const { joined } = file.canonical(form);
    const wanted = form === 'exact' ? flatten(newText) : edited.map((line) => canonicalLine(line, form)).join('\n');
    const at = joined.indexOf(wanted);
    if (at < 0) continue;
    const row = joined.slice(0, at).split('\n').length - 1;
    return hasRemoved(file, row, old, edited) ? null : { type: 'already', row };
  }
  return null;
}

/** Whether what the edit takes away is still there, close by: then the new text is there for another reason. */
function hasRemoved(file: FileView, row: number, old: readonly string[], edited: readonly string[]): boolean {
  const kept = new Set(edited.map((line) => line.trim()));
  const removed = old.map((line) => line.trim()).filter((line) => weightOf(line) >= 3 && !kept.has(line));
  const around = new Set(file.lines.slice(Math.max(0, row - old.length), row + edited.length + old.length).map((line) => line.trim()));
  return removed.length > 0 && removed.filter((line) => around.has(line)).length * 2 >= removed.length;
}

/** Takes one of two equal neighbours away and looks for the rest as it is; null where nothing is found so. */
function placeUndoubled(file: FileView, reading: Reading): Place | null {
  const places = undouble(reading).map((one) => strictPlace(file, placeStrictly(file, one.oldText, one.newText, false, true), one.undone));
  return agreed(file, places);
}

function placeSimilar(file: FileView, reading: Reading): Place {
  const [old, edited] = [splitPassage(reading.oldText), splitPassage(reading.newText)];
  const similar = findSimilar(file, old.lines);
  if (similar.type !== 'none' && old.isTerminated !== edited.isTerminated && reading.newText !== '')
    return { type: 'refused', reason: ONE_TERMINATED, rows: [] };
  switch (similar.type) {
    case 'none':
      return { type: 'absent', nearest: null, reason: similar.reason };
    case 'ambiguous':
      return { type: 'ambiguous', stage: 'similar', rows: similar.alignments.map((one) => one.firstRow) };
    case 'found':
      return mergeSimilar(file, reading, old.lines, edited.lines, similar);
    case 'swapped': {
      const swapped = swapBack(reading.newText, similar.swapped, similar.lines);
      if (swapped === null)
        return { type: 'refused', reason: 'neighbouring lines of oldText are swapped, and newText has them in no clear order', rows: [similar.row] };
      return placeSwapped(file, { ...reading, oldText: similar.lines.join('\n'), newText: swapped });
    }
  }
}

/** Looks again with neighbours in the order of the file. */
function placeSwapped(file: FileView, reading: Reading): Place {
  const undone = [...reading.undone, 'swapped neighbours'];
  return strictPlace(file, placeStrictly(file, reading.oldText, reading.newText, false, true), undone);
}

/** One of the two is kept, with all that stands beyond it: what becomes of the other is before or after it in both texts. */
function isChangedBeside(old: readonly string[], edited: readonly string[], [first, second]: readonly [string, string]): boolean {
  const at = old.findIndex((line, index) => line === first && old[index + 1] === second);
  const [before, after] = [old.slice(0, at + 1), old.slice(at + 1)];
  const startsSo = before.every((line, index) => edited[index] === line);
  const endsSo = after.every((line, index) => edited[edited.length - after.length + index] === line);
  return (startsSo && !edited.includes(second)) || (endsSo && !edited.includes(first));
}

/** The new text with two neighbours in the order of the file; null when they do not stand together once. */
function swapBack(newText: string, [first, second]: readonly [string, string], old: readonly string[]): string | null {
  const lines = splitPassage(newText).lines;
  const pairs = (a: string, b: string): readonly number[] => lines.flatMap((line, index) => (line === a && lines[index + 1] === b ? [index] : []));
  const [wrong, right] = [pairs(second, first), pairs(first, second)];
  if (right.length === 1 && wrong.length === 0) return lines.join('\n');
  if (right.length === 0 && wrong.length === 0 && isChangedBeside(old, lines, [first, second])) return lines.join('\n');
  const [at] = wrong;
  if (wrong.length !== 1 || right.length > 0 || at === undefined) return null;
  return [...lines.slice(0, at), first, second, ...lines.slice(at + 2)].join('\n');
}

function mergeSimilar(
  file: FileView,
  reading: Reading,
  old: readonly string[],
  edited: readonly string[],
  similar: Extract<Similar, { type: 'found' }>,
): Place {
  const { alignment, misspelt } = similar;
  const known = new Set(old);
  const rows = [alignment.firstRow];
  if (isFarFromNumber(reading, alignment.firstRow)) return { type: 'refused', reason: `its line number says line ${reading.firstNumber}`, rows };
  const spelt = edited.map((line) => (known.has(line) ? line : respell(line, misspelt)));
  const spread = spelt.find((line) => !known.has(line) && misspelt.some(([word]) => line.includes(word)));
  if (spread !== undefined) return { type: 'refused', reason: `"${shorten(spread)}" has a word that the file spells otherwise`, rows };
  const merge = mergePassage(file, alignment, old, spelt);
  if (merge.type === 'refused') return { type: 'refused', reason: merge.reason, rows };
  if (isAlreadyAround(file, merge.placement)) return { type: 'already', row: alignment.firstRow };
  const lost = findLostNeighbour(file, alignment.firstRow, alignment.firstRow + alignment.partners.length, old, edited);
  if (lost !== null) return { type: 'refused', reason: lost, rows };
  const lines = [changedLine(file, merge.placement)];
  const undone = reading.undone.length === 0 ? '' : `${reading.undone.join(' and ')} taken away, then `;
  const explanation = `Changed line ${lines[0]}: ${undone}found as the only similar passage, what is not changed is kept as the file has it.`;
  return { type: 'placed', stage: 'similar', placements: [merge.placement], lines, explanation };
}

/** A number that counts from the beginning of the file says where the passage was, give or take what was changed since. */
function isFarFromNumber({ firstNumber }: Reading, row: number): boolean {
  return firstNumber !== null && firstNumber > 1 && Math.abs(row + 1 - firstNumber) > MAX_MOVED;
}

/** A word that is not in the file at all and was a slip in a kept line is the same slip in a new one, a long one also as a part of a name. */
function respell(line: string, misspelt: readonly (readonly [model: string, file: string])[]): string {
  const spelt = (token: string): string => {
    const known = misspelt.find(([mine]) => mine === token) ?? misspelt.find(([mine]) => mine.length >= MIN_PART && token.includes(mine));
    return known === undefined ? token : token.replace(known[0], known[1]);
  };
  return tokensOf(line).map(spelt).join('');
}

function absentPlace(file: FileView, oldText: string): Place {
  const { lines } = splitPassage(oldText);
  const similar = findSimilar(file, lines);
  if (similar.type !== 'none') return { type: 'absent', nearest: null, reason: 'it is not there' };
  const { nearest, reason } = similar;
  if (nearest === null) return { type: 'absent', nearest: null, reason };
  return { type: 'absent', nearest: { row: nearest.firstRow, lines: Math.min(nearest.partners.length, MAX_NEAREST_LINES) }, reason };
}
