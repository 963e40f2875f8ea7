import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { getSession } from '../sessions/session-routes.ts';
import { findSessionWorktree } from '../worktrees/worktree-store.ts';
import type { CheckpointDeps } from './checkpoint-deps.ts';
import { findBeforeMessage, listCheckpoints } from './checkpoint-store.ts';
import { compareCheckpoints, withCounts } from './compare-checkpoints.ts';
import { publishCheckpoints } from './publish-checkpoints.ts';
import { getCheckpoint, previewRestore, restoreToCheckpoint } from './restore-checkpoint.ts';
import { takeCheckpoint } from './take-checkpoint.ts';

export function checkpointHandlers(deps: CheckpointDeps): Partial<Handlers> {
  return {
    listCheckpoints: async ({ params, query }) => {
      await getSession(deps.sql, params.id);
      const found = query.message === undefined ? null : await findBeforeMessage(deps.sql, query.message);
      const list = query.message === undefined ? await withCounts(deps, await listCheckpoints(deps.sql, params.id)) : found === null ? [] : [found];
      return pageOfAll(
        list.map(({ checkpoint }) => checkpoint),
        query,
      );
    },
    createCheckpoint: async ({ params, body }) => {
      await getSession(deps.sql, params.id);
      const worktree = await getWorktree(deps, params.id);
      const id = await takeCheckpoint(deps, worktree, params.id, { kind: 'manual', label: body?.label ?? 'Checkpoint' });
      await publishCheckpoints(deps, params.id);
      return (await getCheckpoint(deps, id)).checkpoint;
    },
    getCheckpoint: async ({ params }) => (await getCheckpoint(deps, params.id)).checkpoint,
    compareCheckpoints: ({ params, query }) => compareCheckpoints(deps, params.id, query),
    previewRestore: ({ params, query }) =>
      previewRestore(deps, params.id, { what: query.what ?? 'both', ...(query.before === undefined ? {} : { before: query.before }) }),
    restoreCheckpoint: ({ params, body }) => restoreToCheckpoint(deps, params.id, body),
  };
}

async function getWorktree({ sql }: CheckpointDeps, id: SessionId): Promise<Worktree> {
  const worktree = await findSessionWorktree(sql, id);
  if (worktree?.state === 'ready') return worktree;
  throw new BooError('conflict', 'Cannot take a checkpoint: the session has no worktree yet; it gets one with its first turn that may edit');
}
