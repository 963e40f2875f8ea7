import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseEvicted, type WarmEntry } from './evict-policy.ts';

const LIMITS = { maxWarm: 3, idleMs: 100 };

function entry(key: string, lastUsedAt: number, isInUse = false): WarmEntry {
  return { key, lastUsedAt, isInUse };
}

it.each([
  ['nothing', [], []],
  ['few that are fresh', [entry('a', 950), entry('b', 990)], []],
  ['one that was idle for too long', [entry('a', 900), entry('b', 990)], ['a']],
  ['the oldest of too many', [entry('a', 990), entry('b', 950), entry('c', 960), entry('d', 970)], ['b']],
  ['not one in use, however old', [entry('a', 0, true), entry('b', 950), entry('c', 960), entry('d', 970)], ['b']],
  ['nothing while all are in use', [entry('a', 0, true), entry('b', 0, true), entry('c', 0, true), entry('d', 0, true)], []],
  [
    'the expired first, then as many as are too many',
    [entry('a', 0), entry('b', 950, true), entry('c', 950, true), entry('d', 950, true), entry('e', 960)],
    ['a', 'e'],
  ],
])('evicts %s', (_, entries, evicted) => {
  expect(chooseEvicted(entries, LIMITS, 1_000)).toEqual(evicted);
});

it('never takes one in use, never leaves more than allowed but for those in use, and takes no more than it must', () => {
  const arbitrary = fc.array(fc.tuple(fc.nat(1_000), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(arbitrary, (all) => {
      const entries = all.map(([lastUsedAt, isInUse], index) => entry(String(index), lastUsedAt, isInUse));
      const evicted = new Set(chooseEvicted(entries, LIMITS, 1_000));
      const kept = entries.filter(({ key }) => !evicted.has(key));
      expect(entries.filter(({ key, isInUse }) => isInUse && evicted.has(key))).toEqual([]);
      expect(kept.filter(({ isInUse, lastUsedAt }) => !isInUse && 1_000 - lastUsedAt >= LIMITS.idleMs)).toEqual([]);
      expect(kept.length <= LIMITS.maxWarm || kept.every(({ isInUse }) => isInUse)).toBe(true);
    }),
  );
});
