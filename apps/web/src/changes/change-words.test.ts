import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import { expect, it } from 'vitest';
import { changeFacts, noPatchWords } from './change-words.ts';

function change(fields: Partial<ChangeWithPatch>): ChangeWithPatch {
  return { kind: 'modified', state: 'pending', oldPath: null, binary: false, additions: 1, deletions: 0, patch: '', ...fields } as ChangeWithPatch;
}

it('changeFacts() says in words what is not a line', () => {
  expect(changeFacts(change({ kind: 'renamed', oldPath: 'old.ts', patch: 'old mode 100644\nnew mode 100755\n' }))).toEqual([
    'Was old.ts.',
    'Can be run as a program now.',
  ]);
  expect(changeFacts(change({ kind: 'added', additions: 0 }))).toEqual(['New file.', 'It is empty.']);
  expect(changeFacts(change({ kind: 'modified', binary: true }))).toEqual(['Not text, so there is nothing to compare. It is taken as a whole.']);
  expect(changeFacts(change({}))).toEqual([]);
});

it('noPatchWords() explains a missing patch once', () => {
  expect(noPatchWords(change({ patch: null }))).toMatch(/^Too large/);
  expect(noPatchWords(change({ patch: null, binary: true }))).toBe(null);
});
