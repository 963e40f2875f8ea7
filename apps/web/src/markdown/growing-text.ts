import { appendedSince, textGrowth } from '../live/text-growth.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';

/** What has been made of a text that grows, and how far it got. */
export interface Grown<T> {
  readonly lineage: object | null;
  readonly length: number;
  readonly value: T;
}

/** Goes on where `before` stands with what came since, or starts again when the text is another one. */
export function growText<T>(before: Grown<T> | null, part: Extract<Part, { text: string }>, empty: T, append: (value: T, text: string) => T): Grown<T> {
  const growth = textGrowth(part);
  const lineage = growth?.lineage ?? null;
  if (before !== null && growth !== null && before.lineage === lineage) {
    const appended = appendedSince(growth, before.length);
    if (appended !== null) return { lineage, length: growth.length, value: append(before.value, appended) };
  }
  return { lineage, length: part.text.length, value: append(empty, part.text) };
}
