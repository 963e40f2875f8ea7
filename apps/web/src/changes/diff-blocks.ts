import type { ChangeHunk } from '@boocode/contracts/change.ts';
import { groupByHunk, hunkFinder } from './hunk-lines.ts';
import { parsePatch } from './patch-lines.ts';
import { commonPairs, diffWords, type WordDiff } from './word-diff.ts';

/** A line that goes and the one that comes in its place. */
export interface LinePair {
  readonly before: string;
  readonly after: string;
  /** What changed between them, found once for both lines. */
  readonly words: () => WordDiff | null;
}

/** A line of a diff. `pair` is null where it took the place of none, and none took its place. */
export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed';
  readonly text: string;
  readonly old: number | null;
  readonly new: number | null;
  readonly pair: LinePair | null;
  /** The file ends here without a line break. */
  readonly isUnended: boolean;
  /** The hunk it belongs to, by its place in the change; null = none. */
  readonly hunk: number | null;
}

/** While its block is read. A diff has thousands of lines: each is one object from the beginning, none is copied. */
type LineDraft = { -readonly [Key in keyof DiffLine]: DiffLine[Key] };

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

/** About a screen of lines. */
const HEAD_LINES = 40;

/** The blocks with which a patch begins, about a screen of them; the patch itself where that is nearly all. */
export function patchHead(patch: string): string {
  let end = 0;
  for (let line = 0; line < HEAD_LINES && end >= 0; line++) end = patch.indexOf('\n', end + 1);
  const next = end < 0 ? -1 : patch.indexOf('\n@@ -', end);
  return next < 0 ? patch : patch.slice(0, next + 1);
}

/** The blocks of a patch, in their order; `hunks` say what can be chosen. With `isSpaceHidden`, lines that differ only in white space count as the same. */
export function diffBlocks(patch: string, hunks: readonly ChangeHunk[], isSpaceHidden: boolean): readonly DiffBlock[] {
  const blocks: { range: string; context: string; lines: readonly LineDraft[] }[] = [];
  const findHunk = hunkFinder(hunks);
  let lines: LineDraft[] = [];
  for (const line of parsePatch(patch)) {
    if (line.kind === 'hunk') {
      lines = [];
      blocks.push({ range: line.range, context: line.context, lines });
      continue;
    }
    const last = lines.at(-1);
    if (line.kind !== 'note')
      lines.push({ kind: line.kind, text: line.text, old: line.old, new: line.new, pair: null, isUnended: false, hunk: findHunk(line) });
    else if (last !== undefined) last.isUnended = true;
  }
  for (const block of blocks) block.lines = pairRuns(groupByHunk(block.lines), isSpaceHidden);
  return blocks;
}

/**
 * What is drawn, row by row: one column, or old and new beside each other. Each of the `count` hunks can be decided, also one whose lines are not shown;
 * null = there is more to come, only what is shown counts.
 */
export function diffRows(blocks: readonly DiffBlock[], count: number | null, isSplit: boolean): readonly DiffRow[] {
  const placed = new Set<number>();
  const rows: DiffRow[] = [];
  for (const block of blocks) {
    const found = hunksOf(block.lines);
    const own = new Set(found.filter((hunk) => !placed.has(hunk)));
    for (const hunk of own) placed.add(hunk);
    const [first] = own;
    const only = found.length === 1 ? (first ?? null) : null;
    rows.push({ type: 'block', block, hunk: only });
    if (only !== null) own.clear();
    if (block.lines.some((line) => line.kind !== 'context')) addLines(rows, block.lines, own, isSplit);
    else rows.push(...[...own].map((hunk) => ({ type: 'hunk', hunk, isShown: false }) as const), { type: 'same' });
  }
  for (let hunk = 0; hunk < (count ?? 0); hunk++) if (!placed.has(hunk)) rows.push({ type: 'hunk', hunk, isShown: false });
  return rows;
}

function hunksOf(lines: readonly DiffLine[]): readonly number[] {
  const hunks = new Set<number>();
  for (const { hunk } of lines) if (hunk !== null) hunks.add(hunk);
  return [...hunks];
}

/** The lines of a block; before the first one of each of these hunks, its own row. */
function addLines(rows: DiffRow[], lines: readonly DiffLine[], hunks: Set<number>, isSplit: boolean): void {
  let part: DiffLine[] = [];
  const flush = () => {
    if (isSplit) addPairs(rows, part);
    else for (const line of part) rows.push({ type: 'line', line });
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

/** Works on each run of removed and added lines of one hunk. */
function pairRuns(lines: readonly LineDraft[], isSpaceHidden: boolean): readonly LineDraft[] {
  const result: LineDraft[] = [];
  let removed: LineDraft[] = [];
  let added: LineDraft[] = [];
  const flush = () => {
    if (isSpaceHidden) for (const line of withoutSpaceChanges(removed, added)) result.push(line);
    else addRun(result, removed, added);
    removed = [];
    added = [];
  };
  for (const line of lines) {
    const last = added.at(-1) ?? removed.at(-1);
    if (last !== undefined && (line.kind === 'context' || (line.kind === 'removed' && added.length > 0) || last.hunk !== line.hunk)) flush();
    if (line.kind === 'removed') removed.push(line);
    else if (line.kind === 'added') added.push(line);
    else result.push(line);
  }
  flush();
  return result;
}

/** What goes and what comes in its place, line by line. */
function addRun(lines: LineDraft[], removed: readonly LineDraft[], added: readonly LineDraft[]): void {
  for (const [at, line] of removed.entries()) {
    const other = added[at];
    if (other !== undefined) line.pair = other.pair = pairOf(line.text, other.text);
    lines.push(line);
  }
  for (const line of added) lines.push(line);
}

function pairOf(before: string, after: string): LinePair {
  let words: WordDiff | null | undefined;
  return { before, after, words: () => (words === undefined ? (words = diffWords(before, after)) : words) };
}

function withoutSpaceChanges(removed: readonly LineDraft[], added: readonly LineDraft[]): readonly LineDraft[] {
  const bare = (line: DiffLine) => line.text.replace(/\s+/g, '');
  const result: LineDraft[] = [];
  let before = 0;
  let after = 0;
  for (const [old, fresh] of [...sameLines(removed.map(bare), added.map(bare)), [removed.length, added.length] as const]) {
    addRun(result, removed.slice(before, old), added.slice(after, fresh));
    const [was, is] = [removed[old], added[fresh]];
    if (was !== undefined && is !== undefined) result.push({ ...is, kind: 'context', old: was.old });
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

function addPairs(rows: DiffRow[], lines: readonly DiffLine[]): void {
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
}
