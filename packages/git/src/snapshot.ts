import { accessSync, constants, readdirSync } from 'node:fs';
import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { bytePath, shownName, statBytes } from './byte-path.ts';
import { withWorkingFilters } from './filters.ts';
import { filterIgnored } from './ignored.ts';
import { findKnownTree, rememberTree, withPrivateIndex } from './private-index.ts';
import { type Git, gitLine, runGit, splitRecords, type WorkTree } from './run-git.ts';

/** What reading a folder may cost. What is beyond it is left out, and listed. */
export interface SnapshotBudget {
  /** Of one file that git does not have as it is: tracked or not. */
  readonly maxFileBytes: number;
  /** Of all that has to be read, smallest files first. */
  readonly maxTotalBytes: number;
  /** After this time no further file is begun. */
  readonly timeoutMs: number;
}

export interface SnapshotOptions {
  readonly tree: WorkTree;
  /** Where the private index is kept between snapshots (one per work tree). */
  readonly indexFile: string;
  /** Untracked files above this size are left out and listed. */
  readonly maxUntrackedBytes?: number | undefined;
  readonly budget?: SnapshotBudget | undefined;
  /** Byte-exact names of files that belong to the snapshot although they are ignored. */
  readonly include?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Snapshot {
  /** The tree object of all tracked and untracked files that are not ignored, as they lie in the folder. */
  readonly tree: string;
  /** Repositories inside the folder that do not belong to it (folders, without trailing slash). They are never followed. */
  readonly nested: readonly string[];
  readonly skipped: readonly SkippedFile[];
  /** Folders with nothing in them, which git does not know: byte-exact names, sorted. */
  readonly emptyFolders: readonly string[];
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

const ATTEMPTS = 3;

/** Writes the folder's present files as a tree object: `snapshotWith` without a look at the index. */
export async function snapshotTree(git: Git, options: SnapshotOptions): Promise<Snapshot> {
  return (await snapshotWith(git, options, async () => null)).snapshot;
}

/**
 * Writes the folder's present files as a tree object, through a private index: index, HEAD and stash of the work tree stay as they are. Files that come, go or
 * change meanwhile are as they were at one moment, or listed as skipped; a filter that cannot run is left out. `look` may read the index, which holds
 * just what the tree will, while the tree is written; it is called again when something had to be done again.
 */
export async function snapshotWith<T>(
  git: Git,
  options: SnapshotOptions,
  look: (index: string) => Promise<T>,
): Promise<{ readonly snapshot: Snapshot; readonly seen: T }> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { value, broken } = await withWorkingFilters(git, options.tree, (working) => readSnapshot(working, options, look));
      const notes = broken.map((name) => ({ path: '.gitattributes', reason: `the filter "${name}" cannot run here, so its files are kept as they lie there` }));
      return { ...value, snapshot: { ...value.snapshot, skipped: [...value.snapshot.skipped, ...notes] } };
    } catch (error) {
      if (attempt === ATTEMPTS || !isMoving(error)) throw error;
    }
  }
}

function readSnapshot<T>(git: Git, options: SnapshotOptions, look: (index: string) => Promise<T>): Promise<{ snapshot: Snapshot; seen: T }> {
  const { tree } = options;
  const deadline = options.budget === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.budget.timeoutMs;
  return withPrivateIndex(git, tree, options.indexFile, async (index) => {
    const env = { GIT_INDEX_FILE: index };
    const listed = await listFiles(git, options, env);
    const untracked = await readUntrackedFolders(git, options, env, listed);
    const found = sort([...listed.filter((record) => !isUntrackedFolder(record)), ...untracked.records], options);
    const folders = await sortFolders(git, tree, env, found.folders);
    const names = [...folders.modules, ...found.names, ...(options.include ?? [])];
    // By force: git looks for a file that went, and stumbles where a link or a file has taken its folder's place.
    await removeByForce(git, tree, env, [...folders.replaced, ...found.gone]);
    const left = await readFiles(git, options, env, { names: [...new Set(names)], deadline });
    const isSame = names.length === 0 && folders.replaced.length === 0 && found.gone.length === 0;
    const known = isSame ? await findKnownTree(index, options.indexFile) : null;
    const [treeId, seen] = await Promise.all([known ?? writeTree(git, options, index), look(index)]);
    const snapshot = {
      tree: treeId,
      nested: [...found.nested, ...folders.nested].toSorted(),
      skipped: [...found.skipped, ...left],
      emptyFolders: [
        ...new Set([...untracked.empty, ...emptiedFolders(tree, found.gone), ...folders.replaced.flatMap((name) => lookInto(tree, name).empty)]),
      ].toSorted(),
    };
    return { snapshot, seen };
  });
}

