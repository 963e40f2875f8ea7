import { expect, it } from 'vitest';
import { formatAge, formatBytes, formatDuration, formatPlural } from './quantity.ts';

it('quantities read well at their borders', () => {
  expect([0, 999, 1000, 999_949, 999_950, 3_400_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '999.9 kB', '1.0 MB', '3.4 MB']);
  expect([-5, 0, 999, 1000, 59_949, 59_950, 184_000, 7_500_000].map(formatDuration)).toEqual([
    '0 ms',
    '0 ms',
    '999 ms',
    '1.0 s',
    '59.9 s',
    '1 min 0 s',
    '3 min 4 s',
    '2 h 5 min',
  ]);
  const now = Date.parse('2026-01-02T00:00:00.000Z');
  expect(
    ['2026-01-02T00:00:05.000Z', '2026-01-01T23:59:30.000Z', '2026-01-01T23:00:00.000Z', '2025-12-30T00:00:00.000Z'].map((at) => formatAge(at, now)),
  ).toEqual(['0 s', '30 s', '1 h', '3 d']);
  expect([formatPlural(1, 'file'), formatPlural(1200, 'file')]).toEqual(['1 file', '1,200 files']);
});
