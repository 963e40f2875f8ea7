import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';

const AUTHOR = {
  GIT_AUTHOR_NAME: 'BooCode',
  GIT_AUTHOR_EMAIL: 'boocode@localhost',
  GIT_COMMITTER_NAME: 'BooCode',
  GIT_COMMITTER_EMAIL: 'boocode@localhost',
};

/** Makes a commit object of a tree. Nothing points to it until `setRef` does. */
export function commitTree(
  git: Git,
  tree: WorkTree,
  options: { readonly treeId: string; readonly parents: readonly string[]; readonly message: string },
): Promise<string> {
  const parents = options.parents.flatMap((parent) => ['-p', parent]);
  return gitLine(git, {
    at: tree,
    args: ['commit-tree', ...parents, options.treeId],
    what: `keep a state of "${tree.path}"`,
    env: AUTHOR,
    input: `${options.message}\n`,
  });
}

/** Points a ref under refs/boocode/ to a commit or tree. With `expected`, only if it points there now (null = does not exist yet). */
export async function setRef(git: Git, tree: WorkTree, ref: string, object: string, expected?: string | null): Promise<void> {
  const old = expected === undefined ? [] : [expected ?? '0'.repeat(object.length)];
  // Where a person keeps the history of all refs, ours stay out of it.
  const args = ['-c', 'core.logAllRefUpdates=false', 'update-ref', '--no-deref', ownRef(ref), object, ...old];
  await runGit(git, { at: tree, args, what: `move "${ref}"` });
}

/** Removes a ref under refs/boocode/; one that does not exist is fine. */
export async function deleteRef(git: Git, tree: WorkTree, ref: string): Promise<void> {
  await runGit(git, { at: tree, args: ['update-ref', '--no-deref', '-d', ownRef(ref)], what: `remove "${ref}"` });
}

/** The commit a ref or name stands for, or null. */
export async function findCommit(git: Git, tree: WorkTree, name: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const { stdout, code } = await runGit(git, { at: tree, args, what: `read "${name}"`, accept: (each) => each === 0 || each === 1 || each === 128 });
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

function ownRef(ref: string): string {
  if (!ref.startsWith('refs/boocode/')) throw new TypeError(`"${ref}" is not under refs/boocode/`);
  return ref;
}
