import type { Candidate, Edit, EditOutcome, Stage } from './edit-outcome.ts';
import { FileView } from './file-view.ts';
import type { Placement } from './match.ts';
import { placeEdit } from './place-edit.ts';
import type { Row } from './text-rows.ts';

const MAX_CANDIDATES = 12;
const EXCERPT_LINES = 3;
const EXCERPT_WIDTH = 120;

/**
 * Changes one passage of a text as the edit means it, also when its old text is not quite the file's. One place must fit and it must be clear what is
 * to become of it; otherwise nothing is changed and the answer says where to look. Lines that the edit does not change stay as they are, to the byte;
 * new ones get the file's indentation and line ending.
 */
export function applyEdit(text: string, edit: Edit): EditOutcome {
  const file = new FileView(text);
  const place = placeEdit(file, edit);
  switch (place.type) {
    case 'placed': {
      const result = writePlacements(file, place.placements, place.stage);
      const [first] = place.placements;
      if (result === text) return { type: 'already_applied', line: (first?.firstRow ?? 0) + 1 };
      return { type: 'edited', text: result, lines: place.lines, stage: place.stage, explanation: place.explanation };
    }
    case 'ambiguous':
      return { type: 'ambiguous', stage: place.stage, candidates: place.rows.slice(0, MAX_CANDIDATES).map((row) => candidateAt(file, row, EXCERPT_LINES)) };
    case 'already':
      return { type: 'already_applied', line: place.row + 1 };
    case 'absent':
      return { type: 'absent', nearest: place.nearest === null ? null : candidateAt(file, place.nearest.row, place.nearest.lines), reason: place.reason };
    case 'refused':
      return { type: 'refused', reason: place.reason, candidates: place.rows.slice(0, MAX_CANDIDATES).map((row) => candidateAt(file, row, EXCERPT_LINES)) };
  }
}

/** The file with passages replaced. A file without a final newline is left without one, but by an exact edit that says otherwise. */
export function writePlacements(file: FileView, placements: readonly Placement[], stage: Stage): string {
  const { rows, starts, eol } = file.content;
  const startOf = (row: number): number => starts[row] ?? file.text.length;
  let [result, at] = ['', 0];
  for (const { firstRow, endRow, rows: written } of placements) {
    result += file.text.slice(at === 0 ? 0 : startOf(at), startOf(firstRow));
    const isEnd = endRow === rows.length;
    if (written.length > 0 && firstRow > 0 && rows[firstRow - 1]?.eol === '') result += eol;
    const isOpenEnd = isEnd && !file.hasFinalNewline && stage !== 'exact';
    if (isOpenEnd && written.length === 0) result = result.replace(/\r?\n$/, '');
    const endOf = (row: Row, isLast: boolean): string => (isLast && (isOpenEnd || row.eol === '') ? '' : row.eol || eol);
    result += written.map((row, index) => row.text + endOf(row, isEnd && index === written.length - 1)).join('');
    at = endRow;
  }
  if (at < rows.length) result += file.text.slice(at === 0 ? 0 : startOf(at));
  return result;
}

export function candidateAt(file: FileView, row: number, lines: number): Candidate {
  const excerpt = file.lines
    .slice(row, row + lines)
    .map((line) => (line.length > EXCERPT_WIDTH ? `${line.slice(0, EXCERPT_WIDTH)}...` : line))
    .join('\n');
  return { line: row + 1, excerpt };
}
