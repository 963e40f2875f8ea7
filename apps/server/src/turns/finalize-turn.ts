import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { WorktreeId } from '@boocode/contracts/ids.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { findChat } from '../chats/chat-store.ts';
import { findMessages } from '../chats/message-store.ts';
import { isStorageFull, isStorageUnavailable } from '../db/db-errors.ts';
import { retryDeadlock } from '../db/retry-deadlock.ts';
import { publishSession } from '../sessions/publish-session.ts';
import type { Workplace } from '../worktrees/open-workplace.ts';
import { finishTask, type TaskEnding } from '../tasks/task-store.ts';
import type { CollectedSession } from '../changes/collect-session-changes.ts';
import type { LiveTurn } from './live-turn.ts';
import { markNotesDelivered, type Note } from '../chats/note-store.ts';
import { publishTask } from './publish-task.ts';
import type { TurnDeps } from './turn-deps.ts';

const SUMMARY_CHARS = 2_000;
const RETRY_MS = 500;

export interface Ending {
  readonly ended: Extract<AgentEvent, { type: 'ended' }>;
  /** The server itself ends: the turn did not, it was interrupted. */
  readonly isInterrupted: boolean;
  /** Where it worked; null when it did not get that far. */
  readonly workplace: Workplace | null;
  /** Waits for the checkpoint before the turn, if one was begun. */
  readonly before: (() => Promise<void>) | null;
  /** What the agent was told of the person's remarks. */
  readonly notes: readonly Note[];
  /** Writes with what the agent's own conversation can be gone on with; null where it was not reached. */
  readonly remember: ((isOver: boolean) => Promise<void>) | null;
}

/**
 * The one ending of every turn that ran here: timeline, changes, message, task, usage, then the frames that say so. What is announced is durable.
 * Waits as long as the database needs; never rejects.
 */
export async function finalizeTurn(deps: TurnDeps, live: LiveTurn, ending: Ending): Promise<void> {
  const { task, fence } = live.claimed;
  await ending.before?.();
  if (ending.workplace !== null) await lookAfter(deps, live, ending.workplace);
  await ending.remember?.(true);
  live.end(ending.ended);
  const { state } = live;
  const interrupted = ending.isInterrupted && state.status === 'cancelled';
  await deps.recorder.flush(live, null);
  const finished = await untilStored(deps, () =>
    deps.sql.begin(async (tx) => {
      await markNotesDelivered(tx, task.id, ending.notes);
      return finishTask(tx, task.id, fence, {
        state: interrupted ? 'interrupted' : endState(state.status),
        failure: interrupted ? SHUT_DOWN : state.failure,
        outputSummary: summaryOf(state.parts),
        usage: state.usage,
      });
    }),
  );
  if (finished !== null) live.publish(ending.ended);
  deps.recorder.forget(live);
  deps.liveTurns.remove(live);
  if (finished !== null) await announceEnd(deps, finished);
}

const SHUT_DOWN = {
  code: 'interrupted',
  message: 'BooCode was stopped while the agent worked: what it had done is kept; Continue goes on from there',
} as const;

/** Says to every screen what the rows say about a task that has ended. Never rejects: the rows are the truth. */
export async function announceEnd(deps: Pick<TurnDeps, 'sql' | 'hub' | 'broker' | 'log'>, task: Task): Promise<void> {
  const { sql, hub } = deps;
  try {
    await deps.broker.expire(task.id);
    for (const message of await findMessages(sql, [task.messageId, task.answerId])) {
      hub.publish(chatChannel(task.chatId), message.role === 'user' ? { type: 'message_updated', message } : { type: 'message_complete', message });
    }
    publishTask(hub, task);
    const chat = await findChat(sql, task.chatId);
    if (chat !== null) hub.publish(chatChannel(chat.id), { type: 'chat_updated', chat });
    const status = task.state === 'failed' || task.state === 'interrupted' ? 'error' : 'idle';
    const frame = { type: 'agent_status_updated', sessionId: task.sessionId, chatId: task.chatId, agent: task.agent, status } as const;
    hub.publish(chatChannel(task.chatId), frame);
    hub.publish('user', frame);
    await publishSession(sql, hub, task.sessionId);
  } catch (error) {
    deps.log.error({ err: error, task: task.id }, 'cannot announce the end of a turn: screens see it when they read again');
  }
}

/** Reads what the turn left: changes in its worktree, and anything it did to what the repository shares with the person's folder. */
async function lookAfter(deps: TurnDeps, live: LiveTurn, { worktreeId, access, sharedGit }: Workplace): Promise<void> {
  if (worktreeId !== null) await collect(deps, live, { worktreeId, isWriting: access !== 'read-only' });
  const touched = await sharedGit?.compare().catch((error: unknown) => {
    deps.log.warn({ err: error }, 'cannot compare what the repository shares');
    return [];
  });
  if (touched === undefined || touched.length === 0) return;
  const names = `${touched.slice(0, 5).join(', ')}${touched.length > 5 ? ` and ${touched.length - 5} more` : ''}`;
  live.push({
    type: 'notice',
    level: 'warning',
    code: 'shared_git_changed',
    text: `Outside the worktree, this changed in the repository while the agent worked: ${names}. If it was not you, look at it before you go on`,
  });
}

async function collect(deps: TurnDeps, live: LiveTurn, { worktreeId, isWriting }: { worktreeId: WorktreeId; isWriting: boolean }): Promise<void> {
  const { task } = live.claimed;
  let snapshot: CollectedSession['snapshot'] = null;
  try {
    const { pending, ...read } = await deps.collectChanges({ sessionId: task.sessionId, worktreeId, task });
    const frame = { type: 'changes_updated', sessionId: task.sessionId, pending } as const;
    deps.hub.publish(chatChannel(task.chatId), frame);
    deps.hub.publish('user', frame);
    snapshot = read.snapshot;
  } catch (error) {
    deps.log.error({ err: error, task: task.id }, 'cannot collect the changes of a turn');
    const reason = error instanceof Error ? error.message : String(error);
    live.push({
      type: 'notice',
      level: 'warning',
      code: 'changes_not_collected',
      text: `The changes could not be read: ${reason}. They are safe in the worktree and are read again after the next turn`,
    });
  }
  if (!isWriting) return;
  const notice = await deps.takeAfter({ task, worktreeId }, snapshot);
  if (notice !== null) live.push({ type: 'notice', level: 'warning', ...notice });
}

async function untilStored<T>(deps: TurnDeps, write: () => Promise<T>): Promise<T | null> {
  for (;;) {
    try {
      return await retryDeadlock(write);
    } catch (error) {
      deps.log.error({ err: error }, 'cannot write the end of a turn');
      if (!isStorageFull(error) && !isStorageUnavailable(error)) return null;
      await wait(RETRY_MS);
    }
  }
}

function endState(status: string): TaskEnding['state'] {
  return status === 'completed' || status === 'cancelled' ? status : 'failed';
}

/** The last thing the agent said. */
export function summaryOf(parts: readonly Part[]): string | null {
  const last = parts.findLast((part) => part.type === 'text' && part.text.trim() !== '');
  return last?.type === 'text' ? last.text.trim().slice(0, SUMMARY_CHARS) : null;
}
