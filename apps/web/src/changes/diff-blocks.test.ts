import type { ChangeHunk } from '@boocode/contracts/change.ts';
import { expect, it } from 'vitest';
import { diffBlocks, type DiffLine, type DiffRow, diffRows, hasLines, patchHead, readPatchFacts } from './diff-blocks.ts';

const PATCH = '--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@ top()\n one\n-two\n-  three\n+TWO\n+three\n four\n';

function hunk(oldStart: number, oldLines: number, newStart: number, newLines: number): ChangeHunk {
  return { id: `${oldStart}-${newStart}`, oldStart, oldLines, newStart, newLines, marked: false, agent: null, chatId: null, taskId: null };
}

function words(row: DiffRow): string {
  if (row.type === 'line') return `${row.line.kind} ${row.line.text}`;
  if (row.type === 'pair') return `${row.left?.text ?? ''}|${row.right?.text ?? ''}`;
  return row.type === 'block' || row.type === 'hunk' ? `${row.type} ${row.hunk}` : row.type;
}

/** The text that a line took the place of, or that took its place. */
function otherText({ kind, pair }: DiffLine): string | undefined {
  return kind === 'removed' ? pair?.after : pair?.before;
}

it('diffBlocks() gives a changed line the text that it took the place of', () => {
  const [block] = diffBlocks(PATCH, [], false);
  expect(block!.lines.map((line) => [line.kind, line.text, otherText(line)])).toEqual([
    ['context', 'one', undefined],
    ['removed', 'two', 'TWO'],
    ['removed', '  three', 'three'],
    ['added', 'TWO', 'two'],
    ['added', 'three', '  three'],
    ['context', 'four', undefined],
  ]);
});

it('diffBlocks() counts lines that differ only in white space as the same', () => {
  const [block] = diffBlocks(PATCH, [], true);
  expect(block!.lines.map((line) => [line.kind, line.text, line.old, line.new])).toEqual([
    ['context', 'one', 1, 1],
    ['removed', 'two', 2, null],
    ['added', 'TWO', null, 2],
    ['context', 'three', 3, 3],
    ['context', 'four', 4, 4],
  ]);
});

it('diffRows() decides the only hunk of a block at its top, and each of several before its first line', () => {
  const patch = '@@ -1,5 +1,5 @@\n-a\n+A\n b\n c\n-d\n+D\n e\n@@ -20 +20 @@\n-x\n+y\n';
  const hunks = [hunk(1, 1, 1, 1), hunk(4, 1, 4, 1), hunk(20, 1, 20, 1)];
  expect(diffRows(diffBlocks(patch, hunks, false), 3, false).map(words)).toEqual([
    'block null',
    'hunk 0',
    'removed a',
    'added A',
    'context b',
    'context c',
    'hunk 1',
    'removed d',
    'added D',
    'context e',
    'block 2',
    'removed x',
    'added y',
  ]);
});

it('diffRows() shows hunks that touch each other one after the other, in both layouts', () => {
  const blocks = diffBlocks('@@ -1,2 +1,3 @@\n-a\n-b\n+A\n+B\n+C\n', [hunk(1, 1, 1, 1), hunk(2, 1, 2, 2)], false);
  expect(diffRows(blocks, 2, false).map(words)).toEqual(['block null', 'hunk 0', 'removed a', 'added A', 'hunk 1', 'removed b', 'added B', 'added C']);
  expect(diffRows(blocks, 2, true).map(words)).toEqual(['block null', 'hunk 0', 'a|A', 'hunk 1', 'b|B', '|C']);
  expect(blocks[0]!.lines.map(otherText)).toEqual(['A', 'a', 'B', 'b', undefined]);
});

it('diffRows() offers a hunk whose lines are not shown, at the end', () => {
  const blocks = diffBlocks('@@ -1 +1 @@\n-a\n+A\n', [hunk(1, 1, 1, 1), hunk(900, 1, 900, 1)], false);
  expect(diffRows(blocks, 2, false).map(words)).toEqual(['block 0', 'removed a', 'added A', 'hunk 1']);
});

