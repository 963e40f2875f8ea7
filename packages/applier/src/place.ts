import type { Stage } from './edit-outcome.ts';
import type { FileView } from './file-view.ts';
import type { Placement } from './match.ts';

/** Where an edit goes, or why nowhere. */
export type Place =
  | {
      readonly type: 'placed';
      readonly stage: Stage;
      readonly placements: readonly Placement[];
      readonly lines: readonly number[];
      readonly explanation: string;
    }
  | { readonly type: 'ambiguous'; readonly stage: Stage; readonly rows: readonly number[] }
  | { readonly type: 'already'; readonly row: number }
  | { readonly type: 'absent'; readonly nearest: { readonly row: number; readonly lines: number } | null; readonly reason: string }
  | { readonly type: 'refused'; readonly reason: string; readonly rows: readonly number[] };

export const ONE_TERMINATED = 'only one of oldText and newText ends with a line break, so a blank line may be meant or not';

/** The line of a placement that is the first to change. */
export function changedLine(file: FileView, { firstRow, rows }: Placement): number {
  const index = rows.findIndex((row, at) => row.text !== file.lines[firstRow + at]);
  return firstRow + Math.max(0, index) + 1;
}

/** Whether what is to be put there stands there already, a little before or after: an insertion that was made before. */
export function isAlreadyAround(file: FileView, { firstRow, endRow, rows }: Placement): boolean {
  const more = rows.length - (endRow - firstRow);
  if (more <= 0) return false;
  const texts = rows.map((row) => row.text.trim());
  for (let start = Math.max(0, firstRow - more); start <= firstRow; start += 1) {
    if (texts.every((text, index) => file.lines[start + index]?.trim() === text)) return true;
  }
  return false;
}
