import { BooError } from '@boocode/contracts/error-code.ts';
import { type ApplyResult, applyChanges } from './apply-changes.ts';
import { forgetApply } from './apply-journal.ts';
import { diffTrees } from './collect-changes.ts';
import { commitTree, findCommit, setRef } from './commit.ts';
import { withPrivateIndex } from './private-index.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';
import { snapshotTree } from './snapshot.ts';

/** The ref that keeps a stash alive. The person's own stash (`refs/stash`) is never touched. */
export function stashRefOf(id: string): string {
  return `refs/boocode/stashes/${id}`;
}

export interface KeptStash {
  readonly ref: string;
  readonly commit: string;
  /** The commit whose files the worktree is cleaned to. */
  readonly head: string;
  /** How many files differ from it. */
  readonly files: number;
}

export interface StashPlace {
  readonly tree: WorkTree;
  readonly indexFile: string;
  readonly journalDir: string;
  /** Names the journal of the change of files. */
  readonly journalId: string;
  readonly now: number;
}

/**
 * Keeps everything uncommitted of a worktree (tracked, untracked, and what is staged as a second parent) as a commit under its own ref. Changes no file.
 * Null when there is nothing to keep. Refuses what cannot be kept: repositories inside.
 */
export async function keepStash(
  git: Git,
  options: { readonly tree: WorkTree; readonly indexFile: string; readonly id: string; readonly note: string },
): Promise<KeptStash | null> {
  const { tree } = options;
  const head = await findCommit(git, tree, 'HEAD');
  if (head === null) throw new BooError('conflict', `Cannot put the work of "${tree.path}" aside: it has no commit to go back to; commit once first`);
  const snapshot = await snapshotTree(git, { tree, indexFile: options.indexFile });
  if (snapshot.nested.length > 0)
    throw new BooError('conflict', `Cannot put the work of "${tree.path}" aside: "${snapshot.nested[0] ?? ''}" is a repository of its own; move it away first`);
  const { changes, skipped } = await diffTrees(git, { tree, from: head, to: snapshot.tree });
  if (skipped.length > 0)
    throw new BooError(
      'conflict',
      `Cannot put the work of "${tree.path}" aside: "${skipped[0]?.path ?? ''}" cannot be brought back (${skipped[0]?.reason ?? ''}); rename it first`,
    );
  if (changes.length === 0) return null;
  const staged = await commitTree(git, tree, { treeId: await stagedTree(git, options), parents: [head], message: 'What was staged' });
  const commit = await commitTree(git, tree, { treeId: snapshot.tree, parents: [head, staged], message: options.note });
  const ref = stashRefOf(options.id);
  await setRef(git, tree, ref, commit);
  return { ref, commit, head, files: changes.length };
}

/** Brings a worktree to the files of the commit it was on when the stash was kept. All or nothing; refuses when a file has changed since. */
export async function cleanToHead(
  git: Git,
  options: StashPlace & { readonly stash: { readonly commit: string; readonly head: string } },
): Promise<ApplyResult> {
  const result = await changeFiles(git, options, { from: options.stash.commit, to: options.stash.head });
  if (result.kind === 'applied') await runGit(git, { at: options.tree, args: ['read-tree', 'HEAD'], what: `clean the worktree "${options.tree.path}"` });
  return result;
}

/** Brings the files of a stash back. All or nothing; refuses files that are no longer as they were when it was made. */
export function bringBack(git: Git, options: StashPlace & { readonly stash: { readonly commit: string; readonly head: string } }): Promise<ApplyResult> {
  return changeFiles(git, options, { from: options.stash.head, to: options.stash.commit });
}

async function changeFiles(git: Git, options: StashPlace, { from, to }: { readonly from: string; readonly to: string }): Promise<ApplyResult> {
  const { changes } = await diffTrees(git, { tree: options.tree, from, to });
  const { tree, journalDir, journalId: id, now } = options;
  const result = await applyChanges(git, { tree, prefix: '', edits: changes, journalDir, id, note: null, match: 'exact', now });
  await forgetApply(journalDir, id);
  return result;
}

async function stagedTree(git: Git, { tree, indexFile }: { readonly tree: WorkTree; readonly indexFile: string }): Promise<string> {
  return withPrivateIndex(git, tree, `${indexFile}.staged`, async (index) => {
    const what = `read what is staged in "${tree.path}"`;
    const result = await runGit(git, { at: tree, args: ['write-tree'], what, env: { GIT_INDEX_FILE: index }, accept: () => true });
    // A merge that is not finished has no tree; the files have what matters.
    return result.code === 0 ? result.stdout.toString('utf8').trim() : gitLine(git, { at: tree, args: ['rev-parse', 'HEAD^{tree}'], what });
  });
}
