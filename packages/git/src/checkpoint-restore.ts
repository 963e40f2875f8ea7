import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { applyChanges } from './apply-changes.ts';
import type { FileConflict, FileEdit, PlannedFile } from './apply-plan.ts';
import { readBlobs } from './blobs.ts';
import { byteName, bytePath, shownName, statBytes } from './byte-path.ts';
import type { FolderState } from './checkpoint.ts';
import { withWorkingFilters } from './filters.ts';
import { filterIgnored } from './ignored.ts';
import { decidePathRefusal } from './repo-path-policy.ts';
import { type Git, nameOf, runGit, splitRecords, type WorkTree } from './run-git.ts';
import type { SkippedFile } from './snapshot.ts';
import { listTreeChanges, type TreeChange } from './tree-changes.ts';

export interface PlanRestore {
  readonly tree: WorkTree;
  /** What the folder holds now: kept, so that nothing is overwritten or removed that is not in it. */
  readonly from: FolderState;
  /** What it is to hold. */
  readonly to: FolderState;
  /** Only these files, or all in these folders; null = everything. */
  readonly paths: readonly string[] | null;
  /** Where temporary files may lie. */
  readonly scratch: string;
}

export interface RestorePlan {
  readonly edits: readonly FileEdit[];
  /** Files whose names are no text: the journal cannot name them, so they are brought to their state after it, which can be repeated. */
  readonly unnamed: readonly TreeChange[];
  /** Byte-exact names of folders that are to be there, and of empty ones that are to go. */
  readonly folders: { readonly make: readonly string[]; readonly remove: readonly string[] };
  /** What stays as it is, and why. */
  readonly leftAlone: readonly SkippedFile[];
}

export type RestoreResult =
  | { readonly kind: 'restored'; readonly files: readonly PlannedFile[]; readonly count: number; readonly leftAlone: readonly SkippedFile[] }
  /** Nothing was changed. */
  | { readonly kind: 'conflict'; readonly conflicts: readonly FileConflict[] };

export interface RestoreCheckpoint extends PlanRestore {
  readonly journalDir: string;
  readonly id: string;
  /** What `recoverApplies` gives back: then `finishRestore` has to be called, whatever it had done already. */
  readonly note: unknown;
  readonly now: number;
}

const SUBMODULE = '160000';

/** What a restore would do, without doing it. Reads the folder, changes nothing in it. */
export async function planRestore(git: Git, options: PlanRestore): Promise<RestorePlan> {
  const { tree, to } = options;
  // Ignored files are compared only where the checkpoint knows of them.
  const [before, after] = to.hasIgnored ? [options.from.treeId, to.treeId] : [options.from.plainTreeId, to.plainTreeId];
  const chosen = chooserOf(options.paths);
  const changes = (await listTreeChanges(git, tree, before, after)).filter((change) => chosen(change.name));
  const isKept = protectorOf([...to.skipped, ...options.from.skipped]);
  const wasIgnored = await findIgnoredThen(git, options, changes, after);
  const edits: FileEdit[] = [];
  const unnamed: TreeChange[] = [];
  const make: string[] = [];
  const leftAlone: SkippedFile[] = [];
  for (const change of changes) {
    const path = shownName(change.name);
    const module = decideModule(tree, change);
    const reason =
      module?.leave ??
      isKept(path) ??
      (wasIgnored.has(change.name) ? 'it was ignored at the time of the checkpoint, so it is not known whether it was there' : null) ??
      decidePathRefusal(path);
    if (reason !== null) leftAlone.push({ path, reason });
    if (module?.makesFolder === true) make.push(change.name);
    const edit = reason === null ? change : module?.isReplaced === true ? { ...change, newMode: null, newBlob: null } : null;
    if (edit === null) continue;
    if (nameOf(change.name) === null) unnamed.push(edit);
    else edits.push({ path, oldPath: null, oldBlob: edit.oldBlob, newBlob: edit.newBlob, oldMode: edit.oldMode, newMode: edit.newMode });
  }
  const wanted = new Set(to.emptyFolders);
  return {
    edits: edits.map((edit) => withoutModule(edit)),
    unnamed,
    folders: { make: [...make, ...to.emptyFolders.filter(chosen)], remove: options.from.emptyFolders.filter((name) => chosen(name) && !wanted.has(name)) },
    leftAlone,
  };
}

/**
 * Brings a folder to a checkpoint's state: all files or none, also when killed in the middle. Index, HEAD and refs stay as they are. Refuses all when a file is
 * no longer what `from` says. After `restored` the journal waits until the caller has written the result down: `forgetApply`.
 */
