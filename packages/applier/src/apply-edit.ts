import type { Candidate, Edit, EditOutcome, Stage } from './edit-outcome.ts';
import { FileView } from './file-view.ts';
import type { Placement } from './match.ts';
import { placeEdit } from './place-edit.ts';
import { joinRows, type Row } from './text-rows.ts';

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
  const { bom, rows, eol } = file.content;
  const result: Row[] = [];
  let at = 0;
  for (const { firstRow, endRow, rows: written } of placements) {
    result.push(...rows.slice(at, firstRow), ...written);
    at = endRow;
  }
  result.push(...rows.slice(at));
  const last = result.length - 1;
  const isOpen = !file.hasFinalNewline && stage !== 'exact';
  return joinRows(
    bom,
    result.map((row, index) => (index < last ? { ...row, eol: row.eol === '' ? eol : row.eol } : isOpen ? { ...row, eol: '' } : row)),
  );
}

export function candidateAt(file: FileView, row: number, lines: number): Candidate {
  const excerpt = file.lines
    .slice(row, row + lines)
    .map((line) => (line.length > EXCERPT_WIDTH ? `${line.slice(0, EXCERPT_WIDTH)}...` : line))
    .join('\n');
  return { line: row + 1, excerpt };
}
