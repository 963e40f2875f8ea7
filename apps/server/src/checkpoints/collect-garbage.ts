import type { WorktreeId } from '@boocode/contracts/ids.ts';
import { deleteCheckpointRef } from '@boocode/git/checkpoint.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { decideOutdated } from './checkpoint-policy.ts';
import { type CheckpointAge, deleteCheckpoints, listAges } from './checkpoint-store.ts';
import { deleteHidden } from './restore-store.ts';

const DAY_MS = 86_400_000;

/** Lets old checkpoints go, and the messages that restores hid long ago. Happens at the start and daily; never rejects. */
export async function collectGarbage(deps: CheckpointDeps): Promise<void> {
  try {
    const outdated = decideOutdated(await listAges(deps.sql), deps.limits, deps.now());
    for (const checkpoints of Map.groupBy(outdated, ({ projectId, worktreeId }) => `${projectId} ${worktreeId}`).values()) await removeOf(deps, checkpoints);
    const hidden = await deleteHidden(deps.sql, new Date(deps.now() - deps.limits.restoreUndoDays * DAY_MS));
    if (outdated.length + hidden > 0) deps.log.info({ checkpoints: outdated.length, hidden }, 'old checkpoints and messages taken back long ago are gone');
  } catch (error) {
    deps.log.warn({ err: error }, 'cannot remove old checkpoints: it is tried again');
  }
}

/** The checkpoints of a worktree that was removed for good are of no use any more. Never rejects. */
export async function forgetCheckpoints(deps: CheckpointDeps, worktreeId: WorktreeId): Promise<void> {
  await removeOf(
    deps,
    (await listAges(deps.sql)).filter((checkpoint) => checkpoint.worktreeId === worktreeId),
  );
}

/** The ref goes first: a row without one is looked at again, a ref without a row never. */
async function removeOf(deps: CheckpointDeps, checkpoints: readonly CheckpointAge[]): Promise<void> {
  const [first] = checkpoints;
  if (first === undefined) return;
  try {
    const tree = await deps.openRepository(first);
    for (const { id } of checkpoints) {
      await deleteCheckpointRef(deps.git, tree, id);
      await deleteCheckpoints(deps.sql, [id]);
    }
  } catch (error) {
    deps.log.warn({ err: error, project: first.projectId }, 'cannot remove old checkpoints of a project: it is tried again');
  }
}
