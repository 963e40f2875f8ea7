import { describe, expect, it } from 'vitest';
import { applyHealthEvent, beginTurnHealth, type HealthEvent, NO_CRASHES, recordCrash, restartDelay, stuckIn } from './health-policy.ts';

const STALL = 1_000;

function after(...events: readonly HealthEvent[]) {
  return events.reduce(applyHealthEvent, beginTurnHealth(0));
}

function heard(at: number, status?: 'running' | 'completed'): HealthEvent {
  return { type: 'heard', at, event: status === undefined ? { type: 'text', delta: 'x' } : { type: 'tool', callId: 'c', at, status } };
}

describe('stuckIn()', () => {
  it.each([
    ['from the beginning', after(), 400, 600],
    ['from the last word', after(heard(300)), 400, 900],
    ['never while a tool runs', after(heard(300, 'running')), 90_000, null],
    ['from the end of the tool', after(heard(300, 'running'), heard(600, 'completed')), 700, 900],
    ['never while a person is asked', after({ type: 'asked', at: 100 }), 90_000, null],
    ['from the answer', after({ type: 'asked', at: 100 }, { type: 'answered', at: 5_000 }), 5_500, 500],
    ['at once when it is long overdue', after(heard(0)), 90_000, 0],
  ])('counts %s', (_, health, now, ms) => {
    expect(stuckIn(health, STALL, now)).toBe(ms);
  });
});

it('lets an agent that crashes three times in a minute rest until the minute is over', () => {
  let record = NO_CRASHES;
  expect(restartDelay(record, 0)).toBe(0);
  for (const at of [0, 10_000]) record = recordCrash(record, at);
  expect(restartDelay(record, 10_000)).toBe(0);
  record = recordCrash(record, 20_000);
  expect(restartDelay(record, 20_000)).toBe(40_000);
  expect(restartDelay(record, 60_000)).toBe(0);
  record = recordCrash(record, 100_000);
  expect(record.times).toEqual([100_000]);
});
