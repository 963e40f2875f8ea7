import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { type Git, runGit, splitRecords, type WorkTree } from './run-git.ts';

/**
 * Runs `use` with a private copy of a work tree's index and keeps the copy in `indexFile` for next time, so that hashes of files that did not change
 * are never computed twice. The work tree's own index is only read. Two callers at once are safe: each works on a copy of its own.
 * A damaged index, or one that speaks of contents which are pruned by now, costs time and nothing else: then it goes from the work tree's own, at last from HEAD.
 */
export async function withPrivateIndex<T>(git: Git, tree: WorkTree, indexFile: string, use: (index: string) => Promise<T>): Promise<T> {
  await mkdir(dirname(indexFile), { recursive: true });
  const source = join(tree.gitDir, 'index');
  const signature = await signatureOf(source);
  const known = await readFile(`${indexFile}.source`, 'utf8').catch(() => null);
  const starts: Start[] = known === signature ? ['kept', 'source', 'empty'] : ['source', 'empty'];
  for (const start of starts) {
    const mine = `${indexFile}.${randomUUID()}`;
    try {
      if (start === 'kept' && !(await copyIndex(indexFile, mine))) continue;
      if (start === 'source' && (await copyIndex(source, mine))) await showHiddenFiles(git, tree, mine);
      else if (start !== 'kept') await readHead(git, tree, mine);
      const result = await use(mine);
      await rename(mine, indexFile);
      if (start !== 'kept') await writeFile(`${indexFile}.source`, signature);
      return result;
    } catch (error) {
      if (start === 'empty' || !isDamagedIndex(error)) throw error;
    } finally {
      await rm(mine, { force: true });
      await rm(`${mine}.lock`, { force: true });
    }
  }
  throw new TypeError('An empty index cannot be damaged');
}

/** Notes which tree exactly this state of an index stands for. */
export async function rememberTree(index: string, indexFile: string, tree: string): Promise<void> {
  const sum = await checksumOf(index);
  if (sum === null) return;
  const next = `${indexFile}.${randomUUID()}`;
  await writeFile(next, `${sum} ${tree}`);
  await rename(next, `${indexFile}.tree`);
}

/** The tree of exactly this state of an index, where it is known: then nothing has to be written. */
export async function findKnownTree(index: string, indexFile: string): Promise<string | null> {
  const [sum, tree] = (await readFile(`${indexFile}.tree`, 'utf8').catch(() => '')).split(' ');
  return tree !== undefined && sum === (await checksumOf(index)) ? tree : null;
}

/** An index ends with the hash of all that is before. Null where git was told to leave it out. */
async function checksumOf(index: string): Promise<string | null> {
  const file = await open(index, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(20), 0, 20, Math.max(0, size - 20));
    const sum = `${size}-${buffer.toString('hex')}`;
    return /-0+$/u.test(sum) ? null : sum;
  } finally {
    await file.close();
  }
}

type Start = 'kept' | 'source' | 'empty';

function isDamagedIndex(error: unknown): boolean {
  return (
    error instanceof BooError && error.code === 'git_failed' && /index file|bad signature|bad index|index uses|cache entry|invalid object/u.test(error.message)
  );
}

/** Runs `use` with an empty index that is thrown away. `folder` is where the file may lie meanwhile. */
export async function withScratchIndex<T>(folder: string, use: (index: string) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const index = join(folder, `boocode-index-${randomUUID()}`);
  try {
    return await use(index);
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

/** For commands that look into an index without need: one that is not there counts as empty, and cannot be damaged. */
export function withoutIndex(tree: WorkTree): Record<string, string> {
  return { GIT_INDEX_FILE: join(tree.gitDir, 'boocode-no-index') };
}

/** Removes what killed processes left of private indexes in a folder. For the start of the program: nobody may be using one. */
export async function sweepPrivateIndexes(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (/[.-][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.lock)?$/u.test(name)) await rm(join(folder, name), { force: true });
  }
}

/**
 * Makes an index of the last commit, as sparse as the work tree: without it sub-modules and what lies outside a sparse checkout would count as deleted.
 * Without a commit there is none. No file of the work tree is written.
 */
export async function readHead(git: Git, tree: WorkTree, index: string): Promise<void> {
  await rm(index, { force: true });
  const what = `read HEAD of "${tree.path}"`;
  const env = { GIT_INDEX_FILE: index };
  const { code } = await runGit(git, { at: tree, args: ['read-tree', 'HEAD'], what, env, accept: () => true });
  if (code !== 0) return;
  const sparse = await runGit(git, { at: tree, args: ['config', '--type=bool', '--get', 'core.sparseCheckout'], what, accept: () => true });
  if (sparse.stdout.toString('utf8').trim() !== 'true') return;
  // Git marks what is outside only where it may remove it too: in an empty folder there is nothing to remove.
  const empty = `${index}.empty`;
  await mkdir(empty, { recursive: true });
  try {
    await runGit(git, { at: tree, args: ['-c', 'index.sparse=false', 'sparse-checkout', 'reapply'], what, env: { ...env, GIT_WORK_TREE: empty } });
  } finally {
    await rm(empty, { recursive: true, force: true });
  }
}

async function signatureOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => null);
  return found === null ? 'none' : `${found.ino}:${found.size}:${found.mtimeNs}`;
}

/** A copy must not look younger than its source: git trusts an entry only if the index is younger than the file, and would miss a change made in the same tick. */
async function copyIndex(from: string, to: string): Promise<boolean> {
  const found = await stat(from, { bigint: true }).catch(() => null);
  if (found === null) return false;
  await copyFile(from, to);
  const seconds = Number(found.mtimeNs / 1_000n - 2n) / 1e6;
  await utimes(to, seconds, seconds);
  return true;
}

/** `assume-unchanged` and `skip-worktree` on a file that exists would hide its changes. */
async function showHiddenFiles(git: Git, tree: WorkTree, index: string): Promise<void> {
  const env = { GIT_INDEX_FILE: index };
  const { stdout } = await runGit(git, { at: tree, args: ['ls-files', '-v', '-z'], what: `list the files of "${tree.path}"`, env });
  const assumed: string[] = [];
  const skipped: string[] = [];
  for (const record of splitRecords(stdout)) {
    const tag = record.slice(0, 1);
    if (tag >= 'a' && tag <= 'z') assumed.push(record.slice(2));
    if (tag === 'S' || tag === 's') skipped.push(record.slice(2));
  }
  await setFlag(git, tree, env, '--no-assume-unchanged', assumed);
  const present = await Promise.all(
    skipped.map((name) =>
      stat(Buffer.concat([Buffer.from(`${tree.path}/`), Buffer.from(name, 'latin1')])).then(
        () => true,
        () => false,
      ),
    ),
  );
  await setFlag(
    git,
    tree,
    env,
    '--no-skip-worktree',
    skipped.filter((_, at) => present[at] === true),
  );
}

async function setFlag(git: Git, tree: WorkTree, env: Record<string, string>, flag: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const input = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  await runGit(git, { at: tree, args: ['update-index', flag, '-z', '--stdin'], what: `read the files of "${tree.path}"`, env, input });
}
