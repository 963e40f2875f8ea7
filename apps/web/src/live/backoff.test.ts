import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

it('backoffMs() doubles up to five seconds and spreads the attempts', () => {
  expect([0, 1, 2, 3, 4, 5, 60].map((attempt) => backoffMs(attempt, 1))).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(backoffMs(0, 0)).toBe(188);
});
