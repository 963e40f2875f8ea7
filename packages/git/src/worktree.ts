import { mkdir, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { commitTree, deleteRef, setRef } from './commit.ts';
import type { OpenRepository } from './repository.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';
import { claimShadow } from './shadow.ts';
import { shadowBase } from './shadow-base.ts';
import { type SkippedFile, snapshotTree } from './snapshot.ts';

export interface CreateWorktree {
  readonly repository: OpenRepository;
  /** Names the ref that keeps the base alive: refs/boocode/bases/<id>. */
  readonly id: string;
  /** Where the worktree is to be: absolute, not there yet or empty. */
  readonly path: string;
  /** What the branch is called after `boocode/`; anything goes, it is made fit. */
  readonly slug: string;
  /** `uncommitted`: HEAD with the person's uncommitted and untracked files on top. In a folder without git there is nothing else to start from. */
  readonly base: 'head' | 'uncommitted';
  /** The private index of the project's folder. */
  readonly indexFile: string;
  /** Untracked files above this size stay out of an `uncommitted` base; a note says so. */
  readonly maxUntrackedBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((sentence: string) => void) | undefined;
}

export interface CreatedWorktree {
  readonly tree: WorkTree;
  /** The worktree's top folder; `folder` is the project's folder inside it. */
  readonly path: string;
  readonly folder: string;
  readonly branch: string;
  readonly baseCommit: string;
  readonly baseRef: string;
  /** What is not there although one might expect it, as sentences. */
  readonly notes: readonly string[];
}

/** The ref that keeps a worktree's base alive. */
export function baseRefOf(id: string): string {
  return `refs/boocode/bases/${id}`;
}

/** Checks out a new worktree on its own branch. Hooks do not run; files of Git LFS stay pointers. What it made is removed again when it fails. */
export async function createWorktree(git: Git, options: CreateWorktree): Promise<CreatedWorktree> {
  const { repository } = options;
  if ((await readdir(options.path).catch(() => [])).length > 0)
    throw new BooError('conflict', `Cannot make a worktree at "${options.path}": something lies there already; choose another place`);
  const base = repository.state.kind === 'shadow' ? await startFromFolder(git, options) : await makeBase(git, options);
  const baseRef = baseRefOf(options.id);
  await setRef(git, repository.tree, baseRef, base.commit);
  try {
    return await checkOut(git, options, { ...base, ref: baseRef });
  } catch (error) {
    await deleteRef(git, repository.tree, baseRef);
    throw error;
  }
}

/** The worktree that lies (or should lie) at `path`. Throws `worktree_damaged` when the repository does not know it: then `verifyWorktree` can help. */
export async function openWorktree(commonDir: string, path: string): Promise<WorkTree> {
  const gitDir = await findGitDir(commonDir, path);
  if (gitDir === null)
    throw new BooError(
      'worktree_damaged',
      `Cannot open the worktree "${path}": its repository does not know it any more; let BooCode repair it, or start a new session`,
    );
  return { path, gitDir, commonDir };
}

/** Where the repository keeps its knowledge of the worktree at `path`, or null. */
export async function findGitDir(commonDir: string, path: string): Promise<string | null> {
  const folder = join(commonDir, 'worktrees');
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pointer = await readFile(join(folder, name, 'gitdir'), 'utf8').catch(() => null);
    if (pointer?.replace(/\n$/u, '') === join(path, '.git')) return join(folder, name);
  }
  return null;
}

/** Removes a worktree with everything in it, its branch too if named. Asks nothing: `worktreeRisk` says what would be lost. Safe to repeat. */
export async function removeWorktree(git: Git, options: { readonly project: WorkTree; readonly path: string; readonly branch: string | null }): Promise<void> {
  await rm(options.path, { recursive: true, force: true, maxRetries: 3 });
  const gitDir = await findGitDir(options.project.commonDir, options.path);
  if (gitDir !== null) await rm(gitDir, { recursive: true, force: true });
  if (options.branch !== null)
    await runGit(git, {
      at: options.project,
      args: ['update-ref', '--no-deref', '-d', `refs/heads/${options.branch}`],
      what: `remove the branch "${options.branch}"`,
    });
}

interface Base {
  readonly commit: string;
  readonly ref: string;
  readonly notes: readonly string[];
}

