import type { CostItem } from '@boocode/contracts/cost.ts';

/** One bar. */
export interface CostDay {
  /** `2026-01-31` */
  readonly day: string;
  readonly tasks: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cost: number;
}

export interface CostTotal extends Omit<CostDay, 'day'> {
  /** False: nobody charged anything. */
  readonly isCharged: boolean;
}

const DAY_MS = 86_400_000;

/** A bar for each of the last `count` days up to `today`, also for those without a task. */
export function costDays(items: readonly CostItem[], today: string, count: number): readonly CostDay[] {
  const known = new Map(items.map((item) => [item.key, item]));
  return Array.from({ length: count }, (_, index) => {
    const day = dayBefore(today, count - 1 - index);
    const item = known.get(day);
    return { day, tasks: item?.tasks ?? 0, tokensIn: item?.tokensIn ?? 0, tokensOut: item?.tokensOut ?? 0, cost: item?.cost ?? 0 };
  });
}

/** The day so many days earlier; by the calendar alone, so no clock change moves it. */
export function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

export function costTotal(items: readonly CostItem[]): CostTotal {
  const sum = (of: (item: CostItem) => number | null) => items.reduce((total, item) => total + (of(item) ?? 0), 0);
  return {
    tasks: sum((item) => item.tasks),
    tokensIn: sum((item) => item.tokensIn),
    tokensOut: sum((item) => item.tokensOut),
    cost: sum((item) => item.cost),
    isCharged: items.some((item) => item.cost !== null && item.cost > 0),
  };
}

/** The top of an axis: the next of 1, 2, 5, 10, 20 ... that holds the value. */
export function axisTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}
