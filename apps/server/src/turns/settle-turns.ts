import type { Failure } from '@boocode/contracts/error-code.ts';
import { closeTools } from '@boocode/contracts/turn-state.ts';
import type { WorktreeId } from '@boocode/contracts/ids.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { findMessage } from '../chats/message-store.ts';
import { type ClaimedTask, findCancelled, findOrphans, finishTask } from '../tasks/task-store.ts';
import { announceEnd, summaryOf } from './finalize-turn.ts';
import { mapPartRows } from './map-part-rows.ts';
import { writeParts } from './part-store.ts';
import type { TurnDeps } from './turn-deps.ts';

export interface SettleDeps extends Pick<TurnDeps, 'sql' | 'hub' | 'log' | 'broker' | 'collectChanges'> {
  readonly runnerId: string;
  readonly findWorktree: (sessionId: SessionId) => Promise<WorktreeId | null>;
}

const GONE: Failure = { code: 'interrupted', message: 'BooCode ended while the agent worked: what it had done is kept; Continue goes on from there, Retry starts the prompt again' };
const LEASE_OVER: Failure = { code: 'interrupted', message: 'The program that ran this turn stopped answering: what it had done is kept; Continue goes on from there' };

/**
 * Ends what nobody runs any more, through the same last statement as every other turn: tasks of a dead server (`isStart`: whatever their lease says,
 * since we hold the only lock), tasks whose lease is over, and waiting ones that a person took back while nobody listened.
 */
export async function settleTurns(deps: SettleDeps, { isStart }: { readonly isStart: boolean }): Promise<number> {
  const orphans = await findOrphans(deps.sql, { isLeaseIgnored: isStart, except: deps.runnerId });
  for (const orphan of orphans) await settleOrphan(deps, orphan, isStart ? GONE : LEASE_OVER);
  for (const task of await findCancelled(deps.sql)) {
    const finished = await finishTask(deps.sql, task.id, null, { state: 'cancelled', failure: null, outputSummary: null, usage: null });
    if (finished !== null) await announceEnd(deps, finished);
  }
  return orphans.length;
}

async function settleOrphan(deps: SettleDeps, { task, fence }: ClaimedTask, failure: Failure): Promise<void> {
  const answer = await findMessage(deps.sql, task.answerId);
  const parts = answer?.parts ?? [];
  const closed = closeTools(parts);
  const rows = mapPartRows(parts, closed).map((row) => ({ ...row, taskId: task.id, messageId: task.answerId, fence }));
  if (rows.length > 0) await writeParts(deps.sql, rows);
  const finished = await finishTask(deps.sql, task.id, fence, { state: 'interrupted', failure, outputSummary: summaryOf(closed), usage: null });
  if (finished === null) return;
  await announceEnd(deps, finished);
  const worktreeId = await deps.findWorktree(task.sessionId);
  if (worktreeId === null) return;
  try {
    await deps.collectChanges({ sessionId: task.sessionId, worktreeId, task });
  } catch (error) {
    deps.log.warn({ err: error, task: task.id }, 'cannot collect the changes of an interrupted turn: they are safe in the worktree');
  }
}
