import { expect, it } from 'vitest';
import { parsePatch } from './patch-lines.ts';

it('parsePatch() numbers both sides and keeps what a hunk is about', () => {
  const patch = '--- a/x.ts\n+++ b/x.ts\n@@ -3,3 +3,4 @@ function login()\n one\n-two\n+TWO\n+more\n three\n';
  expect(parsePatch(patch)).toEqual([
    { kind: 'hunk', range: '3,3', context: 'function login()' },
    { kind: 'context', text: 'one', old: 3, new: 3 },
    { kind: 'removed', text: 'two', old: 4, new: null },
    { kind: 'added', text: 'TWO', old: null, new: 4 },
    { kind: 'added', text: 'more', old: null, new: 5 },
    { kind: 'context', text: 'three', old: 5, new: 6 },
  ]);
});

it('parsePatch() takes removed lines that look like headers for lines', () => {
  const patch = '--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1 @@\n--- a comment\n-++ two\n+@@ -1 +1 @@\n';
  expect(parsePatch(patch)).toEqual([
    { kind: 'hunk', range: '1,2', context: '' },
    { kind: 'removed', text: '-- a comment', old: 1, new: null },
    { kind: 'removed', text: '++ two', old: 2, new: null },
    { kind: 'added', text: '@@ -1 +1 @@', old: null, new: 1 },
  ]);
});

it('parsePatch() says that a line break is missing', () => {
  const patch = '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n';
  expect(parsePatch(patch).map((line) => line.kind)).toEqual(['hunk', 'removed', 'note', 'added', 'note']);
});
