import type { FileEdit } from './apply-plan.ts';
import { commitTree, findCommit, setRef } from './commit.ts';
import { withScratchIndex } from './private-index.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';

export interface AdvanceBase {
  /** The project's repository. */
  readonly tree: WorkTree;
  readonly base: string;
  /** The ref that keeps the base alive; it must point to `base` (or already to the result, after a kill in between). */
  readonly baseRef: string;
  /** What was applied; after a rewind the inverted edits. */
  readonly edits: readonly FileEdit[];
  readonly scratch: string;
}

/** The base with edits on top as a commit whose parent is the old base, so that every base there ever was stays readable; the ref is moved to it. */
export async function advanceBase(git: Git, options: AdvanceBase): Promise<string> {
  const { tree, base } = options;
  const treeId = await treeWith(git, options);
  const current = await findCommit(git, tree, options.baseRef);
  if (current !== null && current !== base && (await isStepFrom(git, tree, { commit: current, base, treeId }))) return current;
  const commit = await commitTree(git, tree, { treeId, parents: [base], message: 'Applied changes' });
  await setRef(git, tree, options.baseRef, commit, base);
  return commit;
}

/** A tree with edits made in it, as they say: what a tree has at their paths is replaced. */
export async function treeWith(git: Git, { tree, base, edits, scratch }: Omit<AdvanceBase, 'baseRef'>): Promise<string> {
  const what = `keep changes of "${tree.path}"`;
  return withScratchIndex(scratch, async (index) => {
    const env = { GIT_INDEX_FILE: index };
    await runGit(git, { at: tree, args: ['read-tree', base], what, env });
    await runGit(git, { at: tree, args: ['update-index', '-z', '--index-info'], what, env, input: indexInfo(edits, base.length) });
    return gitLine(git, { at: tree, args: ['write-tree'], what, env });
  });
}

/** After a kill between moving the ref and writing it down, the step is there already. */
async function isStepFrom(git: Git, tree: WorkTree, step: { readonly commit: string; readonly base: string; readonly treeId: string }): Promise<boolean> {
  const what = `read the base of a worktree of "${tree.path}"`;
  const line = await gitLine(git, { at: tree, args: ['log', '-1', '--no-show-signature', '--format=%T %P', step.commit], what });
  return line === `${step.treeId} ${step.base}`;
}

/** What `git update-index -z --index-info` takes. Removals come first: a file may have to give way to a folder. */
export function indexInfo(edits: readonly FileEdit[], idLength: number): string {
  const gone = edits.flatMap((edit) => [edit.oldPath ?? edit.path, ...(edit.newBlob === null ? [edit.path] : [])]);
  const there = edits.filter((edit) => edit.newBlob !== null);
  return [...gone.map((path) => `0 ${'0'.repeat(idLength)}\t${path}\0`), ...there.map((edit) => `${edit.newMode} ${edit.newBlob}\t${edit.path}\0`)].join('');
}
