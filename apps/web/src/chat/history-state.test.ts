import { expect, it } from 'vitest';
import { NO_HISTORY, stepHistory } from './history-state.ts';

const state = { ...NO_HISTORY, prompts: ['third', 'second', 'first'] };

it('stepHistory() goes to older prompts and back to the draft', () => {
  const up = stepHistory(state, 'my draft', 'older')!;
  expect(up.text).toBe('third');
  const further = stepHistory(up.state, up.text, 'older')!;
  expect(further.text).toBe('second');
  const back = stepHistory(further.state, further.text, 'newer')!;
  expect(back.text).toBe('third');
  expect(stepHistory(back.state, back.text, 'newer')).toEqual({ state: { ...state, index: -1, stash: '' }, text: 'my draft' });
});

it('stepHistory() stays at the ends, and leaves arrows alone where nothing was recalled', () => {
  expect(stepHistory(state, 'my draft', 'newer')).toBe(null);
  const oldest = { ...state, index: 2 };
  expect(stepHistory(oldest, 'first', 'older')).toBe(null);
  expect(stepHistory(NO_HISTORY, '', 'older')).toBe(null);
});

it('stepHistory() never loses a draft: an edited prompt is not replaced while another draft waits', () => {
  const up = stepHistory(state, 'my draft', 'older')!;
  expect(stepHistory(up.state, 'third, edited', 'older')).toBe(null);
  const fromNothing = stepHistory(state, '', 'older')!;
  expect(stepHistory(fromNothing.state, 'third, edited', 'older')).toMatchObject({ text: 'third', state: { stash: 'third, edited' } });
});
