import { canonicalLine, isBlank, type Looseness, weightOf } from './canonical-line.ts';
import { TYPOGRAPHIC } from './char-drift.ts';
import type { Reading } from './decode-edit.ts';
import { isElision, splitAtElisions } from './elided-edit.ts';
import type { FileView } from './file-view.ts';
import type { Placement } from './match.ts';
import { mergePassage } from './merge-passage.ts';
import { changedLine, ONE_TERMINATED, type Place } from './place.ts';
import { findSegment, type SegmentPlace } from './find-segment.ts';
import { splitPassage } from './text-rows.ts';

interface Segment {
  readonly old: readonly string[];
  readonly edited: readonly string[];
}

const ALL: readonly Looseness[] = ['line ends', 'indentation', 'unicode'];
const MIN_WEIGHT = 3;
const ABSENT: Place = { type: 'absent', nearest: null, reason: 'nothing is left out' };

/** Places an edit whose old text leaves out a middle. What is written down on both sides must be found, in order, and what changes only once. */
export function placeElided(file: FileView, reading: Reading): Place {
  const old = splitAtElisions(splitPassage(reading.oldText).lines);
  if (old === null || splitPassage(reading.oldText).lines.some((line) => isElision(line) && hasLine(file, line))) return ABSENT;
  const foreign = foreignChar(file, reading);
  if (foreign !== null) return refuse(`oldText and newText have "${foreign}", which is not in the file`, []);
  const edited = splitAtElisions(splitPassage(reading.newText).lines);
  if (splitPassage(reading.oldText).isTerminated !== splitPassage(reading.newText).isTerminated) return refuse(ONE_TERMINATED, []);
  if (edited === null) return placeWritten(file, old, splitPassage(reading.newText).lines);
  if (edited.length !== old.length) return refuse('oldText and newText do not leave out as many parts', []);
  return placeSegments(
    file,
    old.map((lines, index) => ({ old: lines, edited: edited[index] ?? [] })),
  );
}

/** A quote or dash that both texts have and the file has not: which one of the file it stands for does not show in every part. */
function foreignChar(file: FileView, { oldText, newText }: Reading): string | null {
  const known = new Set(oldText.split('\n'));
  const added = newText
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n');
  return [...added].find((char) => TYPOGRAPHIC.test(char) && oldText.includes(char) && !file.text.includes(char)) ?? null;
}

function placeSegments(file: FileView, segments: readonly Segment[]): Place {
  const placements: Placement[] = [];
  let at = 0;
  let isSure = false;
  for (const { old, edited } of segments) {
    if (old.length === 0 && edited.length === 0) continue;
    const isChanged = old.join('\n') !== edited.join('\n');
    if (!isChanged && weightOf(old.join('')) < MIN_WEIGHT) continue;
    const all = findSegment(file, old, ALL);
    const places = all.filter((place) => place.firstRow >= at);
    const [place] = places;
    if (place === undefined) return all.length === 0 ? ABSENT : refuse('the parts of oldText are in another order in the file', rowsOf(all));
    const isUnique = all.length === 1 || (isSure && places.length === 1);
    if (!isUnique && isChanged) return { type: 'ambiguous', stage: 'elided', rows: rowsOf(all) };
    if (isChanged) {
      const match = { firstRow: place.firstRow, partners: old.map((_, line) => line) };
      const merge = mergePassage(file, match, old, edited);
      if (merge.type === 'refused') return refuse(merge.reason, [place.firstRow]);
      placements.push(merge.placement);
    }
    isSure ||= all.length === 1;
    at = place.firstRow + old.length;
  }
  const [first] = placements;
  if (first === undefined) return ABSENT;
  const lines = placements.map((placement) => changedLine(file, placement));
  return {
    type: 'placed',
    stage: 'elided',
    placements,
    lines,
    explanation: `Changed line ${lines[0]}: the parts that oldText gives are each found once, what it leaves out is kept.`,
  };
}

/** A new text that is written out stands for all from the first to the last line of the old one; most of what was left out must be in it. */
function placeWritten(file: FileView, segments: readonly (readonly string[])[], edited: readonly string[]): Place {
  const parts = segments;
  const found = parts.map((part) => findSegment(file, part, ['line ends']));
  if (found.some((places) => places.length === 0)) return ABSENT;
  const places = found.flatMap((one) => (one.length === 1 ? one : []));
  const isInOrder = places.every((place, index) => index === 0 || place.firstRow > (places[index - 1]?.firstRow ?? 0));
  if (places.length !== parts.length || !isInOrder) return { type: 'ambiguous', stage: 'elided', rows: found.flatMap(rowsOf) };
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return ABSENT;
  const end = last.firstRow + (parts.at(-1)?.length ?? 0);
  const rows = file.lines.slice(first.firstRow, end);
  const written = new Set(edited.map((line) => line.trim()));
  const middle = rows.filter((_, index) => !isWithin(first.firstRow + index, places, parts)).filter((line) => !isBlank(line));
  const kept = middle.filter((line) => written.has(line.trim())).length;
  if (middle.length === 0 || kept * 2 < middle.length)
    return refuse('oldText leaves out lines and newText does not say what becomes of them', [first.firstRow]);
  const merge = mergePassage(file, { firstRow: first.firstRow, partners: rows.map((_, index) => index) }, rows, edited);
  if (merge.type === 'refused') return refuse(merge.reason, [first.firstRow]);
  const line = changedLine(file, merge.placement);
  return {
    type: 'placed',
    stage: 'elided',
    placements: [merge.placement],
    lines: [line],
    explanation: `Changed line ${line}: oldText leaves out a middle, its two ends are each found once.`,
  };
}

/** Whether the file itself has such a line: then nothing is left out. */
function hasLine(file: FileView, line: string): boolean {
  return file.places.has(canonicalLine(line, 'unicode'));
}

function isWithin(row: number, places: readonly SegmentPlace[], parts: readonly (readonly string[])[]): boolean {
  return places.some((place, index) => row >= place.firstRow && row < place.firstRow + (parts[index]?.length ?? 0));
}

function rowsOf(places: readonly SegmentPlace[]): readonly number[] {
  return places.map((place) => place.firstRow);
}

function refuse(reason: string, rows: readonly number[]): Place {
  return { type: 'refused', reason, rows };
}
