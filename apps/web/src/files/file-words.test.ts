import { expect, it } from 'vitest';
import { fileSize, lineOfHash } from './file-words.ts';

it('lineOfHash() reads #L10 and nothing else', () => {
  expect(['#L10', '#L0', '#10', '', '#L1x'].map(lineOfHash)).toEqual([10, null, null, null, null]);
});

it('fileSize() is short', () => {
  expect([999, 12_400, 3_400_000].map(fileSize)).toEqual(['999 bytes', '12 KB', '3.4 MB']);
});
