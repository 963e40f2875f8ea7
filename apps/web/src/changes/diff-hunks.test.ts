import { expect, it } from 'vitest';
import { countHunks, diffHunks, diffRows, readPatchFacts } from './diff-hunks.ts';

const PATCH = '--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@ top()\n one\n-two\n-  three\n+TWO\n+three\n four\n';

it('diffHunks() gives a changed line the text that it took the place of', () => {
  const [hunk] = diffHunks(PATCH, false);
  expect(hunk!.lines.map((line) => [line.kind, line.text, line.pair])).toEqual([
    ['context', 'one', null],
    ['removed', 'two', 'TWO'],
    ['removed', '  three', 'three'],
    ['added', 'TWO', 'two'],
    ['added', 'three', '  three'],
    ['context', 'four', null],
  ]);
});

it('diffHunks() counts lines that differ only in white space as the same', () => {
  const [hunk] = diffHunks(PATCH, true);
  expect(hunk!.lines.map((line) => [line.kind, line.text, line.old, line.new])).toEqual([
    ['context', 'one', 1, 1],
    ['removed', 'two', 2, null],
    ['added', 'TWO', null, 2],
    ['context', 'three', 3, 3],
    ['context', 'four', 4, 4],
  ]);
});

it('diffRows() keeps a hunk whose change is only white space, and says so', () => {
  const hunks = diffHunks('@@ -1 +1 @@\n-a b\n+a  b\n@@ -9 +9 @@\n-x\n+y\n', true);
  expect(diffRows(hunks, false).map((row) => row.type)).toEqual(['hunk', 'same', 'hunk', 'line', 'line']);
});

it('diffRows() puts what took the place of a line beside it, and leaves gaps for the rest', () => {
  const rows = diffRows(diffHunks('@@ -1,3 +1,2 @@\n same\n-a\n-b\n+A\n', false), true);
  expect(rows.slice(1).map((row) => (row.type === 'pair' ? [row.left?.text ?? null, row.right?.text ?? null] : row.type))).toEqual([
    ['same', 'same'],
    ['a', 'A'],
    ['b', null],
  ]);
});

it('diffHunks() knows where a file ends without a line break', () => {
  const [hunk] = diffHunks('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n', false);
  expect(hunk!.lines.map((line) => line.isUnended)).toEqual([true, false]);
});

it('diffHunks() of odd patches: none, only a header, empty lines without their blank, carriage returns', () => {
  expect(diffHunks('', false)).toEqual([]);
  expect(diffHunks('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n', false)).toEqual([]);
  expect(diffHunks('@@ -1,3 +1,3 @@\n a\n\n-b\r\n+b\n', true)[0]!.lines.map((line) => line.kind)).toEqual(['context', 'context', 'context']);
  expect(countHunks('@@ -1 +1 @@\n-@@ -1 +1 @@\n+x\n')).toBe(1);
});

it('readPatchFacts() reads modes from the header alone', () => {
  expect(readPatchFacts('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n')).toEqual({ oldMode: '100644', newMode: '100755' });
  expect(readPatchFacts('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old mode 1\n+new mode 2\n')).toEqual({ oldMode: null, newMode: null });
});
