import type { FileEntry } from '@boocode/contracts/project-file.ts';

/** What is known of each folder; a folder that was never opened is absent. '' is the top. */
export interface TreeState {
  readonly folders: ReadonlyMap<string, FolderState>;
  readonly open: ReadonlySet<string>;
}

export type FolderState =
  | { readonly state: 'reading'; readonly entries: readonly FileEntry[] }
  | { readonly state: 'read'; readonly entries: readonly FileEntry[] }
  | { readonly state: 'failed'; readonly entries: readonly FileEntry[]; readonly message: string };

export type TreeAction =
  | { readonly type: 'open'; readonly path: string }
  | { readonly type: 'close'; readonly path: string }
  | { readonly type: 'read'; readonly path: string; readonly entries: readonly FileEntry[] }
  | { readonly type: 'failed'; readonly path: string; readonly message: string };

export const CLOSED_TREE: TreeState = { folders: new Map(), open: new Set(['']) };

/** What was read of a folder stays visible while it is read again. */
export function reduceTree(tree: TreeState, action: TreeAction): TreeState {
  const known = tree.folders.get(action.path)?.entries ?? [];
  const withFolder = (folder: FolderState) => new Map(tree.folders).set(action.path, folder);
  switch (action.type) {
    case 'open':
      return { folders: withFolder({ state: 'reading', entries: known }), open: new Set([...tree.open, action.path]) };
    case 'close':
      return { ...tree, open: new Set([...tree.open].filter((path) => path !== action.path)) };
    case 'read':
      return { ...tree, folders: withFolder({ state: 'read', entries: action.entries }) };
    case 'failed':
      return { ...tree, folders: withFolder({ state: 'failed', entries: known, message: action.message }) };
  }
}

export type TreeRow =
  | { readonly type: 'entry'; readonly entry: FileEntry; readonly depth: number; readonly isOpen: boolean; readonly position: number; readonly size: number }
  | { readonly type: 'note'; readonly path: string; readonly depth: number; readonly text: string; readonly isFailure: boolean };

/** The rows that are seen, in their order. */
export function treeRows(tree: TreeState, path = '', depth = 0): readonly TreeRow[] {
  const folder = tree.folders.get(path);
  if (folder === undefined) return [];
  const note = (text: string, isFailure: boolean): TreeRow => ({ type: 'note', path, depth, text, isFailure });
  if (folder.state === 'failed') return [note(folder.message, true)];
  if (folder.entries.length === 0) return folder.state === 'read' ? [note('This folder is empty.', false)] : [];
  return folder.entries.flatMap((entry, at) => {
    const isOpen = entry.kind === 'folder' && tree.open.has(entry.path);
    const row: TreeRow = { type: 'entry', entry, depth, isOpen, position: at + 1, size: folder.entries.length };
    return isOpen ? [row, ...treeRows(tree, entry.path, depth + 1)] : [row];
  });
}

export interface TreeMove {
  /** The row that has the focus then. */
  readonly to: string;
  readonly open?: string;
  readonly close?: string;
}

/** What a key does in the tree, as everywhere: arrows, Home, End, the first letter. Null = nothing. */
export function moveInTree(rows: readonly TreeRow[], current: string | null, key: string): TreeMove | null {
  const entries = rows.filter((row) => row.type === 'entry');
  const at = entries.findIndex((row) => row.entry.path === current);
  const here = entries[at];
  const to = (row: (typeof entries)[number] | undefined): TreeMove | null => (row === undefined ? null : { to: row.entry.path });
  switch (key) {
    case 'ArrowDown':
      return to(entries[at + 1]);
    case 'ArrowUp':
      return to(at <= 0 ? undefined : entries[at - 1]);
    case 'Home':
      return to(entries[0]);
    case 'End':
      return to(entries.at(-1));
    case 'ArrowRight': {
      if (here?.entry.kind !== 'folder') return null;
      if (!here.isOpen) return { to: here.entry.path, open: here.entry.path };
      const child = entries[at + 1];
      return child !== undefined && child.depth > here.depth ? to(child) : null;
    }
    case 'ArrowLeft': {
      if (here === undefined) return null;
      if (here.isOpen) return { to: here.entry.path, close: here.entry.path };
      return to(entries.slice(0, at).findLast((row) => row.depth < here.depth));
    }
    default: {
      if (key.length !== 1 || key === ' ') return null;
      const order = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
      return to(order.find((row) => row.entry.name.toLowerCase().startsWith(key.toLowerCase())));
    }
  }
}