/** What is not as the index says, and what the index does not know. Both at once, and the first by several threads of git: it looks at every file. */
async function listFiles(git: Git, { tree, signal }: SnapshotOptions, env: Record<string, string>): Promise<string[]> {
  const what = `list the files of "${tree.path}"`;
  const [changed, others] = await Promise.all([
    runGit(git, { at: tree, args: ['diff-files', '-z', '--name-status', '--no-renames', '--ignore-submodules=dirty'], what, env, signal }),
    runGit(git, { at: tree, args: ['ls-files', '-z', '-t', '--others', '--directory', '--exclude-standard'], what, env, signal }),
  ]);
  const fields = splitRecords(changed.stdout);
  const records = fields.flatMap((field, index) => (index % 2 === 0 ? [] : [`${fields[index - 1] ?? 'M'} ${field}`]));
  return [...records, ...splitRecords(others.stdout)];
}

async function writeTree(git: Git, { tree, indexFile, signal }: SnapshotOptions, index: string): Promise<string> {
  const id = await gitLine(git, { at: tree, args: ['write-tree'], what: `keep the files of "${tree.path}"`, env: { GIT_INDEX_FILE: index }, signal });
  await rememberTree(index, indexFile, id);
  return id;
}

/** Something changed between two looks of git. */
function isMoving(error: unknown): boolean {
  return error instanceof BooError && error.code === 'git_failed' && /short read|SIGBUS|file changed|unable to index|Unable to process/u.test(error.message);
}

const BATCH_BYTES = 64 * 1024 * 1024;
const BATCH_FILES = 5_000;

/** Brings files into the index, smallest first and a part at a time where the time is limited. Returns what was left out. */
async function readFiles(
  git: Git,
  options: SnapshotOptions,
  env: Record<string, string>,
  { names, deadline }: { readonly names: readonly string[]; readonly deadline: number },
): Promise<SkippedFile[]> {
  if (names.length === 0) return [];
  const skipped: SkippedFile[] = [];
  if (options.budget === undefined) return updateIndex(git, options, env, names);
  const sized = names.map((name) => ({ name, bytes: statBytes(options.tree, name)?.size ?? 0 })).toSorted((one, other) => one.bytes - other.bytes);
  let total = 0;
  let batch: string[] = [];
  let batchBytes = 0;
  for (const { name, bytes } of sized) {
    total += bytes;
    if (total > options.budget.maxTotalBytes)
      skipped.push({ path: shownName(name), reason: `everything together is larger than ${options.budget.maxTotalBytes} bytes` });
    else if (performance.now() > deadline) skipped.push({ path: shownName(name), reason: `reading took longer than ${options.budget.timeoutMs} ms` });
    else {
      batch.push(name);
      batchBytes += bytes;
      if (batchBytes < BATCH_BYTES && batch.length < BATCH_FILES) continue;
      skipped.push(...(await updateIndex(git, options, env, batch)));
      batch = [];
      batchBytes = 0;
    }
  }
  if (batch.length > 0) skipped.push(...(await updateIndex(git, options, env, batch)));
  return skipped;
}

const Said = z.object({ stderr: z.string() });

