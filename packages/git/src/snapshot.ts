import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { withPrivateIndex } from './private-index.ts';
import { type Git, gitLine, nameOf, runGit, splitRecords, type WorkTree } from './run-git.ts';

export interface SnapshotOptions {
  readonly tree: WorkTree;
  /** Where the private index is kept between snapshots (one per work tree). */
  readonly indexFile: string;
  /** Untracked files above this size are left out and listed. */
  readonly maxUntrackedBytes?: number | undefined;
  /** Paths that belong to the snapshot although they are ignored. */
  readonly include?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Snapshot {
  /** The tree object of all tracked and untracked files that are not ignored, as they lie in the folder. */
  readonly tree: string;
  /** Repositories inside the folder that do not belong to it (folders, without trailing slash). They are never followed. */
  readonly nested: readonly string[];
  readonly skipped: readonly SkippedFile[];
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

/** Writes the folder's present files as a tree object, through a private index: index, HEAD and stash of the work tree stay as they are. */
export function snapshotTree(git: Git, options: SnapshotOptions): Promise<Snapshot> {
  const { tree, signal } = options;
  return withPrivateIndex(git, tree, options.indexFile, async (index) => {
    const env = { GIT_INDEX_FILE: index };
    const args = ['ls-files', '-z', '-t', '--modified', '--deleted', '--others', '--exclude-standard'];
    const listed = await runGit(git, { at: tree, args, what: `list the files of "${tree.path}"`, env, signal });
    const found = await sort(splitRecords(listed.stdout), options);
    const names = [...found.names, ...(options.include ?? []).map((path) => Buffer.from(path, 'utf8').toString('latin1'))];
    await removeReplaced(git, tree, env, found.replaced);
    if (names.length > 0) {
      const input = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
      const update = ['update-index', '-q', '--unmerged', '--refresh', '--add', '--remove', '--replace', '-z', '--stdin'];
      await runGit(git, { at: tree, args: update, what: `read the files of "${tree.path}"`, env, input, signal });
    }
    const id = await gitLine(git, { at: tree, args: ['write-tree'], what: `keep the files of "${tree.path}"`, env, signal });
    return { tree: id, nested: found.nested, skipped: found.skipped };
  });
}

/** Tracked files where there is a folder now: adding them fails, and what is in the folder is listed on its own. */
async function removeReplaced(git: Git, tree: WorkTree, env: Record<string, string>, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const input = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  await runGit(git, { at: tree, args: ['update-index', '--force-remove', '-z', '--stdin'], what: `read the files of "${tree.path}"`, env, input });
}

interface Sorted {
  readonly names: string[];
  readonly replaced: string[];
  readonly nested: string[];
  readonly skipped: SkippedFile[];
}

async function sort(records: readonly string[], options: SnapshotOptions): Promise<Sorted> {
  const names = new Set<string>();
  const replaced: string[] = [];
  const strangers = new Set(records.filter((record) => record.startsWith('? ') && record.endsWith('/')));
  const nested: string[] = [];
  const skipped: SkippedFile[] = [];
  for (const record of records) {
    const name = record.slice(2);
    const untracked = record.startsWith('? ');
    if (untracked && name.endsWith('/')) {
      nested.push(shown(name.slice(0, -1)));
      continue;
    }
    if (!untracked && (await isReplaced(options.tree, name, strangers.has(`? ${name}/`)))) {
      replaced.push(name);
      continue;
    }
    const size = untracked && options.maxUntrackedBytes !== undefined ? await sizeOf(options.tree, name) : 0;
    if (options.maxUntrackedBytes !== undefined && size > options.maxUntrackedBytes) skipped.push({ path: shown(name), reason: `larger than ${options.maxUntrackedBytes} bytes` });
    else names.add(name);
  }
  return { names: [...names], replaced, nested, skipped };
}

/** A folder in a file's place; the folder of a sub-module that has its repository is not meant. */
async function isReplaced(tree: WorkTree, name: string, isStranger: boolean): Promise<boolean> {
  const found = await findStat(tree, name);
  return found?.isDirectory() === true && (isStranger || (await findStat(tree, `${name}/.git`)) === null);
}

async function sizeOf(tree: WorkTree, name: string): Promise<number> {
  return (await findStat(tree, name))?.size ?? 0;
}

function findStat(tree: WorkTree, name: string): Promise<Stats | null> {
  return lstat(Buffer.concat([Buffer.from(`${tree.path}/`), Buffer.from(name, 'latin1')])).catch(() => null);
}

function shown(name: string): string {
  return nameOf(name) ?? Buffer.from(name, 'latin1').toString('utf8');
}
