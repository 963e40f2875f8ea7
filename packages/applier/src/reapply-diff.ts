import { diffArrays } from 'diff';
import { candidateAt, writePlacements } from './apply-edit.ts';
import { canonicalLine } from './canonical-line.ts';
import type { Candidate, Stage } from './edit-outcome.ts';
import { FileView } from './file-view.ts';
import type { Placement } from './match.ts';
import type { Place } from './place.ts';
import { placeEdit } from './place-edit.ts';
import { splitPassage, splitRows } from './text-rows.ts';

/** Three forms of one file: what both sides began with, what one made of it, and what the other has now. */
export interface Reapplication {
  readonly base: string;
  readonly theirs: string;
  readonly ours: string;
}

export type Reapplied =
  | {
      readonly kind: 'placed';
      readonly text: string;
      /** One sentence for each change that was placed. */
      readonly explanations: readonly string[];
    }
  /** At least one change has no certain place. Nothing is placed then. */
  | { readonly kind: 'refused'; readonly reason: string; readonly candidates: readonly Candidate[] };

interface Hunk {
  /** The first line of the hunk in the base, with its context. */
  readonly start: number;
  readonly oldText: string;
  readonly newText: string;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** More context makes a place unique where little is ambiguous; less is enough where what was around has changed meanwhile. */
const CONTEXTS = [3, 8, 20, 1] as const;
const LEAST_SURE = 3;

/**
 * Places what changed from `base` to `theirs` in `ours`, change by change, each as an edit with the lines around it. The order of the changes is kept,
 * and none lies over another. Everything is placed or nothing. The result is to be shown and confirmed, not to be taken for a merge.
 */
export function reapplyDiff({ base, theirs, ours }: Reapplication): Reapplied {
  if (styleOf(base) !== styleOf(theirs)) {
    return { kind: 'refused', reason: 'the change is also one of line endings, byte order mark or final newline, which has no place', candidates: [] };
  }
  let last: Reapplied = { kind: 'refused', reason: 'there is nothing to place', candidates: [] };
  for (const context of CONTEXTS) {
    last = reapplyWith({ base, theirs, ours }, context);
    if (last.kind === 'placed') return last;
  }
  return last;
}

function styleOf(text: string): string {
  const { bom, rows, eol, isMixed } = splitRows(text);
  return [bom, isMixed, rows.length > 1 ? eol : '', rows.at(-1)?.eol === ''].join();
}

function reapplyWith({ base, theirs, ours }: Reapplication, context: number): Reapplied {
  const [file, known] = [new FileView(ours), new FileView(base)];
  const placements: Placement[] = [];
  const explanations: string[] = [];
  let stage: Stage = 'exact';
  for (const hunk of hunksOf(base, theirs, context)) {
    const place = placeEdit(file, { oldText: hunk.oldText, newText: hunk.newText, isForAll: false });
    const where = `the change at line ${hunk.start + 1}`;
    if (isRepeated(known, hunk)) return { kind: 'refused', reason: `${where} fits in more than one place of what it was made of`, candidates: [] };
    if (place.type === 'already') explanations.push(`${where} is there already, at line ${place.row + 1}.`);
    else if (place.type !== 'placed') return refusal(file, place, where);
    else if (context < LEAST_SURE && place.stage === 'similar') {
      return { kind: 'refused', reason: `${where} has too little around it that is as it was`, candidates: [] };
    } else {
      const before = placements.at(-1)?.endRow ?? 0;
      if (place.placements.some((placement) => placement.firstRow < before)) {
        return { kind: 'refused', reason: `${where} would lie over or before the one above it`, candidates: [] };
      }
      placements.push(...place.placements);
      explanations.push(place.explanation);
      if (place.stage !== 'exact') stage = place.stage;
    }
  }
  return { kind: 'placed', text: writePlacements(file, placements, stage), explanations };
}

/** A passage that was there twice from the beginning: the one that is left may be the other. */
function isRepeated(base: FileView, { oldText }: Hunk): boolean {
  const lines = splitPassage(oldText).lines.map((line) => canonicalLine(line, 'indentation'));
  const { joined } = base.canonical('indentation');
  const [text, all] = [`\n${lines.join('\n')}\n`, `\n${joined}\n`];
  const at = all.indexOf(text);
  return at >= 0 && all.includes(text, at + 1);
}

function refusal(file: FileView, place: Exclude<Place, { type: 'placed' | 'already' }>, where: string): Reapplied {
  const show = (rows: readonly number[]): readonly Candidate[] => rows.slice(0, 12).map((row) => candidateAt(file, row, 3));
  switch (place.type) {
    case 'ambiguous':
      return { kind: 'refused', reason: `${where} fits in more than one place`, candidates: show(place.rows) };
    case 'refused':
      return { kind: 'refused', reason: `${where} cannot be placed, ${place.reason}`, candidates: show(place.rows) };
    case 'absent':
      return { kind: 'refused', reason: `${where} has no place, ${place.reason}`, candidates: place.nearest === null ? [] : show([place.nearest.row]) };
  }
}

/** Changes with their context; those whose contexts meet are one. */
function hunksOf(base: string, theirs: string, context: number): readonly Hunk[] {
  const before = splitRows(base).rows.map((row) => row.text);
  const changes = changesOf(
    before,
    splitRows(theirs).rows.map((row) => row.text),
  );
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    if (group !== undefined && change.start - (group.at(-1)?.end ?? 0) <= 2 * context) group.push(change);
    else groups.push([change]);
  }
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return [];
    const [start, end] = [Math.max(0, first.start - context), Math.min(before.length, last.end + context)];
    const edited: string[] = [];
    let at = start;
    for (const change of group) {
      edited.push(...before.slice(at, change.start), ...change.lines);
      at = change.end;
    }
    edited.push(...before.slice(at, end));
    const write = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
    return [{ start, oldText: write(before.slice(start, end)), newText: write(edited) }];
  });
}

function changesOf(before: readonly string[], after: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  let at = 0;
  for (const { added, removed, value } of diffArrays([...before], [...after])) {
    const last = changes.at(-1);
    if (!added && !removed) {
      at += value.length;
      continue;
    }
    const isNext = last !== undefined && last.end === at;
    const change = isNext ? changes.pop() : undefined;
    const [start, lines] = [change?.start ?? at, change?.lines ?? []];
    if (removed) at += value.length;
    changes.push({ start, end: at, lines: added ? [...lines, ...value] : lines });
  }
  return changes;
}
