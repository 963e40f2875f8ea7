import type { Failure } from '@boocode/contracts/error-code.ts';
import { closeTools } from '@boocode/contracts/turn-state.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { SessionId, TaskId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Task } from '@boocode/contracts/task.ts';
import { findMessage } from '../chats/message-store.ts';
import { retryDeadlock } from '../db/retry-deadlock.ts';
import { type ClaimedTask, findCancelled, findOrphans, finishTask } from '../tasks/task-store.ts';
import { announceEnd, summaryOf } from './finalize-turn.ts';
import { mapPartRows } from './map-part-rows.ts';
import { writeParts } from './part-store.ts';
import type { TurnDeps } from './turn-deps.ts';

export interface SettleDeps extends Pick<TurnDeps, 'sql' | 'hub' | 'log' | 'broker' | 'collectChanges' | 'takeAfter'> {
  readonly runnerId: string;
  readonly findWorktree: (sessionId: SessionId) => Promise<WorktreeId | null>;
}

const GONE: Failure = {
  code: 'interrupted',
  message: 'BooCode ended while the agent worked: what it had done is kept; Continue goes on from there, Retry starts the prompt again',
};
const LEASE_OVER: Failure = {
  code: 'interrupted',
  message: 'The program that ran this turn stopped answering: what it had done is kept; Continue goes on from there',
};

/**
 * Ends what nobody runs any more, through the same last statement as every other turn: tasks of a dead server (`isStart`: whatever their lease says,
 * since we hold the only lock), tasks whose lease is over (our own too, but for those that are `running`: their ending could not be written), and
 * waiting ones that a person took back while nobody listened.
 * Returns the interrupted ones, whose worktrees are still to be read: `collectInterrupted`.
 */
export async function settleTurns(deps: SettleDeps, { isStart, running }: { readonly isStart: boolean; readonly running: readonly TaskId[] }): Promise<Task[]> {
  const orphans = await findOrphans(deps.sql, { isLeaseIgnored: isStart, runnerId: deps.runnerId, running });
  const settled: Task[] = [];
  for (const orphan of orphans) {
    const task = await settleOrphan(deps, orphan, isStart ? GONE : LEASE_OVER);
    if (task !== null) settled.push(task);
  }
  for (const task of await findCancelled(deps.sql)) {
    const finished = await retryDeadlock(() => finishTask(deps.sql, task.id, null, { state: 'cancelled', failure: null, outputSummary: null, usage: null }));
    if (finished !== null) await announceEnd(deps, finished);
  }
  return settled;
}

/** Reads what interrupted turns left in their worktrees into pending changes. Never rejects: what cannot be read now is read after the next turn. */
export async function collectInterrupted(deps: SettleDeps, tasks: readonly Task[]): Promise<void> {
  for (const task of tasks) {
    try {
      const worktreeId = await deps.findWorktree(task.sessionId);
      if (worktreeId === null) continue;
      const { pending, snapshot } = await deps.collectChanges({ sessionId: task.sessionId, worktreeId, task });
      if (task.access !== 'read-only') await deps.takeAfter({ task, worktreeId }, snapshot);
      const frame = { type: 'changes_updated', sessionId: task.sessionId, pending } as const;
      deps.hub.publish(chatChannel(task.chatId), frame);
      deps.hub.publish('user', frame);
    } catch (error) {
      deps.log.warn({ err: error, task: task.id }, 'cannot collect the changes of an interrupted turn: they are safe in the worktree');
    }
  }
}

async function settleOrphan(deps: SettleDeps, { task, fence }: ClaimedTask, failure: Failure): Promise<Task | null> {
  const answer = await findMessage(deps.sql, task.answerId);
  const parts = answer?.parts ?? [];
  const closed = closeTools(parts);
  const rows = mapPartRows(parts, closed).map((row) => ({ ...row, taskId: task.id, messageId: task.answerId, fence }));
  if (rows.length > 0) await writeParts(deps.sql, rows);
  const finished = await retryDeadlock(() =>
    finishTask(deps.sql, task.id, fence, { state: 'interrupted', failure, outputSummary: summaryOf(closed), usage: null }),
  );
  if (finished !== null) await announceEnd(deps, finished);
  return finished;
}
