import type { Row } from './text-rows.ts';

/** Where the old text is: the file's lines from `firstRow` on, each with the line of the old text that it is, or null where the old text leaves it out. */
export interface Match {
  readonly firstRow: number;
  readonly partners: readonly (number | null)[];
}

/** Lines to be put in place of the file's lines from `firstRow` up to, not including, `endRow`. */
export interface Placement {
  readonly firstRow: number;
  readonly endRow: number;
  readonly rows: readonly Row[];
}

export type Merge = { readonly type: 'merged'; readonly placement: Placement } | { readonly type: 'refused'; readonly reason: string };

/** One line of the matched part of the file, with what the model took it for. */
export interface BaseRow {
  readonly row: Row;
  readonly old: string | null;
}
