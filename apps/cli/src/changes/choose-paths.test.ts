import { expect, it } from 'vitest';
import { choosePaths } from './choose-paths.ts';

const CHANGES = ['README.md', 'src/a.ts', 'src/b.ts', 'srcs/c.ts'].map((path) => ({ path, oldPath: path === 'README.md' ? 'READ.me' : null }));

it.each([
  [['README.md'], ['README.md']],
  [['READ.me'], ['README.md']],
  [['./src/'], ['src/a.ts', 'src/b.ts']],
  [
    ['src', 'src/a.ts'],
    ['src/a.ts', 'src/b.ts'],
  ],
  [['.'], ['README.md', 'src/a.ts', 'src/b.ts', 'srcs/c.ts']],
])('choosePaths(%j)', (typed, chosen) => {
  expect(choosePaths(CHANGES, typed, 'apply').map((change) => change.path)).toEqual(chosen);
});

it('choosePaths() refuses a path without a change', () => {
  expect(() => choosePaths(CHANGES, ['sr'], 'apply')).toThrow('Cannot apply "sr": there is no such change; write the path as `boocode changes` shows it');
});