export async function restoreCheckpoint(git: Git, options: RestoreCheckpoint): Promise<RestoreResult> {
  const { value } = await withWorkingFilters(git, options.tree, async (working): Promise<RestoreResult> => {
    const plan = await planRestore(working, options);
    for (const edit of plan.edits) if (edit.newBlob !== null && edit.oldBlob === null) removeEmptyFolders(options.tree, edit.path);
    const { tree, journalDir, id, note, now } = options;
    const result = await applyChanges(working, { tree, prefix: '', edits: plan.edits, journalDir, id, note, match: 'exact', now });
    if (result.kind === 'conflict') return result;
    const failed = await carryOut(working, options.tree, plan);
    const files = result.files.filter((file) => file.outcome !== 'unchanged');
    return { kind: 'restored', files: result.files, count: files.length + plan.unnamed.length, leftAlone: [...plan.leftAlone, ...failed] };
  });
  return value;
}

/** After a kill, once the journal's files are all new: does what a journal cannot say. Safe to repeat. */
export async function finishRestore(git: Git, options: PlanRestore): Promise<readonly SkippedFile[]> {
  const { value } = await withWorkingFilters(git, options.tree, async (working) => {
    const plan = await planRestore(working, options);
    return [...plan.leftAlone, ...(await carryOut(working, options.tree, plan))];
  });
  return value;
}

