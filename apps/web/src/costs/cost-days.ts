import type { CostItem } from '@boocode/contracts/cost.ts';

export interface CostTotal {
  readonly tasks: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly cost: number;
  /** False: nobody charged anything. */
  readonly isCharged: boolean;
}

const DAY_MS = 86_400_000;

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
