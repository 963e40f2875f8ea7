import type { FileMatch } from '@boocode/contracts/project-file.ts';
import { expect, it } from 'vitest';
import { aroundMark, groupMatches } from './match-groups.ts';

function match(path: string, line: number, preview = 'x', marks: [number, number][] = [[0, 1]]): FileMatch {
  return { path, line, column: 1, preview, marks };
}

it('groupMatches() puts the lines of a file together', () => {
  const groups = groupMatches([match('b', 1), match('a', 1), match('b', 9)]);
  expect(groups.map((group) => [group.path, group.matches.map((each) => each.line)])).toEqual([
    ['b', [1, 9]],
    ['a', [1]],
  ]);
});

it('aroundMark() takes the blanks away, and begins a long line shortly before its mark', () => {
  expect(aroundMark(match('a', 1, '    find me', [[4, 8]]))).toEqual({ text: 'find me', ranges: [[0, 4]] });
  const { text, ranges } = aroundMark(match('a', 1, `${'-'.repeat(100)}needle`, [[100, 106]]));
  expect(text.slice(...ranges[0]!)).toBe('needle');
  expect(text.length).toBeLessThan(40);
});
