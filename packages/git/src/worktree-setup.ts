import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, readdir, readlink, realpath, rm, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isIgnored } from './ignored.ts';
import { findBlocker, findStat } from './path-facts.ts';
import { decidePathRefusal } from './repo-path-policy.ts';
import type { Git, WorkTree } from './run-git.ts';

export interface SetUpWorktree {
  readonly project: WorkTree;
  readonly worktree: WorkTree;
  /** The project's folder inside both ('' = the top). Named paths are relative to it. */
  readonly prefix: string;
  /** Files to copy; `.env` when null. */
  readonly copy: readonly string[] | null;
  /** Folders to take over cheaply; `node_modules` when null. */
  readonly link: readonly string[] | null;
  /** Those of `link` whose files may be hard links to the project's where the file system cannot clone: an edit in place reaches both sides. */
  readonly hardlink?: readonly string[] | undefined;
  /** Above this a folder that cannot be cloned is not copied either. */
  readonly maxCopyBytes?: number | undefined;
  readonly maxCopyFiles?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((sentence: string) => void) | undefined;
}

export interface SetUpItem {
  readonly path: string;
  /** `cloned` shares its blocks with the project until one side writes; `hardlinked` shares its files; `copied` is independent from the start. */
  readonly how: 'cloned' | 'hardlinked' | 'copied' | 'skipped';
  readonly ms: number;
  /** Why it was skipped, or what else to know. */
  readonly note: string | null;
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const DEFAULT_MAX_FILES = 20_000;

/**
 * Brings over what git does not know: `.env`, dependencies. Never links into the project's folder, since an agent would then write there; a folder is
 * cloned where the file system can, else copied up to a limit, else skipped with a note. Only paths that git ignores in the worktree: others would show up as changes.
 */
export async function setUpWorktree(git: Git, options: SetUpWorktree): Promise<SetUpItem[]> {
  const items: SetUpItem[] = [];
  const wanted = [
    ...(options.copy ?? ['.env']).map((path) => ({ path, named: options.copy !== null })),
    ...(options.link ?? ['node_modules']).map((path) => ({ path, named: options.link !== null })),
  ];
  for (const { path, named } of wanted) {
    options.signal?.throwIfAborted();
    const startedAt = performance.now();
    const brought = await bringOver(git, options, tidy(path));
    const item = brought === null ? null : { ...brought, ms: Math.round(performance.now() - startedAt) };
    if (item !== null && (named || item.how !== 'skipped' || item.note !== null)) items.push(item);
    else if (named) items.push({ ...skipped(path, `"${path}" is not in the project`), ms: 0 });
  }
  return items;
}

type Brought = Omit<SetUpItem, 'ms'>;
type Way = 'cloned' | 'hardlinked' | 'copied';

function tidy(path: string): string {
  return path.replace(/^\.\//u, '').replace(/\/+$/u, '');
}

/** Null when there is nothing to bring over. */
async function bringOver(git: Git, options: SetUpWorktree, path: string): Promise<Brought | null> {
  const { project, worktree } = options;
  const refusal = decidePathRefusal(path);
  if (refusal !== null) return skipped(path, `"${path}" was not brought over: ${refusal}`);
  const full = options.prefix === '' ? path : `${options.prefix}/${path}`;
  const from = join(project.path, full);
  const to = join(worktree.path, full);
  const stat = await findStat(from);
  if (stat === null) return null;
  if ((await findBlocker(project.path, full)) !== null || (await findBlocker(worktree.path, full)) !== null)
    return skipped(path, `"${path}" was not brought over: a folder above it is a symbolic link or a repository of its own`);
  if ((await findStat(to)) !== null) return skipped(path, null);
  if (!(await isIgnored(git, worktree, stat.isDirectory() ? `${full}/` : full)))
    return skipped(path, `"${path}" was not brought over: git does not ignore it in the worktree, so it would show up as a change`);
  options.onProgress?.(`Bringing over "${path}"`);
  if (stat.isSymbolicLink()) return bringLink(options, path, full);
  await mkdir(dirname(to), { recursive: true });
  if (stat.isFile()) {
    await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    return { path, how: 'copied', note: null };
  }
  if (!stat.isDirectory()) return skipped(path, `"${path}" was not brought over: it is no file and no folder`);
  return bringFolder(options, path, full);
}

/** A link is only followed to a file inside the project, and becomes a copy. */
async function bringLink(options: SetUpWorktree, path: string, full: string): Promise<Brought> {
  const target = await realpath(join(options.project.path, full)).catch(() => null);
  const stat = target === null ? null : await findStat(target);
  if (target === null || stat?.isFile() !== true || !isInside(options.project.path, target))
    return skipped(path, `"${path}" was not brought over: it is a symbolic link out of the project or to a folder`);
  await mkdir(dirname(join(options.worktree.path, full)), { recursive: true });
  await copyFile(target, join(options.worktree.path, full), constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  return { path, how: 'copied', note: null };
}

async function bringFolder(options: SetUpWorktree, path: string, full: string): Promise<Brought> {
  const from = join(options.project.path, full);
  const to = join(options.worktree.path, full);
  const way = await chooseWay(options, path, from);
  const maxBytes = options.maxCopyBytes ?? DEFAULT_MAX_BYTES;
  const maxFiles = options.maxCopyFiles ?? DEFAULT_MAX_FILES;
  if (way === 'copied' && !(await isSmall(from, { bytes: maxBytes, files: maxFiles }))) {
    return skipped(
      path,
      `"${path}" was not brought over: it is larger than ${Math.round(maxBytes / 1_048_576)} MB or ${maxFiles} files, and this file system cannot clone it; install it in the set-up script if the work needs it, or name it under "hardlink"`,
    );
  }
  const left: string[] = [];
  try {
    await copyFolder(options, full, left, way);
  } catch (error) {
    await rm(to, { recursive: true, force: true });
    throw error;
  }
  const note =
    left.length === 0
      ? null
      : `Left out of "${path}", since they lead out of the project: ${left
          .slice(0, 5)
          .map((each) => `"${each}"`)
          .join(', ')}${left.length > 5 ? ` and ${left.length - 5} more` : ''}`;
  return { path, how: way, note };
}

/** A clone where the file system can; hard links only where the project's own trusted settings ask for them. */
async function chooseWay(options: SetUpWorktree, path: string, from: string): Promise<Way> {
  if (await isCloneable(from, options.worktree.path)) return 'cloned';
  const isAsked = options.hardlink?.some((each) => tidy(each) === path) === true;
  return isAsked && (await isSameDevice(from, options.worktree.path)) ? 'hardlinked' : 'copied';
}

async function isSameDevice(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([findStat(one), findStat(other)]);
  return a !== null && b !== null && a.dev === b.dev;
}

async function bringFile(source: string, target: string, way: Way): Promise<void> {
  if (way !== 'hardlinked') return copyFile(source, target, constants.COPYFILE_FICLONE);
  // A file system's limit of names for one file, or one that belongs to somebody else.
  await link(source, target).catch(() => copyFile(source, target));
}

async function copyFolder(options: SetUpWorktree, full: string, left: string[], way: Way): Promise<void> {
  options.signal?.throwIfAborted();
  const from = join(options.project.path, full);
  const to = join(options.worktree.path, full);
  const { mode } = await lstat(from);
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyFolder(options, `${full}/${entry.name}`, left, way);
    else if (entry.isFile()) await bringFile(source, target, way);
    else if (entry.isSymbolicLink()) {
      const link = linkFor(options, source, await readlink(source));
      if (link === null) left.push(`${full}/${entry.name}`);
      else await symlink(link, target);
    }
  }
  await chmod(to, mode & 0o7777);
}

/** A link inside the project leads to the same place inside the worktree; one that leads out has no place there. */
function linkFor(options: SetUpWorktree, source: string, link: string): string | null {
  const target = resolve(dirname(source), link);
  if (!isInside(options.project.path, target)) return null;
  return isAbsolute(link) ? join(options.worktree.path, relative(options.project.path, target)) : link;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

/** Whether a file of the folder can be cloned into the worktree, by trying one. */
async function isCloneable(folder: string, worktree: string): Promise<boolean> {
  const sample = await findFile(folder);
  if (sample === null) return true;
  const probe = join(worktree, `.boocode-probe-${process.pid}`);
  try {
    await copyFile(sample, probe, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    // ENOTSUP, EXDEV and the like: the answer is no, whatever the reason.
    return false;
  } finally {
    await rm(probe, { force: true });
  }
}

async function findFile(folder: string): Promise<string | null> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) return join(folder, entry.name);
    const inside = entry.isDirectory() ? await findFile(join(folder, entry.name)) : null;
    if (inside !== null) return inside;
  }
  return null;
}

async function isSmall(folder: string, limit: { bytes: number; files: number }): Promise<boolean> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    limit.files -= 1;
    if (entry.isFile()) limit.bytes -= (await lstat(join(folder, entry.name))).size;
    if (limit.files < 0 || limit.bytes < 0) return false;
    if (entry.isDirectory() && !(await isSmall(join(folder, entry.name), limit))) return false;
  }
  return true;
}

function skipped(path: string, note: string | null): Brought {
  return { path, how: 'skipped', note };
}
