import type { Change, ChangeHunk } from '@boocode/contracts/change.ts';
import type { ChangeId } from '@boocode/contracts/ids.ts';

/** Some hunks of a change: null = all of it. */
export interface ChangePart {
  readonly change: Change;
  readonly hunks: readonly ChangeHunk[] | null;
}

/** What is asked of the server: named by change and hunk, so that exactly what was seen is acted on. */
export interface Choice {
  readonly ids: ChangeId[];
  readonly hunks?: string[];
}

/** More names than a request may have: then whole changes are named. */
const MAX_HUNKS = 10_000;

/** A change that waits for a decision. */
export function isWaiting({ state }: Change): boolean {
  return state === 'pending' || state === 'conflict';
}

/** A change that has no hunks of its own is decided as one. */
export function countHunks({ hunks }: Change): number {
  return Math.max(1, hunks.length);
}

export function countMarked(change: Change): number {
  if (change.hunks.length === 0) return change.marked ? 1 : 0;
  return change.hunks.filter((hunk) => hunk.marked).length;
}

/** What the next apply would take of a change that can be marked; null = nothing. */
export function markedPart(change: Change): ChangePart | null {
  const count = change.state === 'pending' ? countMarked(change) : 0;
  if (count === 0) return null;
  return { change, hunks: count === countHunks(change) ? null : change.hunks.filter((hunk) => hunk.marked) };
}

/** What is left of it. */
export function unmarkedPart(change: Change): ChangePart | null {
  const count = change.state === 'pending' ? countMarked(change) : 0;
  if (count === countHunks(change)) return null;
  return { change, hunks: count === 0 ? null : change.hunks.filter((hunk) => !hunk.marked) };
}

export function wholeChange(change: Change): ChangePart {
  return { change, hunks: null };
}

export function countParts(parts: readonly ChangePart[]): number {
  return parts.reduce((sum, { change, hunks }) => sum + (hunks?.length ?? countHunks(change)), 0);
}

export function choiceOf(parts: readonly ChangePart[]): Choice {
  const ids = parts.map(({ change }) => change.id);
  const hunks = parts.flatMap((part) => (part.hunks ?? part.change.hunks).map((hunk) => hunk.id));
  const canName = hunks.length <= MAX_HUNKS && parts.every(({ change }) => change.hunks.length > 0);
  return canName ? { ids, hunks } : { ids };
}

/** Says whether two choices are of the same things. */
export function choiceKey({ ids, hunks }: Choice): string {
  return `${ids.join(' ')}\n${hunks?.join(' ') ?? ''}`;
}

/** A change as it is once these hunks are marked, or not any more; null = all of them. */
export function withMarks(change: Change, isMarked: boolean, hunkIds: readonly string[] | null): Change {
  const hunks = change.hunks.map((hunk) => (hunkIds === null || hunkIds.includes(hunk.id) ? { ...hunk, marked: isMarked } : hunk));
  return { ...change, hunks, marked: hunks.length === 0 ? isMarked : hunks.every((hunk) => hunk.marked) };
}

/** `1 hunk`, `3 hunks`. */
export function hunkCount(count: number): string {
  return `${count} ${count === 1 ? 'hunk' : 'hunks'}`;
}
