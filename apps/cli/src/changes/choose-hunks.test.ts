import { expect, it } from 'vitest';
import { chooseHunks } from './choose-hunks.ts';

const CHANGES = [{ hunks: [{ id: 'abc1' }, { id: 'abd2' }] }, { hunks: [{ id: 'abd2-2' }] }];

it.each([
  [['abc'], ['abc1']],
  [['ABC1', 'abc1'], ['abc1']],
  [['abd2'], ['abd2']],
  [
    ['abd2-', ' abc '],
    ['abd2-2', 'abc1'],
  ],
])('chooseHunks(%j)', (typed, chosen) => {
  expect(chooseHunks(CHANGES, typed, 'apply')).toEqual(chosen);
});

it('chooseHunks() refuses what means none or several', () => {
  expect(() => chooseHunks(CHANGES, ['x'], 'apply')).toThrow('Cannot apply hunk "x": there is no such hunk; `boocode changes ID --hunks` names them');
  expect(() => chooseHunks(CHANGES, ['ab'], 'apply')).toThrow('Cannot apply hunk "ab": more than one begins so; write more of its name');
  expect(() => chooseHunks(CHANGES, [''], 'apply')).toThrow('no such hunk');
});
