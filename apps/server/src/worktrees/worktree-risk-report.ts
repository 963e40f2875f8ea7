import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree, WorktreeRiskReport } from '@boocode/contracts/worktree.ts';
import { findOwnCommits } from '@boocode/git/own-commits.ts';
import { findStat } from '@boocode/git/path-facts.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { type WorktreeRisk, worktreeRisk } from '@boocode/git/worktree-risk.ts';
import { findProject } from '../projects/project-store.ts';
import { worktreeIndexOf } from './open-workplace.ts';
import { findTracked } from './trash-store.ts';
import type { WorktreeDeps } from './worktree-deps.ts';
import { findSessionWorktree } from './worktree-store.ts';

type RiskDeps = Pick<WorktreeDeps, 'sql' | 'git' | 'worktreesDir' | 'hasUnended' | 'trashMs'>;

const NOTHING: Omit<WorktreeRiskReport, 'runningTasks' | 'canDelete' | 'reason'> = {
  dirty: 0,
  untracked: 0,
  unpushed: 0,
  merged: 0,
  locked: false,
  detached: false,
  stashes: 0,
  nested: [],
  ignored: [],
};

/** What would be lost with a session; null when it has no worktree and nothing runs in it. */
export async function riskOfSession(deps: RiskDeps, sessionId: SessionId): Promise<WorktreeRiskReport | null> {
  const worktree = await findSessionWorktree(deps.sql, sessionId);
  if (worktree !== null) return riskOf(deps, worktree);
  return (await deps.hasUnended({ sessionId })) ? reportOf(null, true, 0) : null;
}

/** What would be lost with a worktree. Rejects with a sentence when it cannot be looked at. */
export async function riskOf(deps: RiskDeps, worktree: Worktree): Promise<WorktreeRiskReport> {
  const tracked = await findTracked(deps.sql, deps.trashMs, worktree.id);
  const sessionId = tracked?.sessionId ?? null;
  const isBusy = sessionId !== null && (await deps.hasUnended({ sessionId }));
  if (worktree.state !== 'ready') return reportOf(null, isBusy, 0);
  const ours = tracked?.item.stashes.filter((stash) => stash.restoredAt === null).length ?? 0;
  return reportOf(await lookAtRisk(deps, worktree), isBusy, ours);
}

/** Counts what would be lost, files and commits. A worktree whose folder is gone can still lose commits. Null when its project is gone. */
export async function lookAtRisk(
  deps: Pick<WorktreeDeps, 'sql' | 'git' | 'worktreesDir'>,
  worktree: Worktree,
): Promise<(WorktreeRisk & { readonly isFolderGone: boolean }) | null> {
  const row = await findProject(deps.sql, worktree.projectId);
  if (row === null) return null;
  const { tree: project } = await openRepositoryOf(deps.git, { project: row.path, id: worktree.id });
  const { branch, base } = worktree;
  if ((await findStat(worktree.path)) === null) {
    const commits = await findOwnCommits(deps.git, { project, branch, head: null });
    return { ...NOTHING, unpushed: commits.own.length - commits.merged, merged: commits.merged, skipped: [], isFolderGone: true };
  }
  const tree = await openWorktree(project.commonDir, worktree.path);
  const risk = await worktreeRisk(deps.git, { tree, project, base, branch, indexFile: worktreeIndexOf(deps, worktree.id) });
  return { ...risk, isFolderGone: false };
}

function reportOf(risk: WorktreeRisk | null, isBusy: boolean, ourStashes: number): WorktreeRiskReport {
  const { dirty, untracked, unpushed, merged, locked, detached, nested, ignored } = risk ?? NOTHING;
  const stashes = (risk?.stashes ?? 0) + ourStashes;
  const changed = dirty + untracked;
  const reasons = [
    ...(isBusy ? ['a turn of it has not ended'] : []),
    ...(changed > 0 ? [`${changed} changed ${changed === 1 ? 'file is' : 'files are'} not applied`] : []),
    ...(unpushed > 0 ? [`${unpushed} ${unpushed === 1 ? 'commit is' : 'commits are'} nowhere else`] : []),
    ...(stashes > 0 ? [`${stashes} ${stashes === 1 ? 'stash was' : 'stashes were'} not brought back`] : []),
    ...(nested.length > 0 ? [`it holds a repository of its own: ${nested.slice(0, 3).join(', ')}`] : []),
    ...(ignored.length > 0 ? [`git ignores files that only it has like this: ${ignored.slice(0, 3).join(', ')}`] : []),
    ...(locked ? ['it is locked'] : []),
  ];
  return {
    dirty,
    untracked,
    unpushed,
    merged,
    locked,
    detached,
    stashes,
    nested: [...nested],
    ignored: [...ignored],
    runningTasks: isBusy ? 1 : 0,
    canDelete: reasons.length === 0,
    reason: reasons.length === 0 ? null : reasons.join(', '),
  };
}
