import type { CheckpointLimits } from './checkpoint-deps.ts';
import type { CheckpointAge } from './checkpoint-store.ts';

const DAY_MS = 86_400_000;
/** Checkpoints older than this are kept one a week, younger ones one a day. */
const DAILY_DAYS = 30;

/**
 * Which checkpoints may go. All of the first days stay, then the last of each day, then the last of each week, at last the newest of each session. What a person
 * took stays, and so does what undoes a restore or a rejection as long as that may be undone, and everything of sessions at work.
 */
export function decideOutdated(
  checkpoints: readonly CheckpointAge[],
  limits: Pick<CheckpointLimits, 'checkpointKeepDays' | 'checkpointMaxDays' | 'restoreUndoDays'>,
  now: number,
): CheckpointAge[] {
  const newestFirst = checkpoints.toSorted((one, other) => other.createdAt - one.createdAt);
  const taken = new Set<string>();
  return newestFirst.filter((checkpoint) => {
    const { sessionId, kind, createdAt, isInUse } = checkpoint;
    const days = (now - createdAt) / DAY_MS;
    const isNewest = !taken.has(sessionId);
    taken.add(sessionId);
    if (isNewest || isInUse || kind === 'manual' || days <= limits.checkpointKeepDays) return false;
    if ((kind === 'safety' || kind === 'rejection') && days <= limits.restoreUndoDays) return false;
    if (days > limits.checkpointMaxDays) return true;
    const span = days <= DAILY_DAYS ? DAY_MS : 7 * DAY_MS;
    const place = `${sessionId} ${span} ${Math.floor(createdAt / span)}`;
    const isLastOfSpan = !taken.has(place);
    taken.add(place);
    return !isLastOfSpan;
  });
}
