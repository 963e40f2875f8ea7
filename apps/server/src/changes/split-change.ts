import type { FileEdit } from '@boocode/git/apply-plan.ts';
import { readBlobs, writeBlob } from '@boocode/git/blobs.ts';
import type { FileChange } from '@boocode/git/collect-changes.ts';
import { afterDropping, afterTaking, type LineRange, splitLines, withHunks } from '@boocode/git/hunks.ts';
import type { Git, WorkTree } from '@boocode/git/run-git.ts';
import type { ChosenChange, JournalAction, LeftOver, StoredChange } from './change-store.ts';

/** A change cut in two: what is chosen, and what is left over. */
export interface SplitChange {
  readonly part: LeftOver;
  readonly left: LeftOver;
}

/** What is done to files by a chosen change: all of it, or its part. */
export function editOf({ file, part }: ChosenChange): FileEdit {
  return part === null ? file : part.edit;
}

/**
 * Cuts a change in two at its hunks. What is applied goes first: the part stands on the old text, and what is left over on the part. What is rejected or
 * taken back goes last: what is left over stands on the old text, and the part on it. A new name or mode stays with what waits on.
 */
export async function splitChange(git: Git, tree: WorkTree, stored: StoredChange, chosen: readonly string[], action: JournalAction): Promise<SplitChange> {
  const { file, hunks } = stored;
  const isChosen = (hunk: { readonly id: string }) => chosen.includes(hunk.id);
  const contents = await readBlobs(
    git,
    tree,
    [file.oldBlob, file.newBlob].filter((blob) => blob !== null),
  );
  const [before, after] = [file.oldBlob, file.newBlob].map((blob) => splitLines((blob === null ? undefined : contents.get(blob)) ?? Buffer.alloc(0)));
  const first = hunks.filter((hunk) => isChosen(hunk) === (action === 'apply'));
  const middle = await writeBlob(git, tree, withHunks(before ?? [], after ?? [], first));
  const isFirst = (hunk: { readonly id: string }) => isChosen(hunk) === (action === 'apply');
  const lower = afterDropping(hunks, (hunk) => !isFirst(hunk));
  const upper = afterTaking(hunks, isFirst);
  if (action === 'apply') {
    const path = file.oldPath ?? file.path;
    const part = counted({ ...file, path, oldPath: null, kind: 'modified', newBlob: middle, newMode: file.oldMode }, lower);
    return { part: { file: part, hunks: lower }, left: { file: counted({ ...file, oldBlob: middle }, upper), hunks: upper } };
  }
  const part = counted({ ...file, oldPath: null, kind: 'modified', oldBlob: middle, oldMode: file.newMode }, upper);
  return { part: { file: part, hunks: upper }, left: { file: counted({ ...file, newBlob: middle }, lower), hunks: lower } };
}

function counted(file: FileChange, hunks: readonly LineRange[]): FileChange {
  return {
    ...file,
    additions: hunks.reduce((sum, hunk) => sum + hunk.newLines, 0),
    deletions: hunks.reduce((sum, hunk) => sum + hunk.oldLines, 0),
  };
}
