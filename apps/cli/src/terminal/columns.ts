import { neutraliseLine } from './neutralise.ts';
import { fitText, padText, textWidth } from './text-width.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'start' | 'end';
  /** The column that gives way when the line is too long; without one, the last. */
  readonly flexible?: boolean;
}

const GAP = 2;

/** Lays rows out as aligned columns, no line wider than `width`. Cells are made harmless; an empty list gives an empty text. */
export function formatColumns(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  if (rows.length === 0) return '';
  const cells = [columns.map((column) => column.title), ...rows.map((row) => row.map(neutraliseLine))];
  const widths = fitWidths(columns, naturalWidths(columns, cells), width);
  return cells.map((row) => `${formatRow(columns, widths, row)}\n`).join('');
}

function naturalWidths(columns: readonly Column[], cells: readonly (readonly string[])[]): number[] {
  return columns.map((_, index) => Math.max(...cells.map((row) => textWidth(row[index] ?? ''))));
}

/** The flexible column gives way first, then the widest of the others. */
function fitWidths(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const chosen = columns.findIndex((column) => column.flexible === true);
  const flexible = chosen < 0 ? columns.length - 1 : chosen;
  const excess = () => widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1) - width;
  widths[flexible] = Math.max(8, (widths[flexible] ?? 0) - Math.max(0, excess()));
  while (excess() > 0 && Math.max(...widths) > 4) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function formatRow(columns: readonly Column[], widths: readonly number[], row: readonly string[]): string {
  const cells = columns.map((column, index) => {
    const size = widths[index] ?? 0;
    return padText(fitText(row[index] ?? '', size), size, column.align ?? 'start');
  });
  return cells.join(' '.repeat(GAP)).trimEnd();
}
