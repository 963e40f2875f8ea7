import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupByHunk, hunkFinder, hunkLines } from './hunk-lines.ts';

const range = (oldStart: number, oldLines: number, newStart: number, newLines: number) => ({ oldStart, oldLines, newStart, newLines });
const removed = (old: number) => ({ kind: 'removed', old, new: null }) as const;
const added = (line: number) => ({ kind: 'added', old: null, new: line }) as const;

it('hunkFinder() knows the hunk of a line by its number on its own side', () => {
  const find = hunkFinder([range(2, 1, 2, 3), range(5, 0, 8, 1), range(9, 2, 12, 0)]);
  expect([removed(2), added(2), added(4), added(8), removed(9), removed(10)].map(find)).toEqual([0, 0, 0, 1, 2, 2]);
  expect([removed(5), removed(1), added(5), added(12), { kind: 'context', old: 2, new: 2 } as const].map(find)).toEqual([null, null, null, null, null]);
});

it('hunkFinder() gives every changed line to the only hunk, whatever its numbers say', () => {
  const find = hunkFinder([range(0, 0, 0, 0)]);
  expect([removed(7), added(9), { kind: 'context', old: 7, new: 7 } as const].map(find)).toEqual([0, 0, null]);
});

it('hunkFinder() finds each line of random hunks, and none between them', () => {
  const step = fc.record({ gap: fc.nat(3), old: fc.nat(3), new: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 30 }), (steps) => {
      const truth = { old: new Map<number, number | null>(), new: new Map<number, number | null>() };
      const hunks: ReturnType<typeof range>[] = [];
      let oldLine = 1;
      let newLine = 1;
      for (const { gap, old, new: fresh } of steps) {
        for (let at = 0; at < gap; at++) {
          truth.old.set(oldLine++, null);
          truth.new.set(newLine++, null);
        }
        if (old + fresh === 0) continue;
        hunks.push(range(old === 0 ? oldLine - 1 : oldLine, old, fresh === 0 ? newLine - 1 : newLine, fresh));
        for (let at = 0; at < old; at++) truth.old.set(oldLine++, hunks.length - 1);
        for (let at = 0; at < fresh; at++) truth.new.set(newLine++, hunks.length - 1);
      }
      if (hunks.length < 2) return;
      const find = hunkFinder(hunks);
      for (const [number, hunk] of truth.old) expect(find(removed(number))).toBe(hunk);
      for (const [number, hunk] of truth.new) expect(find(added(number))).toBe(hunk);
    }),
  );
});

it('groupByHunk() tells hunks that touch each other apart, and moves nothing over a line that stays', () => {
  const line = (kind: 'context' | 'added' | 'removed', hunk: number | null, text: string) => ({ kind, hunk, text, old: 1, new: 1 });
  const shown = [
    line('removed', 0, 'a'),
    line('removed', 1, 'b'),
    line('added', 0, 'A'),
    line('added', 1, 'B'),
    line('context', null, 'c'),
    line('added', 2, 'd'),
  ];
  expect(groupByHunk(shown).map(({ text }) => text)).toEqual(['a', 'A', 'b', 'B', 'c', 'd']);
});

it('hunkLines() says where a hunk is', () => {
  expect([range(1, 1, 10, 5), range(1, 0, 3, 1), range(3, 2, 2, 0), range(0, 0, 0, 0)].map(hunkLines)).toEqual([
    'lines 10 to 14',
    'line 3',
    'old lines 3 to 4',
    '',
  ]);
});
