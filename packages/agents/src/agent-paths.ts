import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Whether a path lies in a folder, or is the folder; by their names alone. Both absolute. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path as people read it: from the worktree, where it lies in it. */
export function shownPath(path: string, cwd: string): string {
  return isAbsolute(path) && isInside(cwd, path) && resolve(path) !== resolve(cwd) ? relative(cwd, path) : path;
}

/** What a pattern like `/a/b/*` is about. */
export function folderOfPattern(pattern: string): string {
  return resolve(pattern.replace(/\/\*+$/, ''));
}
