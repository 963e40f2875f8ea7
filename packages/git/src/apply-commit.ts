import { chmod, lchown, mkdir, readFile, readlink, rename, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import {
  backupFolder,
  forgetApply,
  isSamePrint,
  journalFile,
  type Journal,
  type JournalOp,
  printContent,
  type Print,
  printOf,
  writeJournal,
} from './apply-journal.ts';
import type { PlannedOp } from './apply-plan.ts';
import { createDurable, syncFolder } from './durable-file.ts';
import { inParallel } from './in-parallel.ts';
import { describeBlocker, findBlocker, findStat, isSameStat, type PathState } from './path-facts.ts';

/** The folder changed between looking and writing. */
export class FolderMoved extends Error {
  override readonly name = 'FolderMoved';
  readonly path: string;

  constructor(path: string) {
    super(`"${path}" changed meanwhile`);
    this.path = path;
  }
}

export interface CommitOptions {
  readonly journalDir: string;
  readonly id: string;
  readonly folder: string;
  readonly prefix: string;
  readonly note: unknown;
  readonly ops: readonly PlannedOp[];
  readonly now: number;
}

/**
 * Carries a plan out, all of it or nothing: the journal first, then old contents to the journal and new ones to temporary files, then renames.
 * When it throws, the folder is as it was and the journal is gone. When it returns, the journal is `done` and waits for `forgetApply`.
 */
export async function commitOps(options: CommitOptions): Promise<void> {
  const { journalDir, folder } = options;
  if ((await findStat(journalFile(journalDir, options.id))) !== null)
    throw new BooError('conflict', `Cannot change files in "${folder}": the apply "${options.id}" was made already; use another id`);
  const journal = await makeJournal(options);
  try {
    await writeJournal(journalDir, journal);
    await stage(options, journal);
    for (const op of options.ops) await checkUnmoved(folder, op);
    await writeJournal(journalDir, { ...journal, state: 'committing' });
    const pending = new Map(options.ops.map((op) => [op.path, op]));
    await rollForward(journal, async (op) => {
      const planned = pending.get(op.path);
      if (planned !== undefined) await checkUnmoved(folder, planned);
      return true;
    });
    await writeJournal(journalDir, { ...journal, state: 'done' });
  } catch (error) {
    await rollBack(journalDir, journal);
    await forgetApply(journalDir, options.id);
    throw error;
  }
}

/** Replaces and removes what `isDue` says, which is asked ahead of each file. Removals come first: a file may have to give way to a folder. */
export async function rollForward(journal: Journal, isDue: (op: JournalOp) => Promise<boolean>): Promise<void> {
  const touched = new Set<string>();
  for (const op of journal.ops.filter((each) => each.temp === null)) {
    if (await isDue(op)) await rm(join(journal.folder, op.path), { force: true });
    touched.add(dirname(op.path));
    await removeEmptied(journal.folder, dirname(op.path), journal.prefix, touched);
  }
  for (const op of journal.ops) {
    if (op.temp === null || !(await isDue(op))) continue;
    await makeParents(journal, op.path, op.temp, touched);
    await removeEmptyFolder(join(journal.folder, op.path));
    await rename(join(journal.folder, op.temp), join(journal.folder, op.path));
    touched.add(dirname(op.path)).add(dirname(op.temp));
  }
  await inParallel([...touched], (parent) => syncFolder(join(journal.folder, parent)));
}

/**
 * Takes back what was done; what somebody else changed meanwhile is left alone and returned. Safe to repeat after a kill: each file goes from new to old
 * in one step, and a file that was not there before goes first, since it may lie where a folder has to come back.
 */
export async function rollBack(journalDir: string, journal: Journal): Promise<string[]> {
  await writeJournal(journalDir, { ...journal, state: 'taking_back' });
  const leftAlone: string[] = [];
  const { folder } = journal;
  for (const op of journal.ops) {
    if (op.temp === null) continue;
    await rm(join(folder, op.temp), { force: true });
    if (op.backup !== null) continue;
    const now = await printOf(folder, op.path);
    if (isSamePrint(now, op.after)) await rm(join(folder, op.path), { force: true });
    else if (!isBefore(op, now)) leftAlone.push(op.path);
    await removeEmptied(folder, dirname(op.path), dirname(op.temp), new Set());
  }
  for (const op of journal.ops) {
    if (op.backup === null) continue;
    const now = await printOf(folder, op.path);
    if (isSamePrint(now, op.before)) continue;
    if (isSamePrint(now, op.after)) await restore(journalDir, journal, op, op.backup);
    else leftAlone.push(op.path);
  }
  return leftAlone;
}

/** Whether a path is as wanted. Where a file went, a folder may have come. */
export function isAfter(op: JournalOp, now: Print): boolean {
  return isSamePrint(now, op.after) || (op.temp === null && now.kind === 'other');
}

/** Whether a path is as it was before the apply. A folder in the way goes when its last file is removed. */
export function isBefore(op: JournalOp, now: Print): boolean {
  return isSamePrint(now, op.before) || (op.before.kind === 'other' && now.kind === 'missing');
}

async function makeJournal(options: CommitOptions): Promise<Journal> {
  const ops: JournalOp[] = [];
  await inParallel(options.ops, async (op, index) => {
    const existed = op.seen.kind === 'file' || op.seen.kind === 'symlink';
    ops[index] = {
      path: op.path,
      temp: op.kind === 'remove' ? null : join(await nearestFolder(options.folder, op.path), `.boocode-${options.id}-${index}.tmp`),
      before: await printOf(options.folder, op.path),
      after: op.kind === 'remove' ? { kind: 'missing' } : printContent(op.type, op.content, op.type === 'file' && op.exec),
      backup: existed ? `old-${index}` : null,
    };
  });
  return { version: 1, id: options.id, folder: options.folder, prefix: options.prefix, state: 'staging', note: options.note, ops, createdAt: options.now };
}

async function stage(options: CommitOptions, journal: Journal): Promise<void> {
  const { folder } = options;
  const backups = backupFolder(options.journalDir, options.id);
  await inParallel(options.ops, async (op, index) => {
    const entry = journal.ops[index];
    if (entry === undefined) throw new TypeError('The journal does not match the plan');
    if (entry.backup !== null) await backUp(join(folder, op.path), join(backups, entry.backup), op, entry.before);
    if (op.kind === 'write' && entry.temp !== null) await writeTemp(folder, entry.temp, op);
  });
  const parents = new Set(journal.ops.flatMap((op) => (op.temp === null ? [] : [join(folder, dirname(op.temp))])));
  await inParallel([backups, ...parents], syncFolder);
}

async function backUp(from: string, to: string, op: PlannedOp, before: Print): Promise<void> {
  const isLink = op.seen.kind === 'symlink';
  const content = isLink ? await readlink(from, { encoding: 'buffer' }) : await readFile(from);
  const exec = op.seen.kind === 'file' && op.seen.exec;
  if (!isSamePrint(printContent(isLink ? 'symlink' : 'file', content, exec), before)) throw new FolderMoved(op.path);
  await createDurable(to, content, isLink ? 0o600 : permissionsOf(op.seen, exec));
}

async function writeTemp(folder: string, temp: string, op: Extract<PlannedOp, { kind: 'write' }>): Promise<void> {
  const path = join(folder, temp);
  const model = op.like.kind === 'file' || op.like.kind === 'symlink' ? op.like.stat : await findStat(dirname(path));
  if (op.type === 'symlink') await symlink(op.content, path);
  else {
    await createDurable(path, op.content, op.exec ? 0o777 : 0o666);
    if (op.like.kind === 'file') await chmod(path, permissionsOf(op.like, op.exec));
  }
  if (model !== null) await keepOwner(path, model);
}

/** Only root can give files away, and only root would otherwise take them. */
async function keepOwner(path: string, model: { readonly uid: bigint; readonly gid: bigint }): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await lchown(path, Number(model.uid), Number(model.gid));
}

