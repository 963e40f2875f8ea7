import { createHash } from 'node:crypto';

/** Where two texts differ, as in `@@ -oldStart,oldLines +newStart,newLines @@` without context: lines count from 1; of no lines, the start is the line before. */
export interface LineRange {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
}

/** A run of changed lines and what stands around it in the old text. Lines have their ends, byte by byte (latin1). */
export interface Run extends LineRange {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** At most `CONTEXT` lines. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** A run of changed lines by its names: the smallest part of a change that can be chosen. */
export interface Hunk extends LineRange {
  /** A hash of path, old lines, new lines and the lines around them in the old text: the same while these are. */
  readonly id: string;
  /** A hash of the old and new lines alone: what the hunk says, wherever it stands. */
  readonly print: string;
}

/** How many lines around a hunk tell it from others that say the same. */
export const CONTEXT = 3;

/** The lines of a text with their ends, byte by byte (latin1), so that a last line without an end is another one than the same with it. */
export function splitLines(text: Buffer): string[] {
  const lines = text.toString('latin1').split(/(?<=\n)/u);
  return lines.length === 1 && lines[0] === '' ? [] : lines;
}

function joinLines(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(''), 'latin1');
}

/** The runs at these ranges of two whole texts. */
export function runsAt(sides: { readonly old: readonly string[]; readonly new: readonly string[] }, ranges: readonly LineRange[]): Run[] {
  return ranges.map((range) => {
    const from = startOf(range.oldStart, range.oldLines);
    return { ...range, removed: oldLinesOf(sides.old, range), added: newLinesOf(sides.new, range), ...linesAround(sides.old, from, range.oldLines) };
  });
}

/** What stands around some lines of a text. */
export function linesAround(lines: readonly string[], from: number, count: number): Pick<Run, 'before' | 'after'> {
  return { before: lines.slice(Math.max(0, from - CONTEXT), from), after: lines.slice(from + count, from + count + CONTEXT) };
}

/** The hunks of a file's runs, in order. Two that are alike in everything get different ids, by their order. */
export function hunksOf(path: string, runs: readonly Run[]): Hunk[] {
  const seen = new Map<string, number>();
  return runs.map(({ removed, added, before, after, ...range }) => {
    const print = hashOf(removed, added);
    const key = hashOf([path, print], before, after);
    const twins = seen.get(key) ?? 0;
    seen.set(key, twins + 1);
    return { ...range, print, id: twins === 0 ? key : hashOf([key, String(twins)]) };
  });
}

/** A change that has no lines to choose from (binary, a mode, a link, a name alone): all or nothing. */
export function wholeHunk(path: string, facts: readonly (string | null)[]): Hunk {
  const print = hashOf(facts.map((fact) => fact ?? ''));
  return { oldStart: 0, oldLines: 0, newStart: 0, newLines: 0, print, id: hashOf([path, print]) };
}

/** The old text with only these hunks in it. Whatever is chosen of the hunks of two texts: none gives the old one, all give the new one. */
export function withHunks(old: readonly string[], changed: readonly string[], chosen: readonly LineRange[]): Buffer {
  const result: string[] = [];
  let at = 0;
  for (const range of inOrder(chosen)) {
    const from = startOf(range.oldStart, range.oldLines);
    for (; at < from; at++) result.push(old[at] ?? '');
    for (const line of newLinesOf(changed, range)) result.push(line);
    at = from + range.oldLines;
  }
  for (; at < old.length; at++) result.push(old[at] ?? '');
  return joinLines(result);
}

/** How the left-over hunks stand once the chosen ones are part of the old text. */
export function afterTaking<R extends LineRange>(hunks: readonly R[], isTaken: (hunk: R) => boolean): R[] {
  let moved = 0;
  return inOrder(hunks).flatMap((hunk) => {
    if (!isTaken(hunk)) return [{ ...hunk, ...rangeAt(startOf(hunk.oldStart, hunk.oldLines) + moved, hunk.oldLines, firstNew(hunk), hunk.newLines) }];
    moved += hunk.newLines - hunk.oldLines;
    return [];
  });
}

