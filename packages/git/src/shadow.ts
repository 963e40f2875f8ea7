import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { readlinkSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { findStat } from './path-facts.ts';
import { type Git, runGit, type WorkTree } from './run-git.ts';
import { excludeText, SHADOW_ATTRIBUTES, SHADOW_CONFIG } from './shadow-policy.ts';

/**
 * The private repository of a folder without git, as git sees it: the folder's files, and a git directory in `shadowDir`. Nothing is made by asking.
 * `folder` is absolute and real.
 */
export function shadowTree(shadowDir: string, folder: string): WorkTree {
  return treeOf(folder, join(shadowDir, shadowName(folder)));
}

/** Makes the private repository of a folder, if it is not there. Two at once are safe; nothing is written into the folder. */
export async function ensureShadow(git: Git, shadowDir: string, tree: WorkTree): Promise<void> {
  if ((await findStat(join(tree.gitDir, 'HEAD'))) !== null) return;
  await mkdir(join(shadowDir, OWNERS), { recursive: true, mode: 0o700 });
  const next = join(shadowDir, `${basename(tree.gitDir)}.${randomUUID()}`);
  try {
    const args = ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '--', next];
    await runGit(git, { at: shadowDir, args, what: `make a history for "${tree.path}"` });
    await mkdir(join(next, 'info'), { recursive: true });
    await Promise.all([
      appendFile(join(next, 'config'), SHADOW_CONFIG),
      writeFile(join(next, 'info', 'exclude'), excludeText(insideOf(tree.path, dirname(shadowDir)))),
      writeFile(join(next, 'info', 'attributes'), SHADOW_ATTRIBUTES),
      writeFile(join(next, FOLDER_FILE), `${tree.path}\n`),
    ]);
    await rename(next, tree.gitDir).catch(async (error: unknown) => {
      // Another session was first.
      if ((await findStat(join(tree.gitDir, 'HEAD'))) === null) throw error;
    });
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}

/** Notes that a worktree belongs to the private repository. It does so for good, whatever the folder becomes: its changes can be applied all the same. */
export async function claimShadow(shadowDir: string, tree: WorkTree, worktreeId: string): Promise<void> {
  const link = join(shadowDir, OWNERS, worktreeId);
  await rm(link, { force: true });
  await symlink(join('..', basename(tree.gitDir)), link);
}

/** The private repository that a worktree was made in, or null when it belongs to the folder's own. */
export async function findShadowOf(shadowDir: string, folder: string, worktreeId: string): Promise<WorkTree | null> {
  const target = await readlink(join(shadowDir, OWNERS, worktreeId)).catch(() => null);
  return target === null ? null : treeOf(folder, join(shadowDir, basename(target)));
}

/** The private repository of a worktree and those parts of it that steer git, for a wall around an agent: it works in the first and only reads the others. */
export function shadowFoldersOf(shadowDir: string, worktreeId: string): { readonly folder: string; readonly steering: readonly string[] } | null {
  try {
    const folder = join(shadowDir, basename(readlinkSync(join(shadowDir, OWNERS, worktreeId))));
    return { folder, steering: ['config', 'info'].map((name) => join(folder, name)) };
  } catch {
    return null; // it belongs to the folder's own repository
  }
}

/** Which repository each worktree belongs to: a link per worktree, where no agent can write. */
export const OWNERS = 'of';
/** Says whose history it is; the name of the repository only hints at it. */
export const FOLDER_FILE = 'boocode-folder';

/** The name of the private repository of a folder: people recognise it, and no two folders share one. */
function shadowName(folder: string): string {
  const word = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '')
    .slice(0, 32);
  const print = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return `${word === '' ? 'folder' : word}-${print}.git`;
}

/** Where one folder lies in another, or null when it does not. */
function insideOf(folder: string, other: string): string | null {
  const path = relative(folder, other);
  return path === '' || path === '..' || path.startsWith(`..${sep}`) ? null : path.split(sep).join('/');
}

function treeOf(folder: string, gitDir: string): WorkTree {
  return { path: folder, gitDir, commonDir: gitDir };
}
