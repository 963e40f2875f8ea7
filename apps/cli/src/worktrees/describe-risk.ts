import type { WorktreeRiskReport } from '@boocode/contracts/worktree.ts';

/** What would be lost, a line each. */
export function describeRisk(risk: WorktreeRiskReport): readonly string[] {
  const counts = [
    [risk.dirty, 'changed, neither committed nor applied'],
    [risk.untracked, 'new, not committed'],
    [risk.unpushed, 'commits on no other branch, remote or tag'],
    [risk.merged, 'commits that are merged elsewhere by squash or rebase'],
    [risk.stashes, 'stashes that were not brought back'],
    [risk.runningTasks, 'turns that have not ended'],
  ] as const;
  return [
    ...counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
    ...risk.nested.map((path) => `"${path}" is a repository of its own`),
    ...risk.ignored.map((path) => `"${path}" is ignored by git, and only here like this`),
    ...(risk.locked ? ['It is locked by git'] : []),
    ...(risk.detached ? ['Its HEAD is on no branch'] : []),
    risk.canDelete ? 'Nothing would be lost.' : `It is not removed without --force: ${risk.reason ?? 'something would be lost'}.`,
  ];
}