function permissionsOf(state: PathState, exec: boolean): number {
  const bits = state.kind === 'file' ? Number(state.stat.mode & 0o7777n) : 0o644;
  const isExec = (bits & 0o100) !== 0;
  if (isExec === exec) return bits;
  return exec ? bits | ((bits & 0o444) >> 2) : bits & ~0o111;
}

async function checkUnmoved(folder: string, op: PlannedOp): Promise<void> {
  const { seen } = op;
  if (seen.kind === 'directory' || (seen.kind === 'missing' && seen.blocker !== null)) return;
  if ((await findBlocker(folder, op.path)) !== null) throw new FolderMoved(op.path);
  const stat = await findStat(join(folder, op.path));
  const known = seen.kind === 'file' || seen.kind === 'symlink' ? seen.stat : null;
  if (!isSameStat(stat, known)) throw new FolderMoved(op.path);
}

/** The deepest parent that is there already: temporary files lie on the file system of their target, and no folder is made too early. */
async function nearestFolder(folder: string, path: string): Promise<string> {
  let parent = dirname(path);
  while (parent !== '.') {
    const isFree = (await findBlocker(folder, `${parent}/x`)) === null && (await findStat(join(folder, parent))) !== null;
    if (isFree) return parent;
    parent = dirname(parent);
  }
  return '.';
}

