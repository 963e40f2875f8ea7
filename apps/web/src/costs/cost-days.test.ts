import type { CostItem } from '@boocode/contracts/cost.ts';
import { expect, it } from 'vitest';
import { axisTop, costTotal } from './cost-days.ts';

const item = (fields: Partial<CostItem>): CostItem => ({ key: '', label: '', tasks: 1, tokensIn: null, tokensOut: null, cost: null, ...fields });

it('costTotal() tells no charge from a charge', () => {
  expect(costTotal([item({ tokensIn: 3 }), item({ tokensOut: 4 })])).toEqual({ tasks: 2, tokensIn: 3, tokensOut: 4, cost: 0, isCharged: false });
  expect(costTotal([item({ cost: 0.5 }), item({})]).isCharged).toBe(true);
});

it('axisTop() is a round number that holds the value', () => {
  expect([0, 0.03, 1, 7, 12, 20, 4_900, 73_000].map(axisTop)).toEqual([1, 0.05, 1, 10, 20, 20, 5_000, 100_000]);
});
