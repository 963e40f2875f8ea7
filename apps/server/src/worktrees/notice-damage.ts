import { findDamage } from '@boocode/git/verify-worktree.ts';
import { findProject } from '../projects/project-store.ts';
import type { WorktreeDeps } from './worktree-deps.ts';
import { listInState, updateProblem } from './worktree-store.ts';

/** Looks at every worktree once and writes down what is wrong with it, so that lists say it; it is mended when it is next used, or by hand. Never rejects. */
export async function noticeDamage(deps: Pick<WorktreeDeps, 'sql' | 'log' | 'commonDirs'>): Promise<void> {
  for (const worktree of await listInState(deps.sql, ['ready'])) {
    try {
      const project = await findProject(deps.sql, worktree.projectId);
      if (project === null) continue;
      const commonDir = await deps.commonDirs.of({ project: project.path, id: worktree.id }).catch(() => null);
      const damage = commonDir === null ? `the repository of its project at "${project.path}" cannot be read` : await findDamage(commonDir, worktree.path);
      await updateProblem(deps.sql, worktree.id, damage);
    } catch (error) {
      deps.log.warn({ err: error, worktree: worktree.id }, 'cannot look at a worktree');
    }
  }
}
