import type { Hunk } from '@boocode/git/hunks.ts';
import type { Attribution, StoredHunk } from './stored-hunk.ts';

export interface CarriedHunks {
  readonly carried: readonly StoredHunk[];
  /** The names of hunks that are not there any more. */
  readonly vanished: readonly string[];
  /** Whether something is there that was not before. */
  readonly isNew: boolean;
}

/**
 * Recognizes hunks in a file that has gone on: one that stands where it stood and says what it said is the same; then those that say the same, in their
 * order. They keep name, decision and author. The others are `by`'s and undecided.
 */
export function carryHunks(before: readonly StoredHunk[], found: readonly Hunk[], by: Attribution): CarriedHunks {
  const left = new Set(before);
  const take = (isIt: (hunk: StoredHunk) => boolean): StoredHunk | null => {
    for (const hunk of left) {
      if (!isIt(hunk)) continue;
      left.delete(hunk);
      return hunk;
    }
    return null;
  };
  const inPlace = found.map((hunk) => take((other) => other.print === hunk.print && other.oldStart === hunk.oldStart && other.oldLines === hunk.oldLines));
  const known = found.map((hunk, index) => inPlace[index] ?? take((other) => other.print === hunk.print));
  const names = new Set(known.flatMap((hunk) => (hunk === null ? [] : [hunk.id])));
  const carried = found.map((hunk, index): StoredHunk => {
    const same = known[index];
    if (same !== null && same !== undefined)
      return { ...same, oldStart: hunk.oldStart, oldLines: hunk.oldLines, newStart: hunk.newStart, newLines: hunk.newLines };
    return { ...hunk, id: freeName(hunk.id, names), marked: false, agent: by.agent, chatId: by.chatId, taskId: by.taskId };
  });
  return { carried, vanished: [...left].map((hunk) => hunk.id), isNew: known.includes(null) };
}

/** A name is kept as long as its hunk lives; a new hunk that would have the same one gets another. */
function freeName(id: string, names: Set<string>): string {
  let name = id;
  for (let number = 2; names.has(name); number++) name = `${id}-${number}`;
  names.add(name);
  return name;
}