async function updateIndex(git: Git, { tree, signal }: SnapshotOptions, env: Record<string, string>, names: readonly string[]): Promise<SkippedFile[]> {
  const args = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
  const unread = new Set<string>();
  for (;;) {
    const input = Buffer.from(names.flatMap((name) => (unread.has(name) ? [] : [`${name}\0`])).join(''), 'latin1');
    try {
      const { stderr } = await runGit(git, { at: tree, args, what: `read the files of "${tree.path}"`, env, input, signal });
      const refused = names.filter((name) => stderr.includes(`Ignoring path ${shownName(name)}\n`));
      return [
        ...refused.map((name) => ({ path: shownName(name), reason: 'git does not take this name' })),
        ...[...unread].map((name) => ({ path: shownName(name), reason: 'it could not be read' })),
      ];
    } catch (error) {
      // A file that went or was closed to us between two looks of git: the others are kept all the same.
      const said = error instanceof BooError ? (Said.safeParse(error.details).data?.stderr ?? '') : '';
      const failed = names.find((name) => !unread.has(name) && said.includes(`Unable to process path ${shownName(name)}\n`));
      if (failed === undefined || /filter '[^']+' failed/u.test(said)) throw error;
      unread.add(failed);
    }
  }
}

/** Files that went, and tracked files where there is a folder now: adding those fails, and what is in the folder is listed on its own. */
async function removeByForce(git: Git, tree: WorkTree, env: Record<string, string>, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const input = Buffer.from(names.map((name) => `${name}\0`).join(''), 'latin1');
  await runGit(git, { at: tree, args: ['update-index', '--force-remove', '-z', '--stdin'], what: `read the files of "${tree.path}"`, env, input });
}

interface Sorted {
  readonly names: string[];
  readonly gone: string[];
  /** Names that git knows as files or sub-modules, and that are folders (or pipes and the like) now. */
  readonly folders: string[];
  readonly nested: string[];
  readonly skipped: SkippedFile[];
}

function sort(records: readonly string[], options: SnapshotOptions): Sorted {
  const sorted = {
    names: new Set<string>(),
    gone: new Set<string>(),
    folders: new Set<string>(),
    nested: new Array<string>(),
    skipped: new Array<SkippedFile>(),
  };
  for (const record of records) {
    const name = record.slice(2);
    const isUntracked = record.startsWith('? ');
    if (isUntracked && name.endsWith('/')) {
      sorted.nested.push(shownName(name.slice(0, -1)));
      continue;
    }
    const stat = statBytes(options.tree, name);
    if (stat === null) {
      if (!isUntracked) sorted.gone.add(name);
    } else if (!stat.isFile() && !stat.isSymbolicLink()) {
      if (!isUntracked) sorted.folders.add(name);
    } else {
      const reason = stat.isFile() ? refusalOf(options, { name, bytes: stat.size, isUntracked }) : null;
      if (reason === null) sorted.names.add(name);
      else if (!sorted.skipped.some((known) => known.path === shownName(name))) sorted.skipped.push({ path: shownName(name), reason });
    }
  }
  return { ...sorted, names: [...sorted.names], gone: [...sorted.gone], folders: [...sorted.folders] };
}