it('diffRows() keeps a hunk whose change is only white space, and says so', () => {
  const blocks = diffBlocks('@@ -1 +1 @@\n-a b\n+a  b\n@@ -9 +9 @@\n-x\n+y\n', [hunk(1, 1, 1, 1), hunk(9, 1, 9, 1)], true);
  expect(diffRows(blocks, 2, false).map(words)).toEqual(['block 0', 'same', 'block 1', 'removed x', 'added y']);
});

it('diffRows() puts what took the place of a line beside it, and leaves gaps for the rest', () => {
  const rows = diffRows(diffBlocks('@@ -1,3 +1,2 @@\n same\n-a\n-b\n+A\n', [hunk(2, 2, 2, 1)], false), 1, true);
  expect(rows.map(words)).toEqual(['block 0', 'same|same', 'a|A', 'b|']);
});

it('diffBlocks() knows where a file ends without a line break', () => {
  const [block] = diffBlocks('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n', [], false);
  expect(block!.lines.map((line) => line.isUnended)).toEqual([true, false]);
});

it('diffBlocks() of odd patches: none, only a header, empty lines without their blank, carriage returns', () => {
  expect(diffBlocks('', [], false)).toEqual([]);
  expect(diffBlocks('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n', [], false)).toEqual([]);
  expect(diffBlocks('@@ -1,3 +1,3 @@\n a\n\n-b\r\n+b\n', [], true)[0]!.lines.map((line) => line.kind)).toEqual(['context', 'context', 'context']);
  expect([hasLines('@@ -1 +1 @@\n-x\n+y\n'), hasLines('diff --git a/x b/x\n'), hasLines(null)]).toEqual([true, false, false]);
});

it('readPatchFacts() reads modes from the header alone', () => {
  expect(readPatchFacts('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n')).toEqual({ oldMode: '100644', newMode: '100755' });
  expect(readPatchFacts('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old mode 1\n+new mode 2\n')).toEqual({ oldMode: null, newMode: null });
});

it('patchHead() is some whole blocks of a long patch, and all of a short one', () => {
  const block = (start: number) => `@@ -${start},20 +${start},20 @@\n${' same\n'.repeat(18)}-a\n+b\n c\n`;
  const blocks = Array.from({ length: 50 }, (_, at) => block(at * 100 + 1));
  const head = '--- a/x\n+++ b/x\n';
  expect(patchHead(head + blocks.join(''))).toBe(head + blocks.slice(0, 2).join(''));
  expect(patchHead(head + blocks[0]!)).toBe(head + blocks[0]!);
  expect(patchHead(`${head}@@ -1,90 +0,0 @@\n${'-a\n'.repeat(90)}`)).toHaveLength(head.length + 17 + 90 * 3);
});

it('diffRows() of the beginning of a patch says nothing of the hunks to come', () => {
  const patch = '@@ -1 +1 @@\n-a\n+b\n';
  const blocks = diffBlocks(patch, [hunk(1, 1, 1, 1), hunk(20, 1, 20, 1)], false);
  expect(diffRows(blocks, null, false).map(words)).toEqual(['block 0', 'removed a', 'added b']);
  expect(diffRows(blocks, 2, false).map(words)).toEqual(['block 0', 'removed a', 'added b', 'hunk 1']);
});

it('diffBlocks() finds the changed words of two lines once, for both', () => {
  const [block] = diffBlocks('@@ -1 +1 @@\n-const sum = 1;\n+const sum = 2;\n', [], false);
  const [before, after] = block!.lines;
  expect(before!.pair!.words()).toEqual({ old: [[12, 13]], new: [[12, 13]] });
  expect(after!.pair!.words()).toBe(before!.pair!.words());
});
