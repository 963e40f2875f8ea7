import type { ChangeCollision, ChangeConflict, ChangesPreview, PreviewChanges } from '@boocode/contracts/change.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { invertEdit, previewApply } from '@boocode/git/apply-changes.ts';
import type { ApplyPlan, FileConflict } from '@boocode/git/apply-plan.ts';
import { patchesOf } from '@boocode/git/change-patch.ts';
import { findCollisions } from '@boocode/git/collisions.ts';
import { join } from 'node:path';
import { findSessionWorktree } from '../worktrees/worktree-store.ts';
import { baseEditsOf } from './base-edits-of.ts';
import type { ChangeDeps } from './change-deps.ts';
import { type ChosenChange, listWaitingElsewhere } from './change-store.ts';
import { ACTIONS, chooseChanges } from './choose-changes.ts';
import { countChanges } from './count-changes.ts';
import { openTrees, type Trees } from './open-trees.ts';
import { editOf } from './split-change.ts';

/** Of a text with both versions between marks, or of a proposed one, in an answer. */
const MAX_TEXT_LENGTH = 200_000;
const MAX_PATCH_BYTES = 200_000;

/** What an action would do to the folder (a rejection: to the worktree), and whom it would get in the way of. Touches nothing. */
export async function previewChanges(deps: ChangeDeps, sessionId: SessionId, { action, ...choice }: PreviewChanges): Promise<ChangesPreview> {
  const { verb, kind } = ACTIONS[action];
  const worktree = await findSessionWorktree(deps.sql, sessionId);
  const trees = worktree === null ? null : await openTrees(deps, worktree);
  const chosen = trees === null ? [] : await chooseChanges(deps, sessionId, action, choice, async () => trees.project);
  if (worktree === null || trees === null || chosen.length === 0)
    return { files: [], conflicts: [], collisions: [], message: `Nothing to ${verb}: there are no ${kind} changes` };
  const plan = await planOf(deps, worktree, trees, action, chosen);
  const collisions = action === 'reject' || plan.conflicts.length > 0 ? [] : await collisionsOf(deps, worktree, trees, plan);
  const conflicts = await Promise.all(plan.conflicts.map((conflict) => shownConflict(deps, trees, conflict)));
  return { files: [...plan.files], conflicts, collisions, message: summary(verb, chosen, plan, collisions) };
}

async function planOf(
  deps: ChangeDeps,
  worktree: Worktree,
  trees: Trees,
  action: 'apply' | 'rewind' | 'reject',
  chosen: readonly ChosenChange[],
): Promise<ApplyPlan> {
  const { journalDir } = deps;
  if (action === 'reject')
    return previewApply(deps.git, { tree: trees.tree, prefix: '', edits: chosen.map((each) => invertEdit(editOf(each))), journalDir, match: 'exact' });
  const edits = await baseEditsOf(deps, worktree, trees, action, chosen);
  return previewApply(deps.git, { tree: trees.project, prefix: trees.prefix, edits, journalDir });
}

async function collisionsOf(deps: ChangeDeps, worktree: Worktree, trees: Trees, plan: ApplyPlan): Promise<ChangeCollision[]> {
  const paths = plan.ops.map((op) => op.path);
  const others = await listWaitingElsewhere(deps.sql, worktree, paths);
  const found = await findCollisions(deps.git, {
    tree: trees.project,
    plan,
    others: others.map(({ file }) => file),
    scratch: join(deps.journalDir, 'scratch'),
  });
  return found.flatMap((index) => {
    const other = others[index];
    if (other === undefined) return [];
    const { change, sessionTitle } = other;
    const whose = change.agent === null ? `"${sessionTitle}"` : `"${sessionTitle}" (${change.agent})`;
    const message = `"${change.path}" is also changed in ${whose}, in the same lines: once yours is in the folder, theirs is in conflict`;
    return [{ path: change.path, sessionId: change.sessionId, sessionTitle, changeId: change.id, agent: change.agent, message }];
  });
}

/** A conflict as it travels: texts only as far as they can be shown. */
export async function shownConflict(deps: Pick<ChangeDeps, 'git'>, trees: Trees, conflict: FileConflict): Promise<ChangeConflict> {
  const { path, reason, message, merged } = conflict;
  return { path, reason, message, merged: shortEnough(merged), proposal: await shownProposal(deps, trees, conflict) };
}

async function shownProposal({ git }: Pick<ChangeDeps, 'git'>, { project }: Trees, { path, proposal }: FileConflict): Promise<ChangeConflict['proposal']> {
  if (proposal === undefined || proposal.text.length > MAX_TEXT_LENGTH) return null;
  const modes = { oldMode: '100644', newMode: '100644' };
  const change = {
    path,
    oldPath: null,
    kind: 'modified',
    oldBlob: proposal.ours,
    newBlob: proposal.blob,
    binary: false,
    additions: 0,
    deletions: 0,
    ...modes,
  } as const;
  const [shown] = await patchesOf(git, { tree: project, changes: [change], maxBytes: MAX_PATCH_BYTES });
  return { blob: proposal.blob, text: proposal.text, patch: shown?.patch ?? null, explanation: proposal.explanation };
}

function shortEnough(text: string | null): string | null {
  return text === null || text.length > MAX_TEXT_LENGTH ? null : text;
}

function summary(verb: string, chosen: readonly ChosenChange[], plan: ApplyPlan, collisions: readonly ChangeCollision[]): string {
  if (plan.conflicts.length > 0) {
    const reasons = plan.conflicts.slice(0, 3).map((conflict) => conflict.message);
    return `Nothing can be done yet: ${reasons.join('; ')}`;
  }
  const merged = plan.files.filter((file) => file.outcome === 'merged').length;
  const parts = [`Would ${verb} ${countChanges(chosen)}`];
  if (merged > 0) parts.push(`${merged} merged with your own changes`);
  const sessions = new Set(collisions.map((collision) => collision.sessionId)).size;
  if (sessions > 0) parts.push(`afterwards ${sessions === 1 ? 'another session is' : `${sessions} other sessions are`} in conflict`);
  return parts.join('; ');
}
