import type { FileEdit } from './apply-plan.ts';
import { readBlobs, writeBlob } from './blobs.ts';
import { mergeTexts } from './merge-text.ts';
import { type Git, nameOf, runGit, splitRecords, type WorkTree } from './run-git.ts';
import { isBinary, isLfsPointer } from './text-style-policy.ts';

export interface OnBase {
  readonly tree: WorkTree;
  /** A commit or tree. */
  readonly base: string;
  /** In the order in which they are to be made; several may be about one file. */
  readonly edits: readonly FileEdit[];
  readonly scratch: string;
}

/** A file as a tree has it. */
export interface Entry {
  readonly blob: string;
  readonly mode: string;
  /** The path whose content this was in the base; null when it was made by an edit. */
  readonly origin: string | null;
}

export interface BasedEdits {
  readonly edits: FileEdit[];
  readonly conflicts: string[];
}

/**
 * Edits as they are on a base that has moved on since they were found: each is merged into what the base holds by now, and what comes of one file is one
 * edit. `conflicts` names the files whose lines a later change has built on; then `edits` are of no use.
 */
export async function editsOnBase(git: Git, options: OnBase): Promise<BasedEdits> {
  return mergeEdits(git, options, await readEntries(git, options.tree, options.base, pathsOf(options.edits)));
}

/** The same on files that are given: `before` has what lies at the edits' paths. */
export async function mergeEdits(git: Git, options: Omit<OnBase, 'base'>, before: ReadonlyMap<string, Entry>): Promise<BasedEdits> {
  const { edits } = options;
  if (isAsFound(edits, before, pathsOf(edits).length)) return { edits: [...edits], conflicts: [] };
  const now = new Map(before);
  const conflicts: string[] = [];
  for (const edit of edits) {
    const made = await makeEdit(git, options, now, edit);
    if (!made) conflicts.push(edit.path);
  }
  return { edits: conflicts.length > 0 ? [] : difference(before, now), conflicts };
}

export function pathsOf(edits: readonly FileEdit[]): string[] {
  return [...new Set(edits.flatMap((edit) => (edit.oldPath === null ? [edit.path] : [edit.oldPath, edit.path])))];
}

/** Nothing has moved and no file is meant twice: the edits say it all, renames too. */
function isAsFound(edits: readonly FileEdit[], before: ReadonlyMap<string, Entry>, paths: number): boolean {
  const named = edits.reduce((sum, edit) => sum + (edit.oldPath === null ? 1 : 2), 0);
  return named === paths && edits.every((edit) => (before.get(edit.oldPath ?? edit.path)?.blob ?? null) === edit.oldBlob);
}

async function makeEdit(git: Git, options: Omit<OnBase, 'base'>, now: Map<string, Entry>, edit: FileEdit): Promise<boolean> {
  const from = edit.oldPath ?? edit.path;
  const current = now.get(from) ?? null;
  if (edit.newBlob === null) {
    if (current !== null && current.blob !== edit.oldBlob) return false;
    now.delete(from);
    return true;
  }
  const mode = edit.newMode ?? '100644';
  if (edit.oldBlob === null) {
    const there = now.get(edit.path);
    if (there !== undefined && there.blob !== edit.newBlob) return false;
    now.set(edit.path, { blob: edit.newBlob, mode, origin: there?.origin ?? null });
    return true;
  }
  if (current === null) return false;
  const blob = current.blob === edit.oldBlob ? edit.newBlob : await merge(git, options, edit.oldBlob, current.blob, edit.newBlob);
  if (blob === null) return false;
  if (from !== edit.path && now.has(edit.path)) return false;
  now.delete(from);
  now.set(edit.path, { blob, mode: edit.oldMode === edit.newMode ? current.mode : mode, origin: current.origin });
  return true;
}

/** The blob of a clean merge, or null. */
async function merge(git: Git, { tree, scratch }: Omit<OnBase, 'base'>, base: string, ours: string, theirs: string): Promise<string | null> {
  if (ours === theirs) return ours;
  if (base === theirs) return ours;
  const contents = await readBlobs(git, tree, [base, ours, theirs]);
  const texts = [base, ours, theirs].map((id) => contents.get(id) ?? Buffer.alloc(0));
  if (texts.some((text) => isBinary(text) || isLfsPointer(text))) return null;
  const [baseText, oursText, theirsText] = texts;
  if (baseText === undefined || oursText === undefined || theirsText === undefined) return null;
  const merged = await mergeTexts(git, {
    scratch,
    base: baseText,
    ours: oursText,
    theirs: theirsText,
    labels: { ours: 'later changes', theirs: 'this change' },
  });
  return merged.clean ? writeBlob(git, tree, merged.text) : null;
}

function difference(before: ReadonlyMap<string, Entry>, now: ReadonlyMap<string, Entry>): FileEdit[] {
  const moved = new Map([...now].flatMap(([path, { origin }]) => (origin !== null && origin !== path && !now.has(origin) ? [[path, origin] as const] : [])));
  const edits: FileEdit[] = [];
  for (const [path, entry] of now) {
    const from = moved.get(path) ?? path;
    const old = before.get(from) ?? null;
    if (from === path && old?.blob === entry.blob && old.mode === entry.mode) continue;
    edits.push({
      path,
      oldPath: from === path ? null : from,
      oldBlob: old?.blob ?? null,
      newBlob: entry.blob,
      oldMode: old?.mode ?? null,
      newMode: entry.mode,
    });
  }
  const gone = new Set(moved.values());
  for (const [path, old] of before) {
    if (!now.has(path) && !gone.has(path)) edits.push({ path, oldPath: null, oldBlob: old.blob, newBlob: null, oldMode: old.mode, newMode: null });
  }
  return edits;
}

/** What a commit or tree has at these paths. */
export async function readEntries(git: Git, tree: WorkTree, base: string, paths: readonly string[]): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  // Many paths do not fit a command line.
  for (let at = 0; at < paths.length; at += 500) {
    const { stdout } = await runGit(git, {
      at: tree,
      args: ['ls-tree', '-z', '--full-tree', base, '--', ...paths.slice(at, at + 500)],
      what: `read the base of a worktree of "${tree.path}"`,
    });
    for (const record of splitRecords(stdout)) {
      const end = record.indexOf('\t');
      const [mode = '', type, blob = ''] = record.slice(0, end).split(' ');
      const path = nameOf(record.slice(end + 1));
      if (path !== null && type !== 'tree') entries.set(path, { blob, mode, origin: path });
    }
  }
  return entries;
}
