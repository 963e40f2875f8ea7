import { diffArrays } from 'diff';
import { tokensOf } from './word-drift.ts';

interface Change {
  readonly start: number;
  readonly end: number;
  readonly tokens: readonly string[];
}

/**
 * Merges one line: what the edit changes in the model's old line is changed in the file's. Null when both differ from the old line at one place
 * and not in the same way.
 */
export function mergeLine(old: string, file: string, edited: string): string | null {
  const base = tokensOf(old);
  const [theirs, ours] = [changesOf(base, tokensOf(edited)), changesOf(base, tokensOf(file))];
  const all = [...theirs.map((change) => ({ ...change, isOurs: false })), ...ours.map((change) => ({ ...change, isOurs: true }))];
  all.sort((a, b) => a.start - b.start || a.end - b.end);
  let [result, at] = ['', 0];
  for (const [index, change] of all.entries()) {
    const before = all[index - 1];
    if (before !== undefined && isSame(before, change)) continue;
    if (before !== undefined && touches(before, change)) return null;
    result += base.slice(at, change.start).join('') + change.tokens.join('');
    at = change.end;
  }
  return result + base.slice(at).join('');
}

function changesOf(base: readonly string[], other: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  let at = 0;
  for (const { added, removed, value } of diffArrays([...base], [...other])) {
    const last = changes.at(-1);
    const isNext = last !== undefined && last.end === at;
    if (removed) {
      if (isNext) changes.splice(-1, 1, { ...last, end: at + value.length });
      else changes.push({ start: at, end: at + value.length, tokens: [] });
      at += value.length;
    } else if (added) {
      if (isNext) changes.splice(-1, 1, { ...last, tokens: [...last.tokens, ...value] });
      else changes.push({ start: at, end: at, tokens: value });
    } else at += value.length;
  }
  return changes;
}

function isSame(a: Change, b: Change): boolean {
  return a.start === b.start && a.end === b.end && a.tokens.join('') === b.tokens.join('');
}

/** Overlapping, or two insertions at one place, or an insertion at the edge of a replacement: their order would be a guess. */
function touches(a: Change, b: Change): boolean {
  return b.start < a.end || (b.start === a.end && (a.start === a.end || b.start === b.end));
}
