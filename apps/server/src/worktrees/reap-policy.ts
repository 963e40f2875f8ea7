import type { ReapItem, WorktreeLease, WorktreeRiskReport, WorktreeState } from '@boocode/contracts/worktree.ts';

export interface ReapRow {
  readonly state: WorktreeState;
  /** The title of the session that it belongs to; null when that is deleted or gone. */
  readonly session: string | null;
  /** When the session was deleted, or the worktree used last, whatever was later. */
  readonly freeSinceMs: number;
  readonly leases: readonly WorktreeLease['use'][];
  readonly isBusy: boolean;
  readonly trashedAtMs: number | null;
}

export interface ReapTimes {
  readonly nowMs: number;
  readonly graceMs: number;
  readonly trashMs: number;
}

/** What a look at the files found. `skipped`: files that no checkpoint can hold. */
export interface ReapLook extends Pick<WorktreeRiskReport, 'dirty' | 'untracked' | 'unpushed' | 'merged' | 'locked' | 'stashes' | 'nested' | 'ignored'> {
  readonly skipped: readonly string[];
  readonly isFolderGone: boolean;
}

export type Decision = Pick<ReapItem, 'action' | 'reason'> & { readonly afterMs: number | null };

const USES: Record<WorktreeLease['use'], string> = { turn: 'a turn works in it', agent: 'an agent is kept ready in it', terminal: 'a terminal is open in it' };

/** What the rows alone decide; null = its files have to be looked at. */
export function decideByRow(row: ReapRow, times: ReapTimes): Decision | null {
  switch (row.state) {
    case 'trashing':
    case 'restoring':
    case 'purging':
      return keep('it is being moved; should BooCode be stopped now, its next start finishes that');
    case 'removed':
      return keep('it is gone');
    case 'trashed':
      return decideTrashed(row.trashedAtMs ?? times.nowMs, times);
    case 'creating':
    case 'ready':
    case 'failed':
      return decideInPlace(row, times);
  }
}

/** What the files decide, once nothing else stands in the way. Work that would be lost always stays. */
export function decideByLook(look: ReapLook): Decision {
  const reasons = [
    ...(look.unpushed > 0 ? [`${count(look.unpushed, 'commit')} of it ${look.unpushed === 1 ? 'is' : 'are'} on no other branch, remote or tag`] : []),
    ...(look.locked ? ['it is locked (`git worktree unlock` opens it)'] : []),
    ...(look.nested.length > 0
      ? [`it holds ${look.nested.length === 1 ? 'a repository of its own' : 'repositories of their own'}: ${names(look.nested)}`]
      : []),
    ...(look.stashes > 0 ? [`${count(look.stashes, 'stash', 'stashes')} of it ${look.stashes === 1 ? 'was' : 'were'} not brought back`] : []),
    ...(look.ignored.length > 0 ? [`git ignores ${names(look.ignored)}, which the project does not have like this`] : []),
    ...(look.skipped.length > 0 ? [`a checkpoint cannot hold ${names(look.skipped)}`] : []),
  ];
  if (reasons.length > 0) return keep(reasons.join(', '));
  if (look.isFolderGone) return { action: 'remove', reason: 'its folder is gone, and everything on its branch is elsewhere', afterMs: null };
  const changed = look.dirty + look.untracked;
  const reason =
    changed > 0
      ? `its session is deleted; ${count(changed, 'uncommitted file')} will be kept as a checkpoint first`
      : 'its session is deleted, and it is clean';
  return { action: 'trash', reason, afterMs: null };
}

function decideTrashed(trashedAtMs: number, { nowMs, trashMs }: ReapTimes): Decision {
  const over = trashedAtMs + trashMs;
  if (nowMs >= over) return { action: 'purge', reason: 'its time in the trash is over', afterMs: null };
  return { action: 'keep', reason: 'it is in the trash and can be brought back', afterMs: over };
}

function decideInPlace(row: ReapRow, { nowMs, graceMs }: ReapTimes): Decision | null {
  if (row.isBusy) return keep('a turn of its session has not ended');
  const [use] = row.leases;
  if (use !== undefined) return keep(USES[use]);
  if (row.session !== null) return keep(`its session "${row.session}" is there`);
  const over = row.freeSinceMs + graceMs;
  if (nowMs < over) return { action: 'keep', reason: 'its session was deleted or it was used a short time ago', afterMs: over };
  if (row.state === 'creating') return { action: 'remove', reason: 'its making was cut off, nobody has worked in it', afterMs: null };
  return null;
}

function keep(reason: string): Decision {
  return { action: 'keep', reason, afterMs: null };
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

function names(paths: readonly string[]): string {
  const shown = paths
    .slice(0, 3)
    .map((path) => `"${path}"`)
    .join(', ');
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
