import { expect, it } from 'vitest';
import { decideTurnEnd, type TurnFacts } from './turn-end-policy.ts';

const ANSWERED: TurnFacts = { isIdle: true, hasAnswer: true, isWhole: true, finish: 'stop', isSummary: false, hasError: false };

it('decideTurnEnd() ends a turn that has said all, and looks where an idle may mean something else', () => {
  expect(decideTurnEnd(ANSWERED)).toBe('ended');
  expect(decideTurnEnd({ ...ANSWERED, finish: 'length' })).toBe('ended');
  expect(decideTurnEnd({ ...ANSWERED, finish: null, hasError: true })).toBe('ended');
  expect(decideTurnEnd({ ...ANSWERED, isIdle: false })).toBe('open');
  expect(decideTurnEnd({ ...ANSWERED, hasAnswer: false, finish: null })).toBe('look'); // the idle of the turn before
  expect(decideTurnEnd({ ...ANSWERED, isWhole: false })).toBe('look'); // the last part is still to come
  expect(decideTurnEnd({ ...ANSWERED, finish: 'tool-calls' })).toBe('look'); // the next step is still to come, or a call was denied
  expect(decideTurnEnd({ ...ANSWERED, isSummary: true })).toBe('look'); // it goes on after the summary
});