async function makeParents(journal: Journal, path: string, temp: string, touched: Set<string>): Promise<void> {
  const missing: string[] = [];
  for (let parent = dirname(path); parent !== '.' && parent !== dirname(temp); parent = dirname(parent)) missing.unshift(parent);
  const model = await findStat(join(journal.folder, dirname(temp)));
  for (const parent of missing) {
    const full = join(journal.folder, parent);
    const stat = await findStat(full);
    if (stat === null) {
      await mkdir(full);
      if (model !== null) await keepOwner(full, model);
      touched.add(dirname(parent)).add(parent);
    }
  }
  const blocker = await findBlocker(journal.folder, path);
  if (blocker !== null)
    throw new BooError('change_conflict', `Cannot write "${path}": "${blocker.path}" is ${describeBlocker(blocker)}; move it away and try again`);
}

/** Removes a folder and its parents once their last file went, up to but not including `stop`. */
async function removeEmptied(top: string, start: string, stop: string, touched: Set<string>): Promise<void> {
  for (let folder = start; folder !== '.' && folder !== stop; folder = dirname(folder)) {
    if (!(await removedIfEmpty(join(top, folder)))) return;
    touched.delete(folder);
    touched.add(dirname(folder));
  }
}

/** True also when it is gone already: a kill may have come between a folder and its parent. */
async function removedIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

async function removeEmptyFolder(path: string): Promise<void> {
  const stat = await findStat(path);
  if (stat?.isDirectory() === true) await rmdir(path);
}

async function restore(journalDir: string, journal: Journal, op: JournalOp, backup: string): Promise<void> {
  const source = join(backupFolder(journalDir, journal.id), backup);
  const content = await readFile(source);
  const stat = await findStat(source);
  const target = join(journal.folder, op.path);
  await mkdir(dirname(target), { recursive: true });
  const temp = join(dirname(target), `.boocode-${journal.id}-${backup}.tmp`);
  await unlink(temp).catch(() => {});
  if (op.before.kind === 'symlink') await symlink(content, temp);
  else {
    await createDurable(temp, content, 0o600);
    await chmod(temp, Number((stat?.mode ?? 0o644n) & 0o7777n));
    const parent = await findStat(dirname(target));
    if (parent !== null) await keepOwner(temp, parent);
  }
  await rename(temp, target);
  await syncFolder(dirname(target));
}
