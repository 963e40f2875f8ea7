import type { ChangeWithPatch } from '@boocode/contracts/change.ts';

export interface ChangeGroups {
  /** Waiting for a decision, conflicts first: they block the others. */
  readonly waiting: readonly ChangeWithPatch[];
  readonly applied: readonly ChangeWithPatch[];
  readonly rejected: readonly ChangeWithPatch[];
}

/** Sorts a session's changes by what a person can still do; superseded ones are history. */
export function groupChanges(items: readonly ChangeWithPatch[]): ChangeGroups {
  const sorted = items.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const of = (state: ChangeWithPatch['state']) => sorted.filter((change) => change.state === state);
  return { waiting: [...of('conflict'), ...of('pending')], applied: of('applied'), rejected: of('rejected') };
}

export function countLines(changes: readonly ChangeWithPatch[]): { readonly additions: number; readonly deletions: number } {
  return {
    additions: changes.reduce((sum, change) => sum + change.additions, 0),
    deletions: changes.reduce((sum, change) => sum + change.deletions, 0),
  };
}
