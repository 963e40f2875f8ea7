import { join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Worktree, WorktreeItem } from '@boocode/contracts/worktree.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import { verifyWorktree } from '@boocode/git/verify-worktree.ts';
import { baseRefOf } from '@boocode/git/worktree.ts';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { getProject } from '../projects/project-routes.ts';
import { listLeases } from './lease-store.ts';
import type { WorktreeMeter } from './measure-worktrees.ts';
import type { Reaper } from './reaper.ts';
import { readScriptLog } from './run-worktree-script.ts';
import { stashWorktree, unstashWorktree } from './stash-worktree.ts';
import { purgeTrashed, restoreWorktree, trashWorktree } from './trash-worktree.ts';
import { findTracked, listTracked } from './trash-store.ts';
import type { WorktreeDeps } from './worktree-deps.ts';
import { riskOf } from './worktree-risk-report.ts';
import { findTrashedOf, findWorktree, updateProblem, updateSetup } from './worktree-store.ts';

export interface WorktreeRouteDeps extends WorktreeDeps {
  readonly reaper: Reaper;
  readonly meter: WorktreeMeter;
}

export function worktreeHandlers(deps: WorktreeRouteDeps): Partial<Handlers> {
  return {
    listWorktrees: async ({ query }) => {
      await deps.leases.beat();
      // Whoever looks at the list wants to know; what is measured now is in the next one.
      void deps.meter.run();
      const tracked = await listTracked(deps.sql, deps.trashMs);
      return pageOfAll(
        tracked.map(({ item }) => item),
        query,
      );
    },
    planReap: () => deps.reaper.plan(),
    reap: () => deps.reaper.run(),
    getWorktree: ({ params }) => getItem(deps, params.id),
    getWorktreeRisk: async ({ params }) => riskOf(deps, await getWorktree(deps, params.id)),
    deleteWorktree: async ({ params, query }) => {
      await removeByPerson(deps, params.id, query.force === 'true');
      return getItem(deps, params.id);
    },
    restoreWorktree: async ({ params }) => {
      await restoreWorktree(deps, params.id);
      return getItem(deps, params.id);
    },
    purgeWorktree: async ({ params }) => {
      await purgeTrashed(deps, params.id);
      return { ok: true };
    },
    stashWorktree: async ({ params, body }) => stashWorktree(deps, await getWorktree(deps, params.id), body?.note ?? null),
    unstashWorktree: async ({ params, body }) => unstashWorktree(deps, await getWorktree(deps, params.id), body?.stash ?? null),
    setUpWorktree: async ({ params }) => {
      await setUpAgain(deps, await getWorktree(deps, params.id));
      return getItem(deps, params.id);
    },
    repairWorktree: async ({ params }) => {
      const { repaired, notes } = await repair(deps, await getWorktree(deps, params.id));
      return { worktree: await getItem(deps, params.id), repaired, notes: [...notes] };
    },
    measureWorktree: async ({ params }) => {
      await getWorktree(deps, params.id);
      await deps.meter.measure(params.id);
      return getItem(deps, params.id);
    },
    getWorktreeLog: async ({ params }) => {
      await getWorktree(deps, params.id);
      return { setup: await readScriptLog(deps, 'setup', params.id), teardown: await readScriptLog(deps, 'teardown', params.id) };
    },
  };
}

/** What the reaper took of a session comes back with it. A worktree that cannot is no reason to leave the session deleted. */
export async function restoreOfSession(deps: WorktreeDeps, sessionId: SessionId): Promise<void> {
  const worktree = await findTrashedOf(deps.sql, sessionId);
  if (worktree === null) return;
  try {
    await restoreWorktree(deps, worktree.id);
  } catch (error) {
    deps.log.warn({ err: error, worktree: worktree.id }, 'the worktree of a session that was brought back stays in the trash');
  }
}

async function removeByPerson(deps: WorktreeDeps, id: WorktreeId, isForced: boolean): Promise<void> {
  const worktree = await getWorktree(deps, id);
  const risk = await riskOf(deps, worktree).catch((error: unknown) => {
    // What is damaged cannot be looked at: then only a forced removal goes on.
    if (isForced && error instanceof BooError) return null;
    throw error;
  });
  if (risk !== null && risk.runningTasks > 0)
    throw new BooError('worktree_busy', 'Cannot remove the worktree: a turn works in it; cancel it first', { details: risk });
  if (risk !== null && !risk.canDelete && !isForced)
    throw new BooError('conflict', `Cannot remove the worktree: ${risk.reason ?? 'something would be lost'}; apply or reject its changes first, or force it`, {
      details: risk,
    });
  await trashWorktree(deps, id, { by: 'person', isForced });
}

async function setUpAgain(deps: WorktreeDeps, worktree: Worktree): Promise<void> {
  await refuseBusy(deps, worktree, 'set the worktree up again');
  const project = await getProject(deps.sql, worktree.projectId);
  const { state } = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
  await deps.queue.run(worktree.id, async () => {
    await updateSetup(deps.sql, worktree.id, null);
    const notices = await deps.setUp({
      project,
      worktree: { ...worktree, setup: null },
      folder: join(worktree.path, state.prefix),
      signal: new AbortController().signal,
      onProgress: (text) => deps.log.info({ worktree: worktree.id }, text),
    });
    const failed = notices.find(({ code }) => code === 'set_up_failed' || code === 'not_trusted');
    if (failed !== undefined) throw new BooError(failed.code === 'not_trusted' ? 'not_trusted' : 'conflict', `Cannot set the worktree up: ${failed.text}`);
  });
}

async function repair(deps: WorktreeDeps, worktree: Worktree): Promise<{ repaired: string | null; notes: readonly string[] }> {
  await refuseBusy(deps, worktree, 'repair the worktree');
  const project = await getProject(deps.sql, worktree.projectId);
  const { tree } = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
  const { path, branch, base } = worktree;
  const isIdle = (await listLeases(deps.sql, worktree.id)).length === 0;
  const verified = await verifyWorktree(deps.git, { project: tree, path, branch, base, baseRef: baseRefOf(worktree.id), isIdle });
  await updateProblem(deps.sql, worktree.id, null);
  return verified;
}

async function refuseBusy(deps: WorktreeDeps, worktree: Worktree, what: string): Promise<void> {
  if (worktree.state !== 'ready') throw new BooError('conflict', `Cannot ${what}: it is ${worktree.state}`);
  if (worktree.sessionId !== null && (await deps.hasUnended({ sessionId: worktree.sessionId })))
    throw new BooError('worktree_busy', `Cannot ${what}: a turn works in it; cancel it or wait for its end`);
}

async function getItem(deps: WorktreeDeps, id: WorktreeId): Promise<WorktreeItem> {
  const tracked = await findTracked(deps.sql, deps.trashMs, id);
  if (tracked === null) throw noWorktree(id);
  return tracked.item;
}

async function getWorktree(deps: Pick<WorktreeDeps, 'sql'>, id: WorktreeId): Promise<Worktree> {
  const worktree = await findWorktree(deps.sql, id);
  if (worktree === null || worktree.state === 'removed') throw noWorktree(id);
  return worktree;
}

function noWorktree(id: string): BooError {
  return new BooError('not_found', `Cannot find worktree ${id}: there is none with this id; \`boocode worktrees\` lists what there is`);
}
