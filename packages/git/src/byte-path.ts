import { lstatSync, type Stats } from 'node:fs';
import { nameOf, type WorkTree } from './run-git.ts';

/** A path of the work tree whose name is given byte by byte (latin1), as git gives it: names need not be UTF-8. */
export function bytePath(tree: WorkTree, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${tree.path}/`), Buffer.from(name, 'latin1')]);
}

/** What lies at such a path, not followed; null = nothing. Synchronous: a look takes microseconds, and thousands of files are looked at. */
export function statBytes(tree: WorkTree, name: string): Stats | null {
  try {
    return lstatSync(bytePath(tree, name), { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // a parent that is a file, or that may not be entered
  }
}

/** A name to show: bytes that are no UTF-8 as the replacement character. */
export function shownName(name: string): string {
  return nameOf(name) ?? Buffer.from(name, 'latin1').toString('utf8');
}

/** A text as git's byte-exact name. */
export function byteName(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