/** How the left-over hunks stand once the dropped ones are no part of the new text any more. */
export function afterDropping<R extends LineRange>(hunks: readonly R[], isDropped: (hunk: R) => boolean): R[] {
  let moved = 0;
  return inOrder(hunks).flatMap((hunk) => {
    if (!isDropped(hunk)) return [{ ...hunk, ...rangeAt(startOf(hunk.oldStart, hunk.oldLines), hunk.oldLines, firstNew(hunk) + moved, hunk.newLines) }];
    moved += hunk.oldLines - hunk.newLines;
    return [];
  });
}

/**
 * Where hunks of an earlier new text (`texts.before`) stand in a later one, given the difference between the two; null for one whose lines were touched.
 * What was written right before or behind a hunk does not touch it. Among equal lines a difference may be told in several ways: where it seems to
 * touch a hunk whose lines are all there, they count.
 */
export function followHunks<R extends LineRange>(
  hunks: readonly R[],
  edits: readonly LineRange[],
  texts: { readonly before: readonly string[]; readonly after: readonly string[] },
): (R | null)[] {
  return hunks.map((hunk) => {
    const first = firstNew(hunk);
    const end = first + hunk.newLines;
    let moved = 0;
    let inside = 0;
    let isTouched = false;
    for (const edit of edits) {
      const editFirst = startOf(edit.oldStart, edit.oldLines);
      const editEnd = editFirst + edit.oldLines;
      const isBefore = editEnd <= first && !(hunk.newLines === 0 && editFirst === first);
      if (!isBefore && editFirst >= end) break;
      if (isBefore) moved += edit.newLines - edit.oldLines;
      else inside += edit.newLines - edit.oldLines;
      isTouched ||= !isBefore;
    }
    const seeming = hunk.newLines === 0 ? [] : [first + moved, first + moved + inside];
    const place = isTouched ? seeming.find((at) => isThere(texts, first, hunk.newLines, at)) : first + moved;
    return place === undefined ? null : { ...hunk, ...rangeAt(startOf(hunk.oldStart, hunk.oldLines), hunk.oldLines, place, hunk.newLines) };
  });
}

function isThere(texts: { readonly before: readonly string[]; readonly after: readonly string[] }, from: number, lines: number, at: number): boolean {
  for (let index = 0; index < lines; index++) if (at < 0 || texts.before[from + index] !== texts.after[at + index]) return false;
  return true;
}

/** A range from offsets that count from 0. */
export function rangeAt(oldFrom: number, oldLines: number, newFrom: number, newLines: number): LineRange {
  return { oldStart: oldLines === 0 ? oldFrom : oldFrom + 1, oldLines, newStart: newLines === 0 ? newFrom : newFrom + 1, newLines };
}

/** Where a range begins on both sides, counted from 0. */
export function offsetsOf(range: LineRange): { readonly old: number; readonly new: number } {
  return { old: startOf(range.oldStart, range.oldLines), new: firstNew(range) };
}

function startOf(start: number, lines: number): number {
  return lines === 0 ? start : start - 1;
}

function firstNew(range: LineRange): number {
  return startOf(range.newStart, range.newLines);
}

function oldLinesOf(old: readonly string[], range: LineRange): readonly string[] {
  const from = startOf(range.oldStart, range.oldLines);
  return old.slice(from, from + range.oldLines);
}

function newLinesOf(changed: readonly string[], range: LineRange): readonly string[] {
  return changed.slice(firstNew(range), firstNew(range) + range.newLines);
}

/** Ranges of one difference never overlap; where two touch, the one that stands first in the new text comes first. */
function inOrder<R extends LineRange>(ranges: readonly R[]): R[] {
  return ranges.toSorted((one, other) => startOf(one.oldStart, one.oldLines) - startOf(other.oldStart, other.oldLines) || firstNew(one) - firstNew(other));
}

/** Parts are told apart by their lengths. */
function hashOf(...parts: readonly (readonly string[])[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`${part.length}\0`);
    for (const line of part) hash.update(`${line.length}\0`).update(line, 'utf8');
  }
  return hash.digest('hex').slice(0, 16);
}
