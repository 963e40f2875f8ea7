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
    const folders = await sortFolders(git, tree, env, found.folders);
    const names = [...found.names, ...folders.modules, ...(options.include ?? []).map((path) => Buffer.from(path, 'utf8').toString('latin1'))];
    await removeReplaced(git, tree, env, folders.replaced);
    if (names.length > 0) {
      const input = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
      const update = ['update-index', '-q', '--unmerged', '--refresh', '--add', '--remove', '--replace', '-z', '--stdin'];
      await runGit(git, { at: tree, args: update, what: `read the files of "${tree.path}"`, env, input, signal });
    }
    const id = await gitLine(git, { at: tree, args: ['write-tree'], what: `keep the files of "${tree.path}"`, env, signal });
    return { tree: id, nested: [...found.nested, ...folders.nested], skipped: found.skipped };
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
  /** Names that git knows as files or sub-modules, and that are folders (or pipes and the like) now. */
  readonly folders: string[];
  readonly nested: string[];
  readonly skipped: SkippedFile[];
}

async function sort(records: readonly string[], options: SnapshotOptions): Promise<Sorted> {
  const sorted = { names: new Set<string>(), folders: new Set<string>(), nested: new Array<string>(), skipped: new Array<SkippedFile>() };
  const limit = options.maxUntrackedBytes;
  for (const record of records) {
    const name = record.slice(2);
    const untracked = record.startsWith('? ');
    if (untracked && name.endsWith('/')) sorted.nested.push(shown(name.slice(0, -1)));
    else if (!untracked && !(await isPlain(options.tree, name))) sorted.folders.add(name);
    else if (untracked && limit !== undefined && (await sizeOf(options.tree, name)) > limit)
      sorted.skipped.push({ path: shown(name), reason: `larger than ${limit} bytes` });
    else sorted.names.add(name);
  }
  return { ...sorted, names: [...sorted.names], folders: [...sorted.folders] };
}

/** A sub-module stays one; a folder in a file's place replaces it, and is a nested repository if it is one. */
async function sortFolders(
  git: Git,
  tree: WorkTree,
  env: Record<string, string>,
  folders: readonly string[],
): Promise<{ modules: string[]; replaced: string[]; nested: string[] }> {
  if (folders.length === 0) return { modules: [], replaced: [], nested: [] };
  const { stdout } = await runGit(git, { at: tree, args: ['ls-files', '-z', '--stage'], what: `list the files of "${tree.path}"`, env });
  const known = new Set(
    splitRecords(stdout)
      .filter((record) => record.startsWith('160000 '))
      .map((record) => record.slice(record.indexOf('\t') + 1)),
  );
  const replaced = folders.filter((name) => !known.has(name));
  const isRepository = await Promise.all(replaced.map((name) => findStat(tree, `${name}/.git`)));
  return { modules: folders.filter((name) => known.has(name)), replaced, nested: replaced.filter((_, at) => isRepository[at] !== null).map(shown) };
}

async function isPlain(tree: WorkTree, name: string): Promise<boolean> {
  const found = await findStat(tree, name);
  return found === null || found.isFile() || found.isSymbolicLink();
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
