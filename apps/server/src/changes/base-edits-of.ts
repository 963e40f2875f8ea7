import { BooError } from '@boocode/contracts/error-code.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { invertEdit } from '@boocode/git/apply-changes.ts';
import type { FileEdit } from '@boocode/git/apply-plan.ts';
import { editsOnBase } from '@boocode/git/base-edits.ts';
import { join } from 'node:path';
import type { ChangeDeps } from './change-deps.ts';
import type { ChosenChange } from './change-store.ts';
import type { Trees } from './open-trees.ts';
import { editOf } from './split-change.ts';

/**
 * What applying or taking back these changes does to the worktree's base, one edit for each file; the same is then merged into the project's folder.
 * Rejects with `change_conflict` when a change that was applied later builds on one that is to be taken back.
 */
export async function baseEditsOf(
  deps: Pick<ChangeDeps, 'git' | 'journalDir'>,
  worktree: Pick<Worktree, 'base'>,
  trees: Trees,
  action: 'apply' | 'rewind',
  chosen: readonly ChosenChange[],
): Promise<FileEdit[]> {
  const edits = chosen.map((each) => (action === 'apply' ? editOf(each) : invertEdit(editOf(each))));
  const found = await editsOnBase(deps.git, { tree: trees.project, base: worktree.base, edits, scratch: join(deps.journalDir, 'scratch') });
  if (found.conflicts.length === 0) return found.edits;
  const names = found.conflicts.slice(0, 3).map((path) => `"${path}"`);
  const details = found.conflicts.map((path) => ({
    path,
    reason: 'overlap',
    message: `"${path}": a change that was applied later builds on these lines; take that one back first`,
    merged: null,
  }));
  throw new BooError(
    'change_conflict',
    `Cannot ${action} ${names.join(', ')}: a change that was applied later builds on the same lines; take that one back first, or both together`,
    { details },
  );
}
