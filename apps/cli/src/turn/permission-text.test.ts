import { expect, it } from 'vitest';
import { formatChoices, formatOptions, namedOption, readAnswer } from './permission-text.ts';

const OPTIONS = [
  { id: 'answer-0', label: 'Five seconds', kind: 'allow_once' },
  { id: 'answer-1', label: 'Thirty seconds', kind: 'allow_once' },
  { id: 'reject', label: 'No answer', kind: 'reject_once' },
] as const;
const QUESTION = { kind: 'question', options: [...OPTIONS] } as const;

it('the answers of a question have numbers, and other words are an answer too where there are several', () => {
  expect(formatChoices(QUESTION)).toBe('1 Five seconds · 2 Thirty seconds · 3 No answer');
  expect(readAnswer('2', QUESTION)).toEqual({ option: OPTIONS[1], note: null });
  expect(readAnswer('3 not now', QUESTION)).toEqual({ option: OPTIONS[2], note: 'not now' });
  expect(readAnswer('ten seconds', QUESTION)).toEqual({ option: OPTIONS[0], note: 'ten seconds' });
  expect(readAnswer('', QUESTION)).toBeNull();
  const open = { id: 'words', label: 'Answer', kind: 'allow_once' } as const;
  expect(readAnswer('ten seconds', { kind: 'question', options: [open, OPTIONS[2]] })).toEqual({ option: open, note: 'ten seconds' });
});

it('words are no answer where there is only yes and no: nobody begins a plan by objecting to it', () => {
  const plan = { kind: 'question', options: [OPTIONS[0], OPTIONS[2]] } as const;
  expect(readAnswer('first mend the test', plan)).toBeNull();
  expect(readAnswer('2 first mend the test', plan)).toEqual({ option: OPTIONS[2], note: 'first mend the test' });
});

it('namedOption() takes a number, an id, a label or the beginning of one label', () => {
  expect(['2', 'answer-1', 'thirty seconds', 'Thirty'].map((typed) => namedOption(OPTIONS, typed)?.id)).toEqual(Array(4).fill('answer-1'));
  expect([namedOption(OPTIONS, '4'), namedOption([OPTIONS[0], { ...OPTIONS[1], label: 'Five minutes' }], 'five')]).toEqual([null, null]);
  expect(formatOptions([OPTIONS[2]])).toBe('1 No answer');
});