async function checkOut(git: Git, options: CreateWorktree, base: Base): Promise<CreatedWorktree> {
  const { repository, signal } = options;
  options.onProgress?.('Checking out the files');
  await mkdir(dirname(options.path), { recursive: true, mode: 0o700 });
  const path = join(await realpath(dirname(resolve(options.path))), basename(options.path));
  const branch = await addWorktree(git, repository.tree, { path, slug: options.slug, commit: base.commit, signal });
  const tree = await openWorktree(repository.tree.commonDir, path);
  const folder = join(path, repository.state.prefix);
  await mkdir(folder, { recursive: true });
  return { tree, path, folder, branch, baseCommit: base.commit, baseRef: base.ref, notes: [...base.notes, ...(await missingContent(path))] };
}

async function startFromFolder(git: Git, options: CreateWorktree): Promise<{ commit: string; notes: string[] }> {
  if (git.shadowDir !== null) await claimShadow(git.shadowDir, options.repository.tree, options.id);
  return shadowBase(git, { ...options, tree: options.repository.tree });
}

async function makeBase(git: Git, options: CreateWorktree): Promise<{ commit: string; notes: string[] }> {
  const { tree, state } = options.repository;
  options.onProgress?.(options.base === 'head' ? 'Reading the last commit' : 'Keeping your uncommitted changes');
  if (options.base === 'head' && state.head !== null) return { commit: state.head, notes: [] };
  const parents = state.head === null ? [] : [state.head];
  if (options.base === 'head') {
    const empty = await gitLine(git, { at: tree, args: ['mktree'], what: `make an empty start for "${tree.path}"` });
    return { commit: await commitTree(git, tree, { treeId: empty, parents, message: 'Start without files' }), notes: [] };
  }
  const snapshot = await snapshotTree(git, { tree, indexFile: options.indexFile, maxUntrackedBytes: options.maxUntrackedBytes, signal: options.signal });
  const commit = await commitTree(git, tree, { treeId: snapshot.tree, parents, message: 'Start with uncommitted changes' });
  return {
    commit,
    notes: [...snapshot.nested.map((path) => `The repository inside "${path}" is not part of the worktree`), ...snapshot.skipped.map(skippedNote)],
  };
}

function skippedNote(file: SkippedFile): string {
  return `"${file.path}" is not in the worktree: ${file.reason}`;
}

interface AddWorktree {
  readonly path: string;
  readonly slug: string;
  readonly commit: string;
  readonly signal: AbortSignal | undefined;
}

async function addWorktree(git: Git, project: WorkTree, options: AddWorktree): Promise<string> {
  const listed = await runGit(git, {
    at: project,
    args: ['for-each-ref', '--format=%(refname)', 'refs/heads/boocode'],
    what: `list the branches of "${project.path}"`,
  });
  const taken = new Set(listed.stdout.toString('utf8').split('\n'));
  const stem = taken.has('refs/heads/boocode') ? `boocode-${slugOf(options.slug)}` : `boocode/${slugOf(options.slug)}`;
  for (let attempt = 1; ; attempt++) {
    const branch = attempt === 1 ? stem : `${stem}-${attempt}`;
    if (taken.has(`refs/heads/${branch}`)) continue;
    try {
      const args = [...manyHands(), 'worktree', 'add', '--quiet', '--no-track', '-b', branch, '--', options.path, options.commit];
      await runGit(git, {
        at: project,
        args,
        what: `check out a worktree of "${project.path}"`,
        env: { GIT_LFS_SKIP_SMUDGE: '1' },
        timeoutMs: 1_800_000,
        signal: options.signal,
      });
      return branch;
    } catch (error) {
      // Another session was first, or holds the name; whatever else is wrong stays so with every name.
      if (error instanceof BooError && /branch named|cannot lock ref .*exists/u.test(error.message) && attempt < 1_000) continue;
      await removeWorktree(git, { project, path: options.path, branch });
      throw error;
    }
  }
}

/** Lets git write files with several processes at once; a git that does not know the setting ignores it. Measured: about two thirds of the time on 2 cores. */
export function manyHands(): string[] {
  return ['-c', `checkout.workers=${Math.min(8, availableParallelism())}`];
}

function slugOf(text: string): string {
  const slug = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/gu, '');
  return slug === '' ? 'work' : slug;
}

async function missingContent(path: string): Promise<string[]> {
  const notes: string[] = [];
  const modules = await readFile(join(path, '.gitmodules'), 'utf8').catch(() => '');
  if (modules !== '')
    notes.push('Its sub-modules are empty folders here: fetch them with `git submodule update --init` in the set-up script if the work needs them');
  const attributes = await readFile(join(path, '.gitattributes'), 'utf8').catch(() => '');
  if (/filter=lfs/u.test(attributes))
    notes.push('Files kept by Git LFS are pointers here: fetch them with `git lfs pull` in the set-up script if the work needs them');
  return notes;
}
