import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectChanges, diffTrees } from './collect-changes.ts';
import { findCommit } from './commit.ts';
import { findOwnCommits } from './own-commits.ts';
import { findStat } from './path-facts.ts';
import { type Git, runGit, splitRecords, type WorkTree } from './run-git.ts';
import type { SkippedFile } from './snapshot.ts';

/** What would be lost with a worktree, in counts. */
export interface WorktreeRisk {
  /** Files that git knew, with uncommitted changes that are not in the base (what was applied is not lost). */
  readonly dirty: number;
  readonly untracked: number;
  /** Commits that no other branch, remote or tag has, in substance. */
  readonly unpushed: number;
  /** Commits that are elsewhere under another name. */
  readonly merged: number;
  /** Locked by `git worktree lock`. */
  readonly locked: boolean;
  readonly detached: boolean;
  /** Entries of the person's stash that were made on this branch. */
  readonly stashes: number;
  /** Repositories inside, with checked-out sub-modules. They are not looked into: their configuration is the agent's. */
  readonly nested: readonly string[];
  /** Ignored files that one would miss and that the project's folder does not have like this. */
  readonly ignored: readonly string[];
  /** Files that a checkpoint of the worktree cannot hold. */
  readonly skipped: readonly SkippedFile[];
}

export interface LookAtRisk {
  readonly tree: WorkTree;
  readonly project: WorkTree;
  readonly base: string;
  readonly branch: string;
  readonly indexFile: string;
}

/** Secrets, local settings and local data: what a repository ignores but nobody can make again. */
const MISSED = /(^|\/)(\.env(\..+)?|.+\.local(\..+)?|.+\.(pem|key|p12|pfx|sqlite3?|db)|secrets?(\..+)?|credentials(\..+)?)$/iu;
const MAX_COMPARED_BYTES = 4 * 1024 * 1024;
const MAX_NAMED = 50;

/** Counts what would be lost if the worktree went away now. Changes nothing in it. */
export async function worktreeRisk(git: Git, options: LookAtRisk): Promise<WorktreeRisk> {
  const { tree, project, branch } = options;
  const collected = await collectChanges(git, options);
  const head = await findCommit(git, tree, 'HEAD');
  const uncommitted = head === null ? null : await pathsBetween(git, tree, head, collected.treeId);
  const lost = collected.changes.filter((change) => uncommitted === null || uncommitted.has(change.path));
  const { names, modules } = await trackedPaths(git, tree);
  const untracked = lost.filter((change) => change.newBlob !== null && change.kind !== 'renamed' && !names.has(change.path)).length;
  const commits = await findOwnCommits(git, { project, branch, head });
  return {
    dirty: lost.length - untracked,
    untracked,
    unpushed: commits.own.length - commits.merged,
    merged: commits.merged,
    locked: (await findStat(join(tree.gitDir, 'locked'))) !== null,
    detached: await isDetached(tree),
    stashes: await countStashes(git, tree, branch),
    nested: [...collected.nested, ...(await checkedOut(tree, modules))],
    ignored: await missedFiles(git, tree, project),
    skipped: collected.skipped,
  };
}

async function isDetached(tree: WorkTree): Promise<boolean> {
  return /^[0-9a-f]{40,64}\n?$/u.test(await readFile(join(tree.gitDir, 'HEAD'), 'utf8').catch(() => ''));
}

async function pathsBetween(git: Git, tree: WorkTree, from: string, to: string): Promise<Set<string>> {
  const { changes } = await diffTrees(git, { tree, from, to });
  return new Set(changes.flatMap((change) => (change.oldPath === null ? [change.path] : [change.path, change.oldPath])));
}

async function trackedPaths(git: Git, tree: WorkTree): Promise<{ names: Set<string>; modules: string[] }> {
  const { stdout } = await runGit(git, { at: tree, args: ['ls-files', '-z', '--stage'], what: `list the files of "${tree.path}"` });
  const entries = splitRecords(stdout).map((record) => ({
    isModule: record.startsWith('160000 '),
    name: Buffer.from(record.slice(record.indexOf('\t') + 1), 'latin1').toString('utf8'),
  }));
  return { names: new Set(entries.map(({ name }) => name)), modules: entries.filter(({ isModule }) => isModule).map(({ name }) => name) };
}

async function checkedOut(tree: WorkTree, modules: readonly string[]): Promise<string[]> {
  const found = await Promise.all(modules.map((name) => findStat(join(tree.path, name, '.git'))));
  return modules.filter((_, at) => found[at] !== null);
}

/** The stash is shared by all worktrees; its entries say on which branch they were made. */
async function countStashes(git: Git, tree: WorkTree, branch: string): Promise<number> {
  const what = `read the stash of "${tree.path}"`;
  const { stdout } = await runGit(git, {
    at: tree,
    args: ['log', '-g', '--no-show-signature', '--format=%gs', 'refs/stash', '--'],
    what,
    accept: (code) => code === 0 || code === 128,
  });
  const lines = stdout.toString('utf8').split('\n');
  return lines.filter((line) => line.startsWith(`WIP on ${branch}: `) || line.startsWith(`On ${branch}: `)).length;
}

async function missedFiles(git: Git, tree: WorkTree, project: WorkTree): Promise<string[]> {
  const args = ['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'];
  const { stdout } = await runGit(git, { at: tree, args, what: `list the ignored files of "${tree.path}"` });
  const names = splitRecords(stdout).map((record) => Buffer.from(record, 'latin1').toString('utf8'));
  const missed: string[] = [];
  for (const name of names) {
    if (missed.length === MAX_NAMED) break;
    if (!name.endsWith('/') && MISSED.test(name) && !(await isSameFile(join(tree.path, name), join(project.path, name)))) missed.push(name);
  }
  return missed;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([findStat(one), findStat(other)]);
  if (a === null || b === null || a.size !== b.size || !a.isFile() || !b.isFile()) return false;
  if (a.ino === b.ino && a.dev === b.dev) return true;
  if (a.size > MAX_COMPARED_BYTES) return false;
  const [x, y] = await Promise.all([readFile(one), readFile(other)]);
  return x.equals(y);
}
