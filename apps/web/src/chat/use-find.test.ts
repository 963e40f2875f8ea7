import { MessageId } from '@boocode/contracts/ids.ts';
import { expect, it } from 'vitest';
import { uuid } from '../../test/records.ts';
import { applyFind } from './use-find.ts';

const NOTHING = { words: '', foundWords: '', matches: [], index: 0, visit: 0, problem: null };
const match = (position: number) => ({ messageId: MessageId.parse(uuid(position)), position, count: 1 });

it('applyFind() begins at the newest match and goes round', () => {
  const typed = applyFind(NOTHING, { type: 'typed', words: 'boat' });
  const found = applyFind(typed, { type: 'found', words: 'boat', matches: [match(1), match(5), match(9)] });
  expect(found).toMatchObject({ index: 2, visit: 1, foundWords: 'boat' });
  expect(applyFind(found, { type: 'stepped', by: 1 })).toMatchObject({ index: 0, visit: 2 });
  expect(applyFind(applyFind(found, { type: 'stepped', by: -1 }), { type: 'stepped', by: -1 })).toMatchObject({ index: 0, visit: 3 });
});

it('applyFind() leaves answers to earlier words aside', () => {
  const typed = applyFind(NOTHING, { type: 'typed', words: 'boats' });
  expect(applyFind(typed, { type: 'found', words: 'boat', matches: [match(1)] })).toBe(typed);
  expect(applyFind(typed, { type: 'failed', words: 'boat', problem: 'no' })).toBe(typed);
});
