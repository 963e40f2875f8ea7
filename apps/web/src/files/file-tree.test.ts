import type { FileEntry } from '@boocode/contracts/project-file.ts';
import { expect, it } from 'vitest';
import { CLOSED_TREE, moveInTree, reduceTree, treeRows } from './file-tree.ts';

function entry(path: string, kind: 'file' | 'folder' = 'file'): FileEntry {
  return { name: path.slice(path.lastIndexOf('/') + 1), path, kind, size: null, status: null, ignored: false };
}

const TOP = reduceTree(reduceTree(CLOSED_TREE, { type: 'open', path: '' }), {
  type: 'read',
  path: '',
  entries: [entry('docs', 'folder'), entry('src', 'folder'), entry('a.ts')],
});
const OPEN = reduceTree(reduceTree(TOP, { type: 'open', path: 'src' }), { type: 'read', path: 'src', entries: [entry('src/x.ts'), entry('src/y.ts')] });

function names(tree: typeof TOP): string[] {
  return treeRows(tree).map((row) => (row.type === 'entry' ? row.entry.path : row.text));
}

it('treeRows() shows what is open, in its place', () => {
  expect(names(TOP)).toEqual(['docs', 'src', 'a.ts']);
  expect(names(OPEN)).toEqual(['docs', 'src', 'src/x.ts', 'src/y.ts', 'a.ts']);
  expect(names(reduceTree(OPEN, { type: 'close', path: 'src' }))).toEqual(['docs', 'src', 'a.ts']);
});

it('reduceTree() keeps what is known while a folder is read again, and says why it cannot be', () => {
  expect(names(reduceTree(OPEN, { type: 'open', path: 'src' }))).toEqual(names(OPEN));
  expect(names(reduceTree(OPEN, { type: 'failed', path: 'src', message: 'It is gone' }))).toEqual(['docs', 'src', 'It is gone', 'a.ts']);
  expect(names(reduceTree(OPEN, { type: 'read', path: 'src', entries: [] }))).toEqual(['docs', 'src', 'This folder is empty.', 'a.ts']);
});

it('moveInTree() walks, opens and closes', () => {
  const rows = treeRows(OPEN);
  expect(moveInTree(rows, 'docs', 'ArrowDown')).toEqual({ to: 'src' });
  expect(moveInTree(rows, 'src', 'ArrowRight')).toEqual({ to: 'src/x.ts' });
  expect(moveInTree(treeRows(TOP), 'src', 'ArrowRight')).toEqual({ to: 'src', open: 'src' });
  expect(moveInTree(rows, 'src/y.ts', 'ArrowLeft')).toEqual({ to: 'src' });
  expect(moveInTree(rows, 'src', 'ArrowLeft')).toEqual({ to: 'src', close: 'src' });
  expect(moveInTree(rows, 'docs', 'a')).toEqual({ to: 'a.ts' });
  expect(moveInTree(rows, 'a.ts', 'End')).toEqual({ to: 'a.ts' });
  expect(moveInTree(rows, 'docs', 'ArrowUp')).toBe(null);
  expect(moveInTree(rows, 'a.ts', 'ArrowRight')).toBe(null);
});
