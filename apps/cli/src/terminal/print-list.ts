import type { Context } from '../command/context.ts';
import { type Column, formatColumns } from './columns.ts';
import { jsonText } from './json-line.ts';

export interface Listing<T> {
  readonly columns: readonly Column[];
  readonly row: (item: T) => readonly string[];
  /** What is said instead of an empty table. */
  readonly empty: string;
}

/** Prints a listing: aligned columns that fit the width, or with `--json` an array. */
export function printList<T>({ out, err }: Pick<Context, 'out' | 'err'>, json: boolean, items: readonly T[], listing: Listing<T>): void {
  if (json) out.write(jsonText(items));
  else if (items.length === 0) err.line(listing.empty);
  else out.write(formatColumns(listing.columns, items.map(listing.row), out.width));
}
