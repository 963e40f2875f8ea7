import { BooError } from '@boocode/contracts/error-code.ts';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { indexInfo, treeWith } from './advance-base.ts';
import type { FileEdit } from './apply-plan.ts';
import { type Entry, editsOnBase, mergeEdits, pathsOf } from './base-edits.ts';
import { findCommit } from './commit.ts';
import { type Git, gitLine, nameOf, runGit, splitRecords, type WorkTree } from './run-git.ts';

export interface CommitEdits {
  /** The project's repository. */
  readonly tree: WorkTree;
  readonly edits: readonly FileEdit[];
  readonly message: string;
  readonly scratch: string;
}

/** A commit that nothing points to yet. */
export interface PreparedCommit {
  readonly commit: string;
  readonly parent: string | null;
  /** The edits as they are on the parent. */
  readonly edits: readonly FileEdit[];
}

/** What is under way in a repository, where a commit would become part of it. */
const UNDER_WAY = [
  ['MERGE_HEAD', 'a merge'],
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
] as const;
const SIGNING_MS = 60_000;

/**
 * Makes a commit of edits on top of HEAD, by the person's own name, and signed where they sign; hooks do not run. The person's uncommitted work is no part
 * of it. Nothing points to it yet. Rejects with `change_conflict` where the edits do not fit the last commit.
 */
export async function prepareCommit(git: Git, options: CommitEdits): Promise<PreparedCommit> {
  const { tree, scratch } = options;
  await refuseUnnamed(git, tree);
  const parent = await findCommit(git, tree, 'HEAD');
  const base = parent ?? (await gitLine(git, { at: tree, args: ['mktree'], what: `start a commit in "${tree.path}"` }));
  const { edits, conflicts } = await editsOnBase(git, { tree, base, edits: options.edits, scratch });
  if (conflicts.length > 0) {
    const names = conflicts.slice(0, 3).map((path) => `"${path}"`);
    throw new BooError('change_conflict', `Cannot commit ${names.join(', ')}: the changes build on work that is not committed yet; commit that first`);
  }
  const treeId = await treeWith(git, { tree, base, edits, scratch });
  const isSigned = (await readSetting(git, tree, 'commit.gpgSign')) === 'true';
  const what = isSigned ? `sign a commit in "${tree.path}" (your git settings ask for it)` : `make a commit in "${tree.path}"`;
  const args = ['commit-tree', ...(isSigned ? ['-S'] : []), ...(parent === null ? [] : ['-p', parent]), treeId];
  const commit = await gitLine(git, { at: tree, args, what, input: `${options.message.trimEnd()}\n`, timeoutMs: SIGNING_MS });
  return { commit, parent, edits };
}

/** A commit is the person's: git has to know who that is. */
async function refuseUnnamed(git: Git, tree: WorkTree): Promise<void> {
  for (const name of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    const { code } = await runGit(git, { at: tree, args: ['var', name], what: `read your name for "${tree.path}"`, accept: () => true });
    if (code !== 0)
      throw new BooError(
        'conflict',
        `Cannot commit in "${tree.path}": git does not know who you are; run \`git config --global user.name "..."\` and \`git config --global user.email ...\`, then try again`,
      );
  }
}

/** Refuses a commit on the branch that is checked out while git is in the middle of something there. */
export async function refuseUnderWay(tree: WorkTree): Promise<void> {
  for (const [name, what] of UNDER_WAY) {
    const isThere = await access(join(tree.gitDir, name)).then(
      () => true,
      () => false,
    );
    if (isThere) throw new BooError('conflict', `Cannot commit in "${tree.path}": ${what} is under way there; finish or abort it first`);
  }
}

/**
 * Moves HEAD (and its branch) to the commit, and brings the person's index along, so that nothing seems to be taken back: what they have staged stays.
 * Rejects when HEAD has moved meanwhile. Returns the files whose staged version could not be brought along.
 */
export async function moveHead(git: Git, options: CommitEdits & { readonly prepared: PreparedCommit }): Promise<string[]> {
  const { tree, prepared } = options;
  const subject = options.message.split('\n')[0] ?? '';
  const before = prepared.parent ?? '0'.repeat(prepared.commit.length);
  const args = ['update-ref', '-m', `commit: ${subject}`, 'HEAD', prepared.commit, before];
  await runGit(git, { at: tree, args, what: `commit in "${tree.path}"` });
  const staged = await readStaged(git, tree, pathsOf(prepared.edits));
  const moved: FileEdit[] = [];
  const left: string[] = [];
  for (const edit of prepared.edits) {
    const { edits, conflicts } = await mergeEdits(git, { tree, edits: [edit], scratch: options.scratch }, staged);
    if (conflicts.length > 0) left.push(edit.path);
    else moved.push(...edits);
  }
  const input = indexInfo(moved, prepared.commit.length);
  await runGit(git, { at: tree, args: ['update-index', '-z', '--index-info'], what: `bring what is staged in "${tree.path}" along`, input });
  // So that files which are as they were committed do not seem changed.
  await runGit(git, { at: tree, args: ['update-index', '-q', '--refresh'], what: `look at the files of "${tree.path}"`, accept: () => true });
  return left;
}

/** Makes a branch that points to the commit. Rejects when there is one of this name, or the name is none. */
export async function makeBranch(git: Git, tree: WorkTree, branch: string, commit: string): Promise<void> {
  const checked = await runGit(git, { at: tree, args: ['check-ref-format', '--branch', branch], what: `make the branch "${branch}"`, accept: () => true });
  if (checked.code !== 0 || branch.startsWith('-'))
    throw new BooError('invalid_request', `Cannot make the branch "${branch}": git does not take this name; use letters, digits, "-" and "/"`);
  if ((await findCommit(git, tree, `refs/heads/${branch}`)) !== null)
    throw new BooError('conflict', `Cannot make the branch "${branch}": there is one of this name; choose another`);
  const args = ['update-ref', '-m', 'branch: Created by BooCode', `refs/heads/${branch}`, commit, '0'.repeat(commit.length)];
  await runGit(git, { at: tree, args, what: `make the branch "${branch}"` });
}

async function readSetting(git: Git, tree: WorkTree, name: string): Promise<string> {
  // Our own neutral settings come first on the command line; the person's stand in their files.
  const args = ['config', '--type=bool', '--get-all', '--show-scope', name];
  const { stdout } = await runGit(git, { at: tree, args, what: `read the settings of "${tree.path}"`, accept: () => true });
  const values = stdout.toString('utf8').trim().split('\n');
  return values.findLast((line) => !line.startsWith('command\t'))?.split('\t')[1] ?? '';
}

async function readStaged(git: Git, tree: WorkTree, paths: readonly string[]): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const wanted = new Set(paths);
  const { stdout } = await runGit(git, { at: tree, args: ['ls-files', '-z', '--stage'], what: `read what is staged in "${tree.path}"` });
  for (const record of splitRecords(stdout)) {
    const end = record.indexOf('\t');
    const [mode = '', blob = '', stage] = record.slice(0, end).split(' ');
    const path = nameOf(record.slice(end + 1));
    if (path !== null && stage === '0' && wanted.has(path)) entries.set(path, { blob, mode, origin: path });
  }
  return entries;
}
