import { expect, it } from 'vitest';
import { searchHits } from './search-hits.ts';

it('searchHits() tells hits from everything else a search says', () => {
  expect(searchHits('src/a.ts:12:const a: number = 1;\nNo matches\n--')).toEqual([
    { path: 'src/a.ts', line: 12, text: 'const a: number = 1;' },
    { path: null, line: 0, text: 'No matches' },
    { path: null, line: 0, text: '--' },
  ]);
});
