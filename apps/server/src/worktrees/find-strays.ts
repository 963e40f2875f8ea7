import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ReapItem } from '@boocode/contracts/worktree.ts';
import { findCommit } from '@boocode/git/commit.ts';
import { findOwnCommits } from '@boocode/git/own-commits.ts';
import { inspectRepository } from '@boocode/git/repository.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import { listProjects } from '../projects/project-store.ts';
import { trashDirOf } from './trash-worktree.ts';
import type { WorktreeDeps } from './worktree-deps.ts';

type StrayDeps = Pick<WorktreeDeps, 'sql' | 'git' | 'worktreesDir' | 'now' | 'log'>;

export interface Stray {
  readonly item: ReapItem;
  /** Does what the item says. */
  readonly remove: (() => Promise<void>) | null;
}

/** Private indexes, the trash, and places in which changes are checked, which their own room sweeps. */
const OURS = /^(index|trash|check-.*)$/u;
const PROBE = /^probe-[A-Za-z0-9]{6}$/u;
const PROBE_AGE_MS = 3_600_000;

/** Folders below the worktrees' that no row knows. Only what is empty or certainly a leftover of ours is offered for removal; everything else is explained. */
export async function findStrayFolders(deps: StrayDeps, known: ReadonlySet<string>): Promise<Stray[]> {
  const places = [
    ...(await list(deps.worktreesDir)).filter((name) => !OURS.test(name)).map((name) => ({ name, path: join(deps.worktreesDir, name) })),
    ...(await list(trashDirOf(deps))).map((name) => ({ name, path: join(trashDirOf(deps), name) })),
  ];
  return Promise.all(places.filter(({ name }) => !known.has(name)).map((place) => describeFolder(deps, place)));
}

/** What git knows of worktrees in our folder that are not there. An entry goes only when no commit goes with it. */
export async function findStrayEntries(deps: StrayDeps, known: ReadonlySet<string>): Promise<Stray[]> {
  const strays: Stray[] = [];
  const seen = new Set<string>();
  for (const project of await listProjects(deps.sql)) {
    const { tree } = await inspectRepository(deps.git, project.path); // its folder is away: nothing can be said
    if (tree === null || seen.has(tree.commonDir)) continue;
    seen.add(tree.commonDir);
    for (const name of await list(join(tree.commonDir, 'worktrees'))) {
      const stray = await describeEntry(deps, tree, join(tree.commonDir, 'worktrees', name), known);
      if (stray !== null) strays.push(stray);
    }
  }
  return strays;
}

async function describeFolder(deps: StrayDeps, { name, path }: { readonly name: string; readonly path: string }): Promise<Stray> {
  const found = await stat(path).catch(() => null);
  if (PROBE.test(name) && found !== null && deps.now() - found.mtimeMs > PROBE_AGE_MS)
    return removable('folder', path, 'BooCode tried there whether it can contain agents, and was stopped');
  if (found?.isDirectory() === true && (await isEmpty(path))) return removable('folder', path, 'no worktree is known there, and it is empty');
  const inside = (await list(path))[0];
  const pointer = inside === undefined ? '' : await readFile(join(path, inside, '.git'), 'utf8').catch(() => '');
  if (deps.git.shadowDir !== null && pointer.startsWith(`gitdir: ${deps.git.shadowDir}/`)) {
    const reason = 'it is a worktree of a folder without git whose project BooCode has forgotten: take what you need, and remove it; its history goes with it';
    return { item: { kind: 'folder', worktreeId: null, path, action: 'keep', reason, after: null }, remove: null };
  }
  const repository = /^gitdir: (.+)\/\.git\/worktrees\/[^/]+\n?$/u.exec(pointer)?.[1];
  const reason =
    repository === undefined || inside === undefined
      ? 'no worktree is known there, and BooCode did not make what is in it: look at it, and remove it by hand'
      : `it is a worktree of "${repository}" whose project BooCode has forgotten: look at it, then run \`git -C "${repository}" worktree remove "${join(path, inside)}"\``;
  return { item: { kind: 'folder', worktreeId: null, path, action: 'keep', reason, after: null }, remove: null };
}

async function describeEntry(deps: StrayDeps, project: WorkTree, gitDir: string, known: ReadonlySet<string>): Promise<Stray | null> {
  const pointer = (await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')).trimEnd();
  const place = dirname(pointer);
  if (!pointer.startsWith(`${deps.worktreesDir}/`) || [...known].some((id) => pointer.includes(`/${id}/`)) || (await stat(place).catch(() => null)) !== null)
    return null;
  const head = await findCommit(deps.git, { path: project.path, gitDir, commonDir: project.commonDir }, 'HEAD');
  const text = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '');
  const branch = /^ref: refs\/heads\/(.+)\n?$/u.exec(text)?.[1];
  // A branch stays where it is; only commits of a detached HEAD would go.
  const { own } = branch === undefined ? await findOwnCommits(deps.git, { project, branch: 'HEAD', head }) : { own: [] };
  const what = `git knows a worktree at "${place}" that is not there`;
  if (own.length > 0)
    return {
      item: {
        kind: 'metadata',
        worktreeId: null,
        path: gitDir,
        action: 'keep',
        reason: `${what}, with ${own.length} commits that are on no branch`,
        after: null,
      },
      remove: null,
    };
  return removable('metadata', gitDir, `${what}, and no row of BooCode's knows it; its branch stays`);
}

function removable(kind: ReapItem['kind'], path: string, reason: string): Stray {
  return { item: { kind, worktreeId: null, path, action: 'remove', reason, after: null }, remove: () => rm(path, { recursive: true, force: true }) };
}

async function isEmpty(path: string): Promise<boolean> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  if (entries === null) return false;
  const inside = await Promise.all(entries.map(async (entry) => entry.isDirectory() && isEmpty(join(path, entry.name))));
  return inside.every((each) => each);
}

async function list(path: string): Promise<string[]> {
  return readdir(path).catch(() => []);
}
