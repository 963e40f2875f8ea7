import { expect, it } from 'vitest';
import { conflictParts } from './conflict-parts.ts';

it('conflictParts() gives both sides of each marked place, without the common ancestor', () => {
  const merged = 'a\n<<<<<<< folder\nmine\n||||||| base\nold\n=======\ntheirs\nmore\n>>>>>>> change\nb\n<<<<<<< folder\n=======\nx\n>>>>>>> change\n';
  expect(conflictParts(merged)).toEqual([
    { line: 2, folder: ['mine'], change: ['theirs', 'more'] },
    { line: 11, folder: [], change: ['x'] },
  ]);
});

it('conflictParts() of a text without marks is empty', () => {
  expect(conflictParts('=======\n>>>>>>> quoted mail\n')).toEqual([]);
});