function chooserOf(paths: readonly string[] | null): (name: string) => boolean {
  if (paths === null) return () => true;
  const wanted = paths.map((path) => byteName(path.replace(/^\.\//u, '').replace(/\/+$/u, '')));
  return (name) => wanted.some((path) => path === '' || path === '.' || name === path || name.startsWith(`${path}/`));
}

/** Why a path is not to be touched: one side does not have it as it was. */
function protectorOf(skipped: readonly SkippedFile[]): (path: string) => string | null {
  const reasons = new Map(skipped.map(({ path, reason }) => [path, reason]));
  return (path) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const reason = end === path.length ? reasons.get(path) : reasons.get(path.slice(0, end + 1));
      if (reason !== undefined && path !== '.gitattributes') return `it was not kept: ${reason}`;
    }
    return null;
  };
}

interface ModuleDecision {
  readonly leave: string;
  /** A file has to give way to the sub-module's folder. */
  readonly isReplaced: boolean;
  readonly makesFolder: boolean;
}

/** A sub-module's content is another repository's business. Null where none is involved. */
function decideModule(tree: WorkTree, { name, oldMode, newMode }: TreeChange): ModuleDecision | null {
  if (oldMode !== SUBMODULE && newMode !== SUBMODULE) return null;
  if (newMode === SUBMODULE) {
    const isReplaced = oldMode !== null && oldMode !== SUBMODULE;
    return { leave: 'it is a sub-module: bring its content to the right state with `git submodule update`', isReplaced, makesFolder: oldMode !== SUBMODULE };
  }
  if (newMode !== null && readNames(tree, name)?.length === 0) return null;
  return { leave: 'it is a sub-module now, whose content no checkpoint keeps', isReplaced: false, makesFolder: false };
}

/** An empty sub-module's folder makes room for a file: for the journal there was nothing. */
function withoutModule(edit: FileEdit): FileEdit {
  return edit.oldMode === SUBMODULE ? { ...edit, oldMode: null, oldBlob: null } : edit;
}

/** What would go although it was ignored at the time: nobody knows whether it was there already. Looked at only where ignore rules differ. */
async function findIgnoredThen(git: Git, options: PlanRestore, changes: readonly TreeChange[], after: string): Promise<ReadonlySet<string>> {
  const isRule = (name: string): boolean => name === '.gitignore' || name.endsWith('/.gitignore');
  const going = changes.filter((change) => change.newMode === null && change.oldMode !== SUBMODULE).map((change) => change.name);
  if (options.to.hasIgnored || going.length === 0 || !changes.some((change) => isRule(change.name))) return new Set();
  const { tree } = options;
  const what = `read the ignore rules of "${tree.path}"`;
  const listed = await runGit(git, { at: tree, args: ['ls-tree', '-r', '-z', after], what });
  const rules = splitRecords(listed.stdout).flatMap((record) => {
    const [head = '', name = ''] = record.split('\t');
    const [mode = '', , blob = ''] = head.split(' ');
    return isRule(name) && mode !== '120000' && mode !== SUBMODULE ? [{ name, blob }] : [];
  });
  const contents = await readBlobs(
    git,
    tree,
    rules.map(({ blob }) => blob),
  );
  mkdirSync(options.scratch, { recursive: true });
  const folder = mkdtempSync(join(options.scratch, 'rules-'));
  try {
    const then: WorkTree = { ...tree, path: folder };
    for (const { name, blob } of rules) {
      const path = bytePath(then, name);
      await mkdir(Buffer.from(dirname(path.toString('latin1')), 'latin1'), { recursive: true });
      await writeFile(path, contents.get(blob) ?? '');
    }
    return await filterIgnored(git, then, going);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder that is to become a file may hold folders with nothing in them. */
function removeEmptyFolders(tree: WorkTree, path: string): void {
  const name = byteName(path);
  if (statBytes(tree, name)?.isDirectory() === true) for (const child of readNames(tree, name) ?? []) removeEmptyTree(tree, `${name}/${child}`);
}

function removeEmptyTree(tree: WorkTree, name: string): void {
  if (statBytes(tree, name)?.isDirectory() !== true) return;
  for (const child of readNames(tree, name) ?? []) removeEmptyTree(tree, `${name}/${child}`);
  try {
    rmdirSync(bytePath(tree, name));
  } catch {
    // Something is in it: the plan says what.
  }
}

/** What the journal cannot: files whose names are no text, and empty folders. Each file is old or new at any moment. Returns what could not be done. */
async function carryOut(git: Git, tree: WorkTree, plan: RestorePlan): Promise<SkippedFile[]> {
  const failed: SkippedFile[] = [];
  const attempt = async (name: string, act: () => Promise<void> | void): Promise<void> => {
    try {
      await act();
    } catch (error) {
      failed.push({ path: shownName(name), reason: `it could not be brought back: ${error instanceof Error ? error.message : String(error)}` });
    }
  };
  for (const change of plan.unnamed) await attempt(change.name, () => writeUnnamed(git, tree, change));
  for (const name of plan.folders.remove.toReversed()) removeFolder(tree, name);
  for (const name of plan.folders.make) await attempt(name, () => makeFolder(tree, name));
  return failed;
}

async function writeUnnamed(git: Git, tree: WorkTree, { name, newMode, newBlob }: TreeChange): Promise<void> {
  const path = bytePath(tree, name);
  refuseLinkedParent(tree, name);
  if (newBlob === null) return rm(path, { force: true });
  const content = (await readBlobs(git, tree, [newBlob])).get(newBlob) ?? Buffer.alloc(0);
  await mkdir(Buffer.from(dirname(path.toString('latin1')), 'latin1'), { recursive: true });
  const temp = Buffer.concat([path, Buffer.from('.boocode.tmp')]);
  await rm(temp, { force: true });
  if (newMode === '120000') await symlink(content, temp);
  else {
    const file = await open(temp, 'wx', newMode === '100755' ? 0o777 : 0o666);
    await file.writeFile(content);
    await file.sync();
    await file.close();
    const known = statBytes(tree, name);
    if (known?.isFile() === true) chmodSync(temp, newMode === '100755' ? known.mode | 0o100 : known.mode & ~0o111);
  }
  await rename(temp, path);
}

function makeFolder(tree: WorkTree, name: string): void {
  refuseLinkedParent(tree, `${name}/x`);
  mkdirSync(bytePath(tree, name), { recursive: true });
}

/** Nothing is written through a link or into another repository. */
function refuseLinkedParent(tree: WorkTree, name: string): void {
  for (let end = name.indexOf('/'); end > 0; end = name.indexOf('/', end + 1)) {
    const parent = name.slice(0, end);
    const stat = statBytes(tree, parent);
    if (stat !== null && !stat.isDirectory()) throw new Error(`"${shownName(parent)}" is no folder`);
    if (stat !== null && statBytes(tree, `${parent}/.git`) !== null) throw new Error(`"${shownName(parent)}" is a repository of its own`);
  }
}

/** With the folders around it that had nothing else in them. */
function removeFolder(tree: WorkTree, name: string): void {
  try {
    for (let folder = name; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) rmdirSync(bytePath(tree, folder));
  } catch {
    // Something is in it by now, or it is gone.
  }
}

function readNames(tree: WorkTree, name: string): string[] | null {
  try {
    return readdirSync(bytePath(tree, name), { encoding: 'buffer' }).map((entry) => entry.toString('latin1'));
  } catch {
    return null; // no folder, or gone
  }
}
