import type { ChangesPatch, ExportChanges } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { treeWith } from '@boocode/git/advance-base.ts';
import { patchBetween } from '@boocode/git/change-patch.ts';
import { join } from 'node:path';
import { findSessionWorktree } from '../worktrees/worktree-store.ts';
import { baseEditsOf } from './base-edits-of.ts';
import type { ChangeDeps } from './change-deps.ts';
import { chooseChanges } from './choose-changes.ts';
import { openTrees } from './open-trees.ts';

/** Changes as one patch that `git apply` takes: what waits, as it is on the base; or what was applied, as it was. */
export async function exportChanges(deps: ChangeDeps, sessionId: SessionId, { state, ...choice }: ExportChanges): Promise<ChangesPatch> {
  const worktree = await findSessionWorktree(deps.sql, sessionId);
  if (worktree === null) throw new BooError('conflict', 'Cannot export: this session has no changes');
  const trees = await openTrees(deps, worktree);
  const action = state === 'applied' ? 'rewind' : 'apply';
  const chosen = await chooseChanges(deps, sessionId, action, choice, async () => trees.project);
  if (chosen.length === 0) return { patch: '', files: 0 };
  const edits = await baseEditsOf(deps, worktree, trees, action, chosen);
  const other = await treeWith(deps.git, { tree: trees.project, base: worktree.base, edits, scratch: join(deps.journalDir, 'scratch') });
  const sides = state === 'applied' ? { from: other, to: worktree.base } : { from: worktree.base, to: other };
  const bytes = await patchBetween(deps.git, trees.project, sides);
  const patch = bytes.toString('utf8');
  const isText = Buffer.from(patch, 'utf8').equals(bytes);
  return { patch, files: edits.length, ...(isText ? {} : { base64: bytes.toString('base64') }) };
}
