import { CheckpointId, ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { expect, it } from 'vitest';
import { decideOutdated } from './checkpoint-policy.ts';
import type { CheckpointAge } from './checkpoint-store.ts';

const DAY_MS = 86_400_000;
const NOW = 1_000 * DAY_MS;
const LIMITS = { checkpointKeepDays: 7, checkpointMaxDays: 90, restoreUndoDays: 30 };
const PROJECT = ProjectId.parse(crypto.randomUUID());
const ONE = SessionId.parse(crypto.randomUUID());
const TWO = SessionId.parse(crypto.randomUUID());

function aged(days: number, more: Partial<CheckpointAge> = {}): CheckpointAge {
  return {
    id: CheckpointId.parse(crypto.randomUUID()),
    projectId: PROJECT,
    worktreeId: null,
    sessionId: ONE,
    kind: 'after',
    createdAt: NOW - days * DAY_MS,
    isInUse: false,
    ...more,
  };
}

const daysOf = (gone: readonly CheckpointAge[]): number[] => gone.map(({ createdAt }) => Math.round(((NOW - createdAt) / DAY_MS) * 10) / 10);

it('decideOutdated() keeps all of the first days, then one a day, one a week, and at last the newest alone', () => {
  const newest = aged(0.1);
  expect(decideOutdated([newest, ...[1, 1.1, 6.9].map((days) => aged(days))], LIMITS, NOW)).toEqual([]);
  expect(daysOf(decideOutdated([newest, aged(8.1), aged(8.2), aged(8.3), aged(9.1)], LIMITS, NOW))).toEqual([8.2, 8.3]);
  const weekly = decideOutdated([newest, ...Array.from({ length: 28 }, (_, day) => aged(40 + day))], LIMITS, NOW);
  expect(28 - weekly.length).toBeLessThanOrEqual(5);
  expect(daysOf(decideOutdated([newest, aged(91), aged(200)], LIMITS, NOW))).toEqual([91, 200]);
  expect(decideOutdated([aged(400)], LIMITS, NOW)).toEqual([]);
});

it('decideOutdated() never takes the newest of a session, what a person took, what undoes something, or anything of a session at work', () => {
  const kept = [
    aged(300, { sessionId: TWO }),
    aged(0),
    aged(300, { kind: 'manual' }),
    aged(29, { kind: 'safety' }),
    aged(29.1, { kind: 'safety' }),
    aged(28, { kind: 'rejection' }),
    aged(200, { isInUse: true }),
  ];
  expect(decideOutdated([...kept, aged(95, { kind: 'safety' })], LIMITS, NOW).map(({ kind }) => kind)).toEqual(['safety']);
});
