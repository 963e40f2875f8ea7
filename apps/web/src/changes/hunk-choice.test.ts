import type { Change } from '@boocode/contracts/change.ts';
import { expect, it } from 'vitest';
import { uuid } from '../../test/records.ts';
import { choiceOf, countParts, markedPart, unmarkedPart, wholeChange, withMarks } from './hunk-choice.ts';

function change(id: number, marks: readonly boolean[], state: Change['state'] = 'pending'): Change {
  const hunks = marks.map((marked, index) => ({ id: `${id}.${index}`, marked }));
  return { id: uuid(id), state, marked: marks.length > 0 && marks.every(Boolean), hunks } as unknown as Change;
}

it('markedPart() and unmarkedPart() cut a change in two, and know when there is nothing to cut', () => {
  const parts = [change(1, [true, false, true]), change(2, [true]), change(3, [false]), change(4, [true], 'conflict')];
  const ids = (part: ReturnType<typeof markedPart>) => (part === null ? 'none' : (part.hunks?.map((hunk) => hunk.id) ?? 'all'));
  expect(parts.map(markedPart).map(ids)).toEqual([['1.0', '1.2'], 'all', 'none', 'none']);
  expect(parts.map(unmarkedPart).map(ids)).toEqual([['1.1'], 'none', 'all', 'all']);
});

it('choiceOf() names every hunk, unless there is a change without any', () => {
  const marked = [change(1, [true, false]), change(2, [true])].flatMap((each) => markedPart(each) ?? []);
  expect(choiceOf(marked)).toEqual({ ids: [uuid(1), uuid(2)], hunks: ['1.0', '2.0'] });
  expect(choiceOf([wholeChange(change(3, []))])).toEqual({ ids: [uuid(3)] });
  expect(countParts([...marked, wholeChange(change(3, []))])).toBe(3);
});

it('withMarks() marks hunks, and the change when all of it is', () => {
  const half = withMarks(change(1, [false, false]), true, ['1.1']);
  expect([half.marked, half.hunks.map((hunk) => hunk.marked)]).toEqual([false, [false, true]]);
  expect(withMarks(half, true, null).marked).toBe(true);
  expect(withMarks(change(2, []), true, null).marked).toBe(true);
});
