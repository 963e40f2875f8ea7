import type { ApplyPlan, FileEdit } from './apply-plan.ts';
import { type Entry, mergeEdits, pathsOf } from './base-edits.ts';
import { type PathState, readPathStates } from './path-facts.ts';
import type { Git, WorkTree } from './run-git.ts';
import { plannedEdits } from './scratch-tree.ts';

export interface FindCollisions {
  /** The project's folder. */
  readonly tree: WorkTree;
  readonly plan: ApplyPlan;
  /** Edits that wait elsewhere, each to be looked at alone. */
  readonly others: readonly FileEdit[];
  readonly scratch: string;
}

/** Which of the other edits fit the folder as it is now, and would not any more once the plan is carried out: by their places in `others`. */
export async function findCollisions(git: Git, { tree, plan, others, scratch }: FindCollisions): Promise<number[]> {
  const touched = new Set(plan.ops.map((op) => op.path));
  const near = others.flatMap((edit, index) => (pathsOf([edit]).some((path) => touched.has(path)) ? [{ edit, index }] : []));
  if (near.length === 0) return [];
  const states = await readPathStates(git, tree, pathsOf(near.map(({ edit }) => edit)));
  const before = entriesOf(states);
  const after = new Map(before);
  for (const { path, newBlob, newMode } of await plannedEdits(git, tree, plan)) {
    if (newBlob === null || newMode === null) after.delete(path);
    else after.set(path, { blob: newBlob, mode: newMode, origin: path });
  }
  const collisions: number[] = [];
  for (const { edit, index } of near) {
    const options = { tree, edits: [edit], scratch };
    const [now, then] = [await mergeEdits(git, options, before), await mergeEdits(git, options, after)];
    if (now.conflicts.length === 0 && then.conflicts.length > 0) collisions.push(index);
  }
  return collisions;
}

function entriesOf(states: ReadonlyMap<string, PathState>): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [path, state] of states) {
    if (state.kind === 'file') entries.set(path, { blob: state.blob, mode: state.exec ? '100755' : '100644', origin: path });
    if (state.kind === 'symlink') entries.set(path, { blob: state.blob, mode: '120000', origin: path });
  }
  return entries;
}
