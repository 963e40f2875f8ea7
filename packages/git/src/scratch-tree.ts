import { mkdir, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { treeWith } from './advance-base.ts';
import type { ApplyPlan, FileEdit } from './apply-plan.ts';
import { storeContent, writeBlob } from './blobs.ts';
import { commitTree, findCommit } from './commit.ts';
import { type Git, runGit, type WorkTree } from './run-git.ts';
import { snapshotTree } from './snapshot.ts';
import { openWorktree, removeWorktree } from './worktree.ts';

/** What a plan makes of the folder's files, as git stores them; the contents are kept as objects. */
export async function plannedEdits(git: Git, tree: WorkTree, plan: ApplyPlan): Promise<FileEdit[]> {
  const edits: FileEdit[] = [];
  const common = { oldPath: null, oldBlob: null, oldMode: null };
  for (const op of plan.ops) {
    if (op.kind === 'remove') edits.push({ ...common, path: op.path, newBlob: null, newMode: null });
    else if (op.type === 'symlink') edits.push({ ...common, path: op.path, newBlob: await writeBlob(git, tree, op.content), newMode: '120000' });
    else edits.push({ ...common, path: op.path, newBlob: await storeContent(git, tree, op.path, op.content), newMode: op.exec ? '100755' : '100644' });
  }
  return edits;
}

/** The folder's files, uncommitted and untracked ones too, as they would be once the plan is carried out: the name of a tree. */
export async function treeAfter(
  git: Git,
  options: {
    readonly tree: WorkTree;
    readonly plan: ApplyPlan;
    readonly indexFile: string;
    readonly scratch: string;
    readonly maxUntrackedBytes?: number | undefined;
  },
): Promise<string> {
  const { tree, plan, scratch } = options;
  const snapshot = await snapshotTree(git, options);
  return treeWith(git, { tree, base: snapshot.tree, edits: await plannedEdits(git, tree, plan), scratch });
}

/** Checks out a tree at `path` as a work tree of the repository without a branch. Hooks do not run. `removeWorktree` takes it away again. */
export async function openScratchTree(
  git: Git,
  options: { readonly project: WorkTree; readonly treeId: string; readonly path: string; readonly signal: AbortSignal },
): Promise<WorkTree> {
  const { project } = options;
  await mkdir(dirname(options.path), { recursive: true, mode: 0o700 });
  const path = join(await realpath(dirname(resolve(options.path))), basename(options.path));
  const head = await findCommit(git, project, 'HEAD');
  const commit = await commitTree(git, project, { treeId: options.treeId, parents: head === null ? [] : [head], message: 'To be checked' });
  await runGit(git, {
    at: project,
    args: ['worktree', 'add', '--quiet', '--detach', '--', path, commit],
    what: `check out files of "${project.path}"`,
    env: { GIT_LFS_SKIP_SMUDGE: '1' },
    timeoutMs: 1_800_000,
    signal: options.signal,
  });
  return openWorktree(project.commonDir, path);
}

/** Makes a repository forget the scratch trees that a killed server left in `folder`, and removes them: their folders' names begin with `prefix`. */
export async function sweepScratchTrees(git: Git, options: { readonly project: WorkTree; readonly folder: string; readonly prefix: string }): Promise<void> {
  const { project } = options;
  const known = join(project.commonDir, 'worktrees');
  const start = join(options.folder, options.prefix);
  for (const name of await readdir(known).catch(() => [])) {
    const pointer = await readFile(join(known, name, 'gitdir'), 'utf8').catch(() => '');
    const path = dirname(pointer.trim());
    if (path.startsWith(start)) await removeWorktree(git, { project, path, branch: null });
  }
}
