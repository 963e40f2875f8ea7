import type { CostItem, CostSlice } from '@boocode/contracts/cost.ts';
import { dayBefore } from './cost-days.ts';

export type Measure = 'tokens' | 'money';

/** One colour of the picture; null key: all that is too small for one of its own. */
export interface CostSeries {
  readonly key: string | null;
  readonly label: string;
  readonly total: number;
}

/** One bar, its values in the order of the series. */
export interface CostStack {
  /** `2026-01-31` */
  readonly day: string;
  readonly tasks: number;
  readonly values: readonly number[];
  readonly total: number;
}

export interface CostPicture {
  /** Most used first, which stands at the bottom of each bar. */
  readonly series: readonly CostSeries[];
  readonly stacks: readonly CostStack[];
}

/** More colours than these nobody tells apart. */
const MOST_SERIES = 5;

/** A bar for each of the last `count` days up to `today`, stacked by group. */
export function costPicture(slices: readonly CostSlice[], { today, count, measure }: { today: string; count: number; measure: Measure }): CostPicture {
  const groups = new Map<string, CostSeries & { readonly key: string }>();
  for (const slice of slices) {
    const total = (groups.get(slice.key)?.total ?? 0) + valueOf(slice, measure);
    groups.set(slice.key, { key: slice.key, label: slice.label, total });
  }
  const ranked = [...groups.values()].filter(({ total }) => total > 0).toSorted((a, b) => b.total - a.total || a.label.localeCompare(b.label));
  const own = ranked.length > MOST_SERIES + 1 ? ranked.slice(0, MOST_SERIES) : ranked;
  const rest = ranked.slice(own.length);
  const other = { key: null, label: `${rest.length} others`, total: rest.reduce((sum, { total }) => sum + total, 0) };
  const series = rest.length === 0 ? own : [...own, other];
  const places = new Map(own.map(({ key }, index) => [key, index]));
  const stacks = lastDays(today, count).map((day) => {
    const values = series.map(() => 0);
    const here = slices.filter((slice) => slice.day === day);
    for (const slice of here) {
      const place = places.get(slice.key) ?? values.length - 1;
      if (place >= 0) values[place] = (values[place] ?? 0) + valueOf(slice, measure);
    }
    return stackOf(day, here, values);
  });
  return { series, stacks };
}

/** The same without groups: what was read and written, or the money. */
export function dayPicture(items: readonly CostItem[], { today, count, measure }: { today: string; count: number; measure: Measure }): CostPicture {
  const known = new Map(items.map((item) => [item.key, item]));
  const valuesOf = (item: CostItem | undefined) => (measure === 'tokens' ? [item?.tokensIn ?? 0, item?.tokensOut ?? 0] : [item?.cost ?? 0]);
  const names = measure === 'tokens' ? ['Read', 'Written'] : ['Money'];
  const stacks = lastDays(today, count).map((day) => {
    const item = known.get(day);
    return stackOf(day, item === undefined ? [] : [item], valuesOf(item));
  });
  const series = names.map((label, index) => ({ key: label, label, total: stacks.reduce((sum, { values }) => sum + (values[index] ?? 0), 0) }));
  return { series, stacks };
}

function stackOf(day: string, items: readonly CostItem[], values: readonly number[]): CostStack {
  return {
    day,
    values,
    tasks: items.reduce((sum, { tasks }) => sum + tasks, 0),
    total: values.reduce((sum, value) => sum + value, 0),
  };
}

function valueOf({ tokensIn, tokensOut, cost }: CostItem, measure: Measure): number {
  return measure === 'tokens' ? (tokensIn ?? 0) + (tokensOut ?? 0) : (cost ?? 0);
}

function lastDays(today: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => dayBefore(today, count - 1 - index));
}
