import type { CostSlice } from '@boocode/contracts/cost.ts';
import { describe, expect, it } from 'vitest';
import { costPicture, dayPicture } from './cost-stacks.ts';

const slice = (day: string, key: string, tokensIn: number, cost: number | null = null): CostSlice => ({
  day,
  key,
  label: key,
  tasks: 1,
  tokensIn,
  tokensOut: null,
  cost,
});

describe('costPicture()', () => {
  it('stacks each day by group, most used first, with a bar also for days without a task', () => {
    const slices = [slice('2026-03-28', 'small', 5), slice('2026-03-30', 'big', 20), slice('2026-03-30', 'small', 1)];
    expect(costPicture(slices, { today: '2026-03-30', count: 3, measure: 'tokens' })).toEqual({
      series: [
        { key: 'big', label: 'big', total: 20 },
        { key: 'small', label: 'small', total: 6 },
      ],
      stacks: [
        { day: '2026-03-28', tasks: 1, values: [0, 5], total: 5 },
        { day: '2026-03-29', tasks: 0, values: [0, 0], total: 0 },
        { day: '2026-03-30', tasks: 2, values: [20, 1], total: 21 },
      ],
    });
  });

  it('puts what is too small for a colour of its own together', () => {
    const slices = Array.from({ length: 9 }, (_, index) => slice('2026-03-30', `m${index}`, 100 - index));
    const { series, stacks } = costPicture(slices, { today: '2026-03-30', count: 1, measure: 'tokens' });
    expect(series.map(({ key, label }) => key ?? label)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', '4 others']);
    expect(stacks[0]?.values).toEqual([100, 99, 98, 97, 96, 95 + 94 + 93 + 92]);
  });

  it('draws money alone when money is asked for', () => {
    const slices = [slice('2026-03-30', 'local', 900), slice('2026-03-30', 'cloud', 5, 0.5)];
    const { series, stacks } = costPicture(slices, { today: '2026-03-30', count: 1, measure: 'money' });
    expect([series.map(({ key }) => key), stacks[0]?.values, stacks[0]?.tasks]).toEqual([['cloud'], [0.5], 2]);
  });
});

it('dayPicture() has a bar for every day, over the end of a month and a change of clocks', () => {
  const item = { key: '2026-03-29', label: '', tasks: 1, tokensIn: 5, tokensOut: 2, cost: null };
  const { stacks } = dayPicture([item], { today: '2026-03-30', count: 32, measure: 'tokens' });
  expect([stacks.length, stacks[0]?.day, stacks[30], stacks.at(-1)?.day]).toEqual([
    32,
    '2026-02-27',
    { day: '2026-03-29', tasks: 1, values: [5, 2], total: 7 },
    '2026-03-30',
  ]);
});
