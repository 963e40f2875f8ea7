import type { ReapItem, SetUpStep, WorktreeItem, WorktreeRiskReport } from '@boocode/contracts/worktree.ts';

const USES = { turn: 'A turn works in it', agent: 'An agent is ready in it', terminal: 'A terminal is open in it' } as const;
const STATES: Record<WorktreeItem['state'], string> = {
  creating: 'Being made',
  ready: 'Ready',
  failed: 'Not made',
  trashing: 'Moving to the trash',
  trashed: 'In the trash',
  restoring: 'Coming back',
  purging: 'Being removed',
  removed: 'Removed',
};

export const REAP_WORDS: Record<ReapItem['action'], string> = { keep: 'Stays', trash: 'Goes to the trash', purge: 'Goes for good', remove: 'Is tidied up' };

const WAYS: Record<SetUpStep['how'], string> = {
  cloned: 'cloned, it shares its blocks until one side writes',
  hardlinked: "hard links to the project's files",
  copied: 'copied',
  skipped: 'left out',
  ran: 'ran',
  failed: 'failed',
};

/** What a worktree is doing, in a word or two. */
export function stateWords(item: WorktreeItem): string {
  const [lease] = item.leases;
  return lease === undefined ? STATES[item.state] : USES[lease.use];
}

/** What set-up did with one thing. */
export function stepWords({ what, how, ms }: SetUpStep): string {
  return `${what}: ${WAYS[how]}, ${ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`}`;
}

/** "6 days left", "5 hours left". */
export function timeLeft(until: string, nowMs: number): string {
  const hours = Math.max(0, Math.round((Date.parse(until) - nowMs) / 3_600_000));
  if (hours > 48) return `${Math.round(hours / 24)} days left`;
  return hours === 1 ? '1 hour left' : `${hours} hours left`;
}

/** What would be lost, each thing in a few words; empty when nothing is. */
export function riskWords(risk: WorktreeRiskReport): readonly string[] {
  const count = (n: number, one: string, many: string): readonly string[] => (n === 0 ? [] : [`${n} ${n === 1 ? one : many}`]);
  return [
    ...count(risk.dirty, 'changed file that is neither committed nor applied', 'changed files that are neither committed nor applied'),
    ...count(risk.untracked, 'new file', 'new files'),
    ...count(risk.unpushed, 'commit that is nowhere else', 'commits that are nowhere else'),
    ...count(risk.stashes, 'stash that was not brought back', 'stashes that were not brought back'),
    ...count(risk.runningTasks, 'turn that has not ended', 'turns that have not ended'),
    ...risk.nested.map((path) => `a repository of its own in ${path}`),
    ...risk.ignored.map((path) => `${path}, which git ignores and which is only here like this`),
    ...(risk.locked ? ['it is locked by git'] : []),
  ];
}

/** What they take together. */
export function totalBytes(items: readonly WorktreeItem[]): number {
  return items.reduce((bytes, { disk }) => bytes + (disk?.bytes ?? 0), 0);
}
