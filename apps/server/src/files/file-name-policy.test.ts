import { describe, expect, it } from 'vitest';
import { rankFileNames } from './file-name-policy.ts';

const PATHS = [
  'apps/web/src/chat/Timeline.tsx',
  'apps/web/src/chat/timeline-rows.ts',
  'timeline/readme.md',
  'docs/time/line.md',
  'README.md',
  'src/task-store.ts',
];
const find = (query: string) => rankFileNames(PATHS, query, 10).map(({ path }) => path);

describe('rankFileNames()', () => {
  it('prefers names to folders, and characters that stand together', () => {
    expect(find('timeline')).toEqual([PATHS[0], PATHS[1], PATHS[2], PATHS[3]]);
    expect(find('chat/time')).toEqual([PATHS[0], PATHS[1]]);
    expect(find('read me')).toEqual(['README.md', 'timeline/readme.md']);
  });

  it('finds the beginnings of words, with their places', () => {
    expect(rankFileNames(PATHS, 'tst', 1)).toEqual([{ path: 'src/task-store.ts', marks: [4, 9, 10] }]);
    expect(find('zzz')).toEqual([]);
  });

  it('without characters shows what lies on top first', () => {
    expect(find('').slice(0, 2)).toEqual(['README.md', 'src/task-store.ts']);
  });
});
