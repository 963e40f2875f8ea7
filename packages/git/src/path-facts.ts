import { type BigIntStats, lstatSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFiles, writeBlob } from './blobs.ts';
import type { Git, WorkTree } from './run-git.ts';

/** What lies at a path of a folder right now. */
export type PathState =
  | { readonly kind: 'missing'; readonly blocker: Blocker | null }
  | { readonly kind: 'file'; readonly blob: string; readonly exec: boolean; readonly stat: BigIntStats }
  | { readonly kind: 'symlink'; readonly blob: string; readonly exec: false; readonly stat: BigIntStats }
  | { readonly kind: 'directory' }
  | { readonly kind: 'other' };

/** A parent that is no real folder of this repository: nothing of it can lie at the path while it is there. */
export interface Blocker {
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'repository';
}

export function describeBlocker(blocker: Blocker): string {
  switch (blocker.kind) {
    case 'file':
      return 'a file';
    case 'symlink':
      return 'a symbolic link, which is never followed';
    case 'repository':
      return 'a repository of its own';
  }
}

/** Reads what lies at the paths; contents are compared as git stores them. Parents are never followed through links. */
export async function readPathStates(git: Git, tree: WorkTree, paths: readonly string[]): Promise<Map<string, PathState>> {
  const states = new Map<string, PathState>();
  const files = new Map<string, BigIntStats>();
  for (const path of new Set(paths)) {
    const blocker = await findBlocker(tree.path, path);
    const stat = blocker === null ? await findStat(join(tree.path, path)) : null;
    if (stat === null) states.set(path, { kind: 'missing', blocker });
    else if (stat.isFile()) files.set(path, stat);
    else if (stat.isSymbolicLink()) states.set(path, { kind: 'symlink', blob: await hashLink(git, tree, path), exec: false, stat });
    else states.set(path, { kind: stat.isDirectory() ? 'directory' : 'other' });
  }
  const ids = await hashFiles(git, tree, [...files.keys()]);
  for (const [path, stat] of files) states.set(path, { kind: 'file', blob: ids.get(path) ?? '', exec: (stat.mode & 0o100n) !== 0n, stat });
  return states;
}

/** The first parent of a path that is there and no real folder of this repository, or null. */
export async function findBlocker(top: string, path: string): Promise<Blocker | null> {
  const parts = path.split('/').slice(0, -1);
  for (let length = 1; length <= parts.length; length++) {
    const parent = parts.slice(0, length).join('/');
    const stat = await findStat(join(top, parent));
    if (stat === null) return null;
    if (!stat.isDirectory()) return { path: parent, kind: stat.isSymbolicLink() ? 'symlink' : 'file' };
    if ((await findStat(join(top, parent, '.git'))) !== null) return { path: parent, kind: 'repository' };
  }
  return null;
}

/** Looks at one path. Synchronous inside: a look takes microseconds, a round through the thread pool a hundred times that, and an apply looks thousands of times. */
export async function findStat(path: string | Buffer): Promise<BigIntStats | null> {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Whether a file is certainly the one that was looked at before. */
export function isSameStat(one: BigIntStats | null, other: BigIntStats | null): boolean {
  if (one === null || other === null) return one === other;
  // Another name of the same file that is replaced changes the change time of this one.
  const sameChange = one.nlink > 1n || one.ctimeNs === other.ctimeNs;
  return sameChange && one.ino === other.ino && one.dev === other.dev && one.size === other.size && one.mtimeNs === other.mtimeNs && one.mode === other.mode;
}

async function hashLink(git: Git, tree: WorkTree, path: string): Promise<string> {
  return writeBlob(git, tree, await readlink(join(tree.path, path), { encoding: 'buffer' }));
}
