import type { ChangeHunk } from '@boocode/contracts/change.ts';
import { groupByHunk, hunkFinder } from './hunk-lines.ts';
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
  /** The hunk it belongs to, by its place in the change; null = none. */
  readonly hunk: number | null;
}

/** What stands below one `@@` of a patch: changed lines with some around them, of one or several hunks. */
export interface DiffBlock {
  readonly range: string;
  readonly context: string;
  readonly lines: readonly DiffLine[];
}

/** `hunk` of a block: the only one in it, which is decided there; of several, each has a row before its first line. */
export type DiffRow =
  | { readonly type: 'block'; readonly block: DiffBlock; readonly hunk: number | null }
  | { readonly type: 'hunk'; readonly hunk: number; readonly isShown: boolean }
  | { readonly type: 'same' }
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

/** Whether a patch has lines to show. */
export function hasLines(patch: string | null): patch is string {
  return patch !== null && /^@@ -/m.test(patch);
}

/** The blocks of a patch, in their order; `hunks` say what can be chosen. With `isSpaceHidden`, lines that differ only in white space count as the same. */
export function diffBlocks(patch: string, hunks: readonly ChangeHunk[], isSpaceHidden: boolean): readonly DiffBlock[] {
  const blocks: { range: string; context: string; lines: PatchLine[] }[] = [];
  for (const line of parsePatch(patch)) {
    if (line.kind === 'hunk') blocks.push({ range: line.range, context: line.context, lines: [] });
    else blocks.at(-1)?.lines.push(line);
  }
  const findHunk = hunkFinder(hunks);
  return blocks.map((block) => {
    const lines = joinNotes(block.lines).map((line) => ({ ...line, hunk: findHunk(line) }));
    return { ...block, lines: pairRuns(groupByHunk(lines), isSpaceHidden) };
  });
}

/** What is drawn, row by row: one column, or old and new beside each other. Each of the `count` hunks can be decided, also one whose lines are not shown. */
export function diffRows(blocks: readonly DiffBlock[], count: number, isSplit: boolean): readonly DiffRow[] {
  const missing = new Set(Array.from({ length: count }, (_, hunk) => hunk));
  const rows: DiffRow[] = [];
  for (const block of blocks) {
    const found = [...new Set(block.lines.flatMap((line) => (line.hunk !== null && missing.has(line.hunk) ? [line.hunk] : [])))];
    for (const hunk of found) missing.delete(hunk);
    const only = found.length === 1 && block.lines.every((line) => line.hunk === null || line.hunk === found[0]) ? (found[0] ?? null) : null;
    rows.push({ type: 'block', block, hunk: only });
    const own = new Set(only === null ? found : []);
    if (block.lines.some((line) => line.kind !== 'context')) addLines(rows, block.lines, own, isSplit);
    else rows.push(...[...own].map((hunk) => ({ type: 'hunk', hunk, isShown: false }) as const), { type: 'same' });
  }
  for (const hunk of missing) rows.push({ type: 'hunk', hunk, isShown: false });
  return rows;
}

/** The lines of a block; before the first one of each of these hunks, its own row. */
function addLines(rows: DiffRow[], lines: readonly DiffLine[], hunks: Set<number>, isSplit: boolean): void {
  let part: DiffLine[] = [];
  const flush = () => {
    for (const row of isSplit ? splitRows(part) : part) rows.push('type' in row ? row : { type: 'line', line: row });
    part = [];
  };
  for (const line of lines) {
    if (line.hunk !== null && hunks.delete(line.hunk)) {
      flush();
      rows.push({ type: 'hunk', hunk: line.hunk, isShown: true });
    }
    part.push(line);
  }
  flush();
}

function joinNotes(lines: readonly PatchLine[]): DiffLine[] {
  const joined: DiffLine[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (line.kind === 'note' && last !== undefined) joined[joined.length - 1] = { ...last, isUnended: true };
    if (line.kind !== 'note' && line.kind !== 'hunk') joined.push({ ...line, pair: null, isUnended: false, hunk: null });
  }
  return joined;
}

/** Works on each run of removed and added lines of one hunk. */
function pairRuns(lines: readonly DiffLine[], isSpaceHidden: boolean): readonly DiffLine[] {
  const result: DiffLine[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    for (const line of isSpaceHidden ? withoutSpaceChanges(removed, added) : withPairs(removed, added)) result.push(line);
    removed = [];
    added = [];
  };
  for (const line of lines) {
    const last = added.at(-1) ?? removed.at(-1);
    if (line.kind === 'context' || (line.kind === 'removed' && added.length > 0) || (last !== undefined && last.hunk !== line.hunk)) flush();
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
