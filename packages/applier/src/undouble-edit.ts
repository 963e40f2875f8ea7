import { isBlank, weightOf } from './canonical-line.ts';
import type { Reading } from './decode-edit.ts';
import { flatten } from './text-rows.ts';

/** What is left must say so much to be found by itself. */
const MIN_WEIGHT = 12;
const MIN_LINES = 2;

/** Readings of an edit in which one of two equal neighbours of the old text is taken away: a line that was written twice. */
export function undouble(reading: Reading): readonly Reading[] {
  const old = flatten(reading.oldText).split('\n');
  const doubles = old.flatMap((line, index) => (!isBlank(line) && line === old[index - 1] && line !== old[index - 2] ? [index] : []));
  return doubles.flatMap((index) => {
    const left = without(old, index);
    const newText = undoubleNew(reading.newText, old[index] ?? '');
    if (newText === null || left.filter((line) => !isBlank(line)).length < MIN_LINES || weightOf(left.join('')) < MIN_WEIGHT) return [];
    return [{ ...reading, oldText: left.join('\n'), newText, undone: [...reading.undone, 'a doubled line'] }];
  });
}

/** The new text has the line twice as well, once, or not at all; null when it is not clear which one is too many. */
function undoubleNew(newText: string, line: string): string | null {
  const lines = flatten(newText).split('\n');
  const rows = lines.flatMap((one, index) => (one === line ? [index] : []));
  const [first, second] = rows;
  if (first === undefined || second === undefined) return newText;
  return rows.length === 2 && second === first + 1 ? without(lines, second).join('\n') : null;
}

function without(lines: readonly string[], index: number): readonly string[] {
  return [...lines.slice(0, index), ...lines.slice(index + 1)];
}