/** Why a file is not read, or null. */
function refusalOf(
  { tree, budget, maxUntrackedBytes }: SnapshotOptions,
  file: { readonly name: string; readonly bytes: number; readonly isUntracked: boolean },
) {
  const limit = Math.min(
    budget?.maxFileBytes ?? Number.POSITIVE_INFINITY,
    file.isUntracked ? (maxUntrackedBytes ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
  );
  if (file.bytes > limit) return `larger than ${limit} bytes`;
  try {
    accessSync(bytePath(tree, file.name), constants.R_OK);
    return null;
  } catch (error) {
    // Gone by now: git will see that too.
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'it may not be read' : null;
  }
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
  return {
    modules: folders.filter((name) => known.has(name)),
    replaced,
    nested: replaced.filter((name) => statBytes(tree, `${name}/.git`) !== null).map(shownName),
  };
}

function isUntrackedFolder(record: string): boolean {
  return record.startsWith('? ') && record.endsWith('/');
}

/** What is in folders that hold nothing tracked: git names only the folder. Mostly there is none, and then no second command is needed. */
async function readUntrackedFolders(
  git: Git,
  { tree, signal }: SnapshotOptions,
  env: Record<string, string>,
  listed: readonly string[],
): Promise<{ records: string[]; empty: string[] }> {
  const folders = listed.filter(isUntrackedFolder).map((record) => record.slice(2, -1));
  const looks = folders.map((name) => ({ name, ...lookInto(tree, name) }));
  const mixed = looks.filter((look) => look.hasFiles && !look.isRepository);
  const nested = looks.filter((look) => look.isRepository).map(({ name }) => `? ${name}/`);
  const empty = looks.filter((look) => !look.hasFiles && !look.isRepository).flatMap((look) => look.empty);
  // Of a folder in a tracked file's place git does not even say the name.
  const replacing = listed.filter((record) => !record.startsWith('? ') && statBytes(tree, record.slice(2))?.isDirectory() === true);
  if (mixed.length === 0 && replacing.length === 0) return { records: nested, empty };
  const args = ['ls-files', '-z', '-t', '--others', '--exclude-standard'];
  const files = splitRecords((await runGit(git, { at: tree, args, what: `list the files of "${tree.path}"`, env, signal })).stdout);
  const within = [...mixed.map(({ name }) => `${name}/`), ...replacing.map((record) => `${record.slice(2)}/`)];
  const records = files.filter((record) => within.some((folder) => record.startsWith(folder, 2)));
  const inner = mixed.flatMap((look) => look.empty);
  const ignored = await filterIgnored(
    git,
    tree,
    inner.map((name) => `${name}/`),
    signal,
  );
  return { records: [...nested, ...records], empty: [...empty, ...inner.filter((name) => !ignored.has(`${name}/`))] };
}

const MAX_FOLDERS = 20_000;

/** The empty folders in a folder, itself included, and whether there is anything else. Repositories inside are not looked into. */
function lookInto(tree: WorkTree, top: string): { hasFiles: boolean; isRepository: boolean; empty: string[] } {
  if (statBytes(tree, `${top}/.git`) !== null) return { hasFiles: true, isRepository: true, empty: [] };
  const empty: string[] = [];
  const queue = [top];
  let hasFiles = false;
  for (let seen = 0; queue.length > 0 && seen < MAX_FOLDERS; seen++) {
    const name = queue.pop() ?? top;
    const entries = readFolder(tree, name);
    if (entries === null) continue;
    if (entries.length === 0) empty.push(name);
    if (entries.some((entry) => entry.name === '.git')) {
      hasFiles = true;
      continue;
    }
    for (const entry of entries) {
      if (entry.isFolder) queue.push(`${name}/${entry.name}`);
      else hasFiles = true;
    }
  }
  return { hasFiles, isRepository: false, empty };
}

function readFolder(tree: WorkTree, name: string): { readonly name: string; readonly isFolder: boolean }[] | null {
  try {
    return readdirSync(bytePath(tree, name), { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
      name: entry.name.toString('latin1'),
      isFolder: entry.isDirectory(),
    }));
  } catch {
    return null; // gone, or not ours to read
  }
}

/** Folders that lost their last file and stayed: git still counts them to what it tracks. */
function emptiedFolders(tree: WorkTree, gone: readonly string[]): string[] {
  const parents = new Set(gone.filter((name) => name.includes('/')).map((name) => name.slice(0, name.lastIndexOf('/'))));
  const empty = new Set<string>();
  for (const parent of parents) {
    // Its own parents may hold nothing but other folders that were emptied: those are found on their own.
    if (readFolder(tree, parent)?.length === 0) empty.add(parent);
  }
  return [...empty];
}
