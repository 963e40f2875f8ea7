import type { Worktree } from '@boocode/contracts/worktree.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { findProject } from '../projects/project-store.ts';
import type { ChangeDeps } from './change-deps.ts';

export interface Trees {
  /** The worktree's. */
  readonly tree: WorkTree;
  /** The project's folder's. */
  readonly project: WorkTree;
  /** The project's folder inside its repository. */
  readonly prefix: string;
}

/** The git side of a worktree and of its project's folder. */
export async function openTrees(deps: Pick<ChangeDeps, 'sql' | 'git'>, worktree: Pick<Worktree, 'id' | 'projectId' | 'path'>): Promise<Trees> {
  const project = await findProject(deps.sql, worktree.projectId);
  if (project === null) throw new BooError('not_found', 'Cannot read the changes: their project is gone');
  const repository = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
  return { tree: await openWorktree(repository.tree.commonDir, worktree.path), project: repository.tree, prefix: repository.state.prefix };
}
