import { parsePatch, type PatchLine } from './patch-lines.ts';
import { commonPairs } from './word-diff.ts';

/** A line of a diff. `pair` is the text it took the place of, or that took its place; null = none. */
export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed';
  readonly text: string;
  readonly old: number | null;
  readonly new: number | null;
  readonly pair: string | null;
  /** The file ends here without a line break. */
  readonly isUnended: boolean;
}

export interface DiffHunk {
  readonly range: string;
  readonly context: string;
  readonly lines: readonly DiffLine[];
}

export type DiffRow =
  | { readonly type: 'hunk'; readonly hunk: DiffHunk; readonly index: number }
  | { readonly type: 'same'; readonly index: number }
  | { readonly type: 'line'; readonly line: DiffLine }
  | { readonly type: 'pair'; readonly left: DiffLine | null; readonly right: DiffLine | null };

export interface PatchFacts {
  readonly oldMode: string | null;
  readonly newMode: string | null;
}

/** What the header of a patch says. */
export function readPatchFacts(patch: string): PatchFacts {
  const header = patch.slice(0, Math.max(0, patch.search(/^@@ /m)) || patch.length);
  return { oldMode: /^old mode (\d+)$/m.exec(header)?.[1] ?? null, newMode: /^new mode (\d+)$/m.exec(header)?.[1] ?? null };
}

export function countHunks(patch: string | null): number {
  return patch === null ? 0 : (patch.match(/^@@ -/gm)?.length ?? 0);
}

/** The hunks of a patch, in their order. With `isSpaceHidden`, lines that differ only in white space count as the same. */
export function diffHunks(patch: string, isSpaceHidden: boolean): readonly DiffHunk[] {
  const hunks: { range: string; context: string; lines: PatchLine[] }[] = [];
  for (const line of parsePatch(patch)) {
    if (line.kind === 'hunk') hunks.push({ range: line.range, context: line.context, lines: [] });
    else hunks.at(-1)?.lines.push(line);
  }
  return hunks.map((hunk) => ({ ...hunk, lines: pairBlocks(joinNotes(hunk.lines), isSpaceHidden) }));
}

/** What is drawn, row by row: one column, or old and new beside each other. */
export function diffRows(hunks: readonly DiffHunk[], isSplit: boolean): readonly DiffRow[] {
  return hunks.flatMap((hunk, index) => {
    const header = { type: 'hunk', hunk, index } as const;
    if (hunk.lines.every((line) => line.kind === 'context')) return [header, { type: 'same', index } as const];
    return [header, ...(isSplit ? splitRows(hunk.lines) : hunk.lines.map((line) => ({ type: 'line', line }) as const))];
  });
}

function joinNotes(lines: readonly PatchLine[]): DiffLine[] {
  const joined: DiffLine[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (line.kind === 'note' && last !== undefined) joined[joined.length - 1] = { ...last, isUnended: true };
    if (line.kind !== 'note' && line.kind !== 'hunk') joined.push({ ...line, pair: null, isUnended: false });
  }
  return joined;
}

/** Works on each run of removed and added lines. */
function pairBlocks(lines: readonly DiffLine[], isSpaceHidden: boolean): readonly DiffLine[] {
  const result: DiffLine[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    result.push(...(isSpaceHidden ? withoutSpaceChanges(removed, added) : withPairs(removed, added)));
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'context' || (line.kind === 'removed' && added.length > 0)) flush();
    if (line.kind === 'removed') removed.push(line);
    else if (line.kind === 'added') added.push(line);
    else result.push(line);
  }
  flush();
  return result;
}

function withPairs(removed: readonly DiffLine[], added: readonly DiffLine[]): readonly DiffLine[] {
  return [
    ...removed.map((line, at) => ({ ...line, pair: added[at]?.text ?? null })),
    ...added.map((line, at) => ({ ...line, pair: removed[at]?.text ?? null })),
  ];
}

function withoutSpaceChanges(removed: readonly DiffLine[], added: readonly DiffLine[]): readonly DiffLine[] {
  const bare = (line: DiffLine) => line.text.replace(/\s+/g, '');
  const result: DiffLine[] = [];
  let before = 0;
  let after = 0;
  for (const [old, fresh] of [...sameLines(removed.map(bare), added.map(bare)), [removed.length, added.length] as const]) {
    result.push(...withPairs(removed.slice(before, old), added.slice(after, fresh)));
    const [was, is] = [removed[old], added[fresh]];
    if (was !== undefined && is !== undefined) result.push({ ...is, kind: 'context', old: was.old, pair: null });
    before = old + 1;
    after = fresh + 1;
  }
  return result;
}

/** Runs too large to compare are compared line by line in their order. */
function sameLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const pairs = commonPairs(a, b);
  return pairs.length > 0 ? pairs : a.flatMap((text, at) => (text === b[at] ? [[at, at] as const] : []));
}

function splitRows(lines: readonly DiffLine[]): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) rows.push({ type: 'pair', left: removed[at] ?? null, right: added[at] ?? null });
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'context' || (line.kind === 'removed' && added.length > 0)) flush();
    if (line.kind === 'removed') removed.push(line);
    else if (line.kind === 'added') added.push(line);
    else rows.push({ type: 'pair', left: line, right: line });
  }
  flush();
  return rows;
}
