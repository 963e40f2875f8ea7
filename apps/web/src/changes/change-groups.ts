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

/** A file as it is listed. `key` stays the same while its change is edited, accepted, applied or overtaken by a newer one. */
export interface FileRow {
  readonly key: string;
  readonly change: ChangeWithPatch;
}

/** All files in the order of the list; a path that is there more than once gets a key for each. */
export function fileRows({ waiting, applied, rejected }: ChangeGroups): readonly FileRow[] {
  const seen = new Map<string, number>();
  return [...waiting, ...applied, ...rejected].map((change) => {
    const count = seen.get(change.path) ?? 0;
    seen.set(change.path, count + 1);
    return { key: count === 0 ? change.path : `${change.path}\n${count}`, change };
  });
}
