import { collectChanges, type CollectedChanges } from '@boocode/git/collect-changes.ts';
import { openRepository } from '@boocode/git/repository.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { findProject } from '../projects/project-store.ts';
import { worktreeIndexOf } from '../worktrees/open-workplace.ts';
import { findWorktree } from '../worktrees/worktree-store.ts';
import type { ChangeDeps, CollectRequest } from './change-deps.ts';
import { reconcileChanges } from './change-store.ts';

export interface CollectedSession {
  /** How many changes are pending now. */
  readonly pending: number;
  /** The worktree's files as they were read; null when there is no worktree (any more). */
  readonly snapshot: Pick<CollectedChanges, 'treeId' | 'nested' | 'skipped'> | null;
}

/** Reads what a session's worktree holds over its base into rows. Rejects when the worktree is gone. */
export async function collectSessionChanges(deps: Pick<ChangeDeps, 'sql' | 'git' | 'worktreesDir'>, request: CollectRequest): Promise<CollectedSession> {
  const worktree = await findWorktree(deps.sql, request.worktreeId);
  if (worktree === null || worktree.state !== 'ready') return { pending: 0, snapshot: null };
  const { tree } = await openTrees(deps, worktree);
  const { changes, ...snapshot } = await collectChanges(deps.git, {
    tree,
    base: worktree.base,
    indexFile: worktreeIndexOf(deps, worktree.id),
    keepRef: `refs/boocode/pending/${worktree.id}`,
  });
  const by = request.task === null ? { agent: null, taskId: null } : { agent: request.task.agent, taskId: request.task.id };
  const pending = await reconcileChanges(deps.sql, { worktreeId: worktree.id, sessionId: request.sessionId }, changes, by);
  return { pending, snapshot };
}

export interface Trees {
  /** The worktree's. */
  readonly tree: WorkTree;
  /** The project's folder's. */
  readonly project: WorkTree;
  /** The project's folder inside its repository. */
  readonly prefix: string;
}

/** The git side of a worktree and of its project's folder. */
export async function openTrees(deps: Pick<ChangeDeps, 'sql' | 'git'>, worktree: Worktree): Promise<Trees> {
  const project = await findProject(deps.sql, worktree.projectId);
  if (project === null) throw new BooError('not_found', 'Cannot read the changes: their project is gone');
  const repository = await openRepository(deps.git, project.path);
  return { tree: await openWorktree(repository.tree.commonDir, worktree.path), project: repository.tree, prefix: repository.state.prefix };
}
