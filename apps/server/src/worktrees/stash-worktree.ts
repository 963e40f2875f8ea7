import { BooError } from '@boocode/contracts/error-code.ts';
import { type SessionId, StashId } from '@boocode/contracts/ids.ts';
import type { Worktree, WorktreeStash } from '@boocode/contracts/worktree.ts';
import type { ApplyResult } from '@boocode/git/apply-changes.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { bringBack, cleanToHead, keepStash, stashRefOf } from '@boocode/git/worktree-stash.ts';
import { findProject } from '../projects/project-store.ts';
import { worktreeIndexOf } from './open-workplace.ts';
import { deleteStash, findStash, getStash, insertStash, markStashRestored } from './trash-store.ts';
import type { WorktreeDeps } from './worktree-deps.ts';

/** Puts everything uncommitted aside and cleans the worktree. The stash is on record before a file changes. */
export function stashWorktree(deps: WorktreeDeps, worktree: Worktree, note: string | null): Promise<WorktreeStash> {
  return deps.queue.run(worktree.id, async () => {
    const tree = await openIdle(deps, worktree, 'put the work of the worktree aside');
    const id = StashId.parse(crypto.randomUUID());
    const indexFile = worktreeIndexOf(deps, worktree.id);
    const kept = await keepStash(deps.git, { tree, indexFile, id, note: note ?? 'Put aside' });
    if (kept === null) throw new BooError('conflict', 'Cannot put the work of the worktree aside: nothing in it is uncommitted');
    await insertStash(deps.sql, {
      id,
      worktreeId: worktree.id,
      kind: 'stash',
      ref: stashRefOf(id),
      commit: kept.commit,
      head: kept.head,
      files: kept.files,
      note,
    });
    const result = await cleanToHead(deps.git, { tree, indexFile, journalDir: deps.journalDir, journalId: crypto.randomUUID(), now: deps.now(), stash: kept });
    if (result.kind === 'conflict') {
      await deleteStash(deps.sql, id);
      throw refusal(result, 'put the work of the worktree aside');
    }
    await announce(deps, worktree);
    return getStash(deps.sql, id);
  });
}

/** Brings a stash back over the files as they are; refuses as a whole when one of them has changed since. */
export function unstashWorktree(deps: WorktreeDeps, worktree: Worktree, id: StashId | null): Promise<WorktreeStash> {
  return deps.queue.run(worktree.id, async () => {
    const tree = await openIdle(deps, worktree, 'bring the stash back');
    const stash = await findStash(deps.sql, worktree.id, id);
    if (stash === null || stash.head === null) throw new BooError('not_found', 'Cannot bring the stash back: the worktree has none (any more)');
    const result = await bringBack(deps.git, {
      tree,
      indexFile: worktreeIndexOf(deps, worktree.id),
      journalDir: deps.journalDir,
      journalId: crypto.randomUUID(),
      now: deps.now(),
      stash: { commit: stash.commit, head: stash.head },
    });
    if (result.kind === 'conflict') throw refusal(result, 'bring the stash back');
    await markStashRestored(deps.sql, stash.id);
    await announce(deps, worktree);
    return getStash(deps.sql, stash.id);
  });
}

async function openIdle(deps: WorktreeDeps, worktree: Worktree, what: string): Promise<WorkTree> {
  if (worktree.state !== 'ready') throw new BooError('conflict', `Cannot ${what}: the worktree is ${worktree.state}`);
  if (worktree.sessionId !== null && (await deps.hasUnended({ sessionId: worktree.sessionId })))
    throw new BooError('worktree_busy', `Cannot ${what}: a turn works in it; cancel it or wait for its end`);
  const project = await findProject(deps.sql, worktree.projectId);
  if (project === null) throw new BooError('not_found', `Cannot ${what}: its project is gone`);
  const { tree } = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
  return openWorktree(tree.commonDir, worktree.path);
}

function refusal(result: Extract<ApplyResult, { kind: 'conflict' }>, what: string): BooError {
  return new BooError('change_conflict', `Cannot ${what}: ${result.conflicts[0]?.message ?? 'files changed meanwhile'}; nothing was changed`, {
    details: result.conflicts,
  });
}

async function announce(deps: WorktreeDeps, worktree: Worktree): Promise<void> {
  const { sessionId }: { sessionId: SessionId | null } = worktree;
  if (sessionId !== null) await deps.onFilesBack(worktree, sessionId);
}
