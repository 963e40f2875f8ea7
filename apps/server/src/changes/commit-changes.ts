import type { BranchChanges, CommitChanges, CommittedChanges } from '@boocode/contracts/change.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { makeBranch, moveHead, prepareCommit, refuseUnderWay } from '@boocode/git/commit-edits.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import { join } from 'node:path';
import { getProject } from '../projects/project-routes.ts';
import { getSession } from '../sessions/session-routes.ts';
import { findSessionWorktree } from '../worktrees/worktree-store.ts';
import { actInQueue } from './act-on-changes.ts';
import { baseEditsOf } from './base-edits-of.ts';
import type { ChangeDeps } from './change-deps.ts';
import { chooseChanges, type Choice } from './choose-changes.ts';
import { countChanges } from './count-changes.ts';
import { openTrees } from './open-trees.ts';

/**
 * Applies chosen changes to the project's folder and commits just them on the branch that is checked out: the person's uncommitted work stays what it is.
 * The commit is made first and nothing points to it until the files are there, so that a refusal at any point has changed nothing.
 */
export async function commitChanges(deps: ChangeDeps, sessionId: SessionId, { message, ...choice }: CommitChanges): Promise<CommittedChanges> {
  const { projectId } = await getSession(deps.sql, sessionId);
  return deps.folders.run(projectId, async () => {
    const { tree, branch, edits, scratch } = await prepare(deps, sessionId, choice);
    await refuseUnderWay(tree);
    const prepared = await prepareCommit(deps.git, { tree, edits, message, scratch });
    const applied = await actInQueue(deps, sessionId, 'apply', choice);
    const left = await moveHead(deps.git, { tree, edits, message, scratch, prepared });
    const where = branch === null ? 'on no branch (HEAD is detached)' : `on "${branch}"`;
    const staged = left.length === 0 ? '' : `; what you had staged of ${left.slice(0, 3).join(', ')} does not fit and was left as it is`;
    return {
      commit: prepared.commit,
      branch,
      items: applied.items,
      message: `${applied.message} and committed them ${where}: ${prepared.commit.slice(0, 10)}${staged}`,
    };
  });
}

/** Puts chosen changes on a new branch, on top of the last commit. The folder stays as it is, and the changes stay pending. */
export async function branchChanges(deps: ChangeDeps, sessionId: SessionId, { message, branch, ...choice }: BranchChanges): Promise<CommittedChanges> {
  const { projectId } = await getSession(deps.sql, sessionId);
  return deps.folders.run(projectId, async () => {
    const { tree, edits, scratch, chosen } = await prepare(deps, sessionId, choice);
    const prepared = await prepareCommit(deps.git, { tree, edits, message, scratch });
    await makeBranch(deps.git, tree, branch, prepared.commit);
    const items = chosen.map(({ change }) => change);
    return {
      commit: prepared.commit,
      branch,
      items,
      message: `Put ${countChanges(chosen)} on the branch "${branch}": ${prepared.commit.slice(0, 10)}; they stay pending here`,
    };
  });
}

async function prepare(deps: ChangeDeps, sessionId: SessionId, choice: Choice) {
  const session = await getSession(deps.sql, sessionId);
  const project = await getProject(deps.sql, session.projectId);
  const worktree = await findSessionWorktree(deps.sql, sessionId);
  if (worktree === null) throw nothingToCommit();
  const { tree, state } = await openRepositoryOf(deps.git, { project: project.path, id: worktree.id });
  if (state.kind === 'shadow') {
    const reason = `the session began without git in "${project.path}", so its changes are in a history outside the folder`;
    throw new BooError('no_repository', `Cannot commit: ${reason}; apply them instead, and commit them with git once it is started there`);
  }
  const trees = await openTrees(deps, worktree);
  const chosen = await chooseChanges(deps, sessionId, 'apply', choice, async () => trees.project);
  if (chosen.length === 0) throw nothingToCommit();
  const edits = await baseEditsOf(deps, worktree, trees, 'apply', chosen);
  return { tree, branch: state.branch, edits, chosen, scratch: join(deps.journalDir, 'scratch') };
}

function nothingToCommit(): BooError {
  return new BooError('conflict', 'Cannot commit: there are no pending changes of this choice');
}
