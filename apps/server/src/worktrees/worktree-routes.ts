import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Worktree, WorktreeRiskReport } from '@boocode/contracts/worktree.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import type { Git } from '@boocode/git/run-git.ts';
import { openWorktree, removeWorktree } from '@boocode/git/worktree.ts';
import { worktreeRisk } from '@boocode/git/worktree-risk.ts';
import type { Sql } from 'postgres';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { findProject } from '../projects/project-store.ts';
import { worktreeIndexOf } from './open-workplace.ts';
import { deleteWorktree, findSessionWorktree, findWorktree, listWorktrees } from './worktree-store.ts';

export interface WorktreeRouteDeps {
  readonly sql: Sql;
  readonly git: Git;
  readonly worktreesDir: string;
  readonly hasUnended: (where: { readonly sessionId: SessionId }) => Promise<boolean>;
}

export function worktreeHandlers(deps: WorktreeRouteDeps): Partial<Handlers> {
  const { sql } = deps;
  return {
    listWorktrees: async ({ query }) => pageOfAll(await listWorktrees(sql), query),
    getWorktreeRisk: async ({ params }) => riskOf(deps, await getWorktree(sql, params.id)),
    deleteWorktree: async ({ params, query }) => {
      const worktree = await getWorktree(sql, params.id);
      const risk = await riskOf(deps, worktree);
      if (risk.runningTasks > 0) throw new BooError('worktree_busy', 'Cannot remove the worktree: a turn works in it; cancel it first', { details: risk });
      if (!risk.canDelete && query.force !== 'true') {
        throw new BooError(
          'conflict',
          `Cannot remove the worktree: ${risk.reason ?? 'something would be lost'}; apply or reject its changes first, or force it`,
          { details: risk },
        );
      }
      const project = await findProject(sql, worktree.projectId);
      if (project !== null) {
        const { tree } = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
        await removeWorktree(deps.git, { project: tree, path: worktree.path, branch: null });
      }
      await deleteWorktree(sql, worktree.id);
      return { ok: true };
    },
  };
}

/** What would be lost with a session; null when it has no worktree and nothing runs in it. */
export async function riskOfSession(deps: WorktreeRouteDeps, sessionId: SessionId): Promise<WorktreeRiskReport | null> {
  const worktree = await findSessionWorktree(deps.sql, sessionId);
  if (worktree !== null) return riskOf(deps, worktree);
  if (!(await deps.hasUnended({ sessionId }))) return null;
  return { dirty: 0, untracked: 0, unpushed: 0, locked: false, runningTasks: 1, canDelete: false, reason: 'a turn of it has not ended' };
}

async function riskOf(deps: WorktreeRouteDeps, worktree: Worktree): Promise<WorktreeRiskReport> {
  const isBusy = worktree.sessionId !== null && (await deps.hasUnended({ sessionId: worktree.sessionId }));
  const project = await findProject(deps.sql, worktree.projectId);
  if (worktree.state !== 'ready' || project === null) {
    return {
      dirty: 0,
      untracked: 0,
      unpushed: 0,
      locked: false,
      runningTasks: isBusy ? 1 : 0,
      canDelete: !isBusy,
      reason: isBusy ? 'a turn of it has not ended' : null,
    };
  }
  const repository = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
  const tree = await openWorktree(repository.tree.commonDir, worktree.path);
  const risk = await worktreeRisk(deps.git, { tree, base: worktree.base, branch: worktree.branch, indexFile: worktreeIndexOf(deps, worktree.id) });
  const reasons = [
    ...(isBusy ? ['a turn of it has not ended'] : []),
    ...(risk.dirty + risk.untracked > 0 ? [`${risk.dirty + risk.untracked} changed files are not applied`] : []),
    ...(risk.unpushed > 0 ? [`${risk.unpushed} commits are nowhere else`] : []),
    ...(risk.locked ? ['it is locked'] : []),
  ];
  return { ...risk, runningTasks: isBusy ? 1 : 0, canDelete: reasons.length === 0, reason: reasons.length === 0 ? null : reasons.join(', ') };
}

async function getWorktree(sql: Sql, id: WorktreeId): Promise<Worktree> {
  const worktree = await findWorktree(sql, id);
  if (worktree === null) throw new BooError('not_found', `Cannot find worktree ${id}: there is none with this id`);
  return worktree;
}
