import { diffArrays } from 'diff';
import { commonPrefix, isMisspelt, tokensOf } from './word-drift.ts';

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
    if (before !== undefined && touches(before, change) && !isBesideSlip(before, change, base)) {
      const settled = before.isOurs === change.isOurs ? null : settleSlip(before.isOurs ? before : change, before.isOurs ? change : before, base);
      if (settled === null) return null;
      result = result.slice(0, result.length - before.tokens.join('').length) + settled;
      continue;
    }
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

/** A word of the model's old line that the file spells otherwise. */
function slipOf(change: Change, base: readonly string[]): readonly [model: string, file: string] | null {
  const [mine, its] = [base[change.start], change.tokens[0]];
  if (change.end !== change.start + 1 || change.tokens.length !== 1 || mine === undefined || its === undefined) return null;
  return isMisspelt(mine, its, true) ? [mine, its] : null;
}

/** What is put right before or after a misspelt word stays there. */
function isBesideSlip(a: Change & { isOurs: boolean }, b: Change & { isOurs: boolean }, base: readonly string[]): boolean {
  const [ours, theirs] = a.isOurs ? [a, b] : [b, a];
  return a.isOurs !== b.isOurs && theirs.start === theirs.end && (theirs.start === ours.start || theirs.start === ours.end) && slipOf(ours, base) !== null;
}

/** The edit replaces the very word that was misspelt. Its new word counts, without the slip; null when it may have another slip. */
function settleSlip(ours: Change, theirs: Change, base: readonly string[]): string | null {
  const slip = slipOf(ours, base);
  if (slip === null || theirs.start !== ours.start || theirs.end !== ours.end) return null;
  const [mine, its] = slip;
  const text = theirs.tokens.join('');
  if (text.includes(its)) return text;
  if (text.includes(mine)) return mine.length >= 5 ? text.replaceAll(mine, its) : null;
  return commonPrefix(text, mine) >= 3 ? null : text;
}

function isSame(a: Change, b: Change): boolean {
  return a.start === b.start && a.end === b.end && a.tokens.join('') === b.tokens.join('');
}

/** Overlapping, or two insertions at one place, or an insertion at the edge of a replacement: their order would be a guess. */
function touches(a: Change, b: Change): boolean {
  return b.start < a.end || (b.start === a.end && (a.start === a.end || b.start === b.end));
}
