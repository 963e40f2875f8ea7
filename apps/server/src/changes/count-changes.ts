import type { ChosenChange } from './change-store.ts';

/** `3 changes`, `2 hunks of 1 change`. */
export function countChanges(chosen: readonly ChosenChange[]): string {
  const changes = chosen.length === 1 ? '1 change' : `${chosen.length} changes`;
  if (chosen.every(({ part }) => part === null)) return changes;
  const hunks = chosen.reduce((sum, { part, hunks: all }) => sum + (part?.hunks.length ?? all.length), 0);
  return `${hunks === 1 ? '1 hunk' : `${hunks} hunks`} of ${changes}`;
}
