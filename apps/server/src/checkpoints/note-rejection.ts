import { CheckpointId, type SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { findFolderState } from '@boocode/git/checkpoint.ts';
import type { WorkTree } from '@boocode/git/run-git.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { insertTaking, markKept } from './checkpoint-store.ts';
import { publishCheckpoints } from './publish-checkpoints.ts';

export interface Rejection {
  /** Names the ref that the rejection has made. */
  readonly id: string;
  readonly commit: string;
  readonly worktree: Worktree;
  readonly sessionId: SessionId;
  readonly tree: WorkTree;
}

/** Lists the checkpoint that a rejection took. Never rejects: the files are kept in any case, and the rejection is done. */
export async function noteRejection(
  deps: Pick<CheckpointDeps, 'sql' | 'hub' | 'git' | 'log'>,
  { id: name, commit, worktree, sessionId, tree }: Rejection,
): Promise<void> {
  try {
    const id = CheckpointId.parse(name);
    const state = await findFolderState(deps.git, tree, commit);
    if (state === null) return;
    const row = {
      id,
      projectId: worktree.projectId,
      sessionId,
      worktreeId: worktree.id,
      kind: 'rejection',
      label: 'Before a rejection',
      taskId: null,
      chatId: null,
    } as const;
    await insertTaking(deps.sql, row);
    await markKept(deps.sql, id, { commit, treeId: state.treeId, fingerprint: state.fingerprint, skipped: state.skipped });
    await publishCheckpoints(deps, sessionId);
  } catch (error) {
    deps.log.warn({ err: error, checkpoint: name }, 'cannot list the checkpoint of a rejection');
  }
}
