import { BooError } from '@boocode/contracts/error-code.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { TaskId } from '@boocode/contracts/ids.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Sql } from 'postgres';
import { findMessage, isTakenBack } from '../chats/message-store.ts';
import type { KeyedQueue } from '../live/keyed-queue.ts';
import type { Hub } from '../live/hub.ts';
import { type AcceptedTurn, acceptTurn, findTask, type NewTurn, settleTask } from '../tasks/task-store.ts';
import type { Dispatcher } from './dispatcher.ts';
import { publishTask } from './publish-task.ts';
import { readContextAhead } from './read-context.ts';

export interface StartDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly dispatcher: Dispatcher;
  /** One acceptance at a time per chat, so that its messages run in the order in which they came. */
  readonly accepting: KeyedQueue;
}

/** Accepts a turn: durable first, then shown; it runs at once where nothing is in the way, else it waits in the queue. Rejects with `not_found` when the chat is gone. */
export async function startTurn(deps: StartDeps, turn: NewTurn): Promise<AcceptedTurn> {
  const { dispatcher } = deps;
  const { accepted, ahead } = await deps.accepting.run(turn.chatId, async () => {
    const claim = dispatcher.claimFor(turn);
    // A turn that tries another one again changes what is remembered.
    const ahead = claim === null || turn.again !== null ? null : readContextAhead(deps.sql, turn.chatId);
    return { accepted: await acceptTurn(deps.sql, turn, claim), ahead };
  });
  if (accepted === null)
    throw new BooError('not_found', `Cannot send to chat ${turn.chatId}: there is no such chat, or it is closed; \`boocode sessions\` lists what there is`);
  if (!accepted.isNew) return accepted;
  const { claimed } = accepted;
  // It has to read first, so that its first event comes after the messages.
  if (claimed !== null) dispatcher.adopt(claimed, ahead?.then((contextAt) => contextAt(claimed.position)) ?? null);
  const channel = chatChannel(turn.chatId);
  for (const message of accepted.messages) deps.hub.publish(channel, { type: 'message_added', message });
  publishTask(deps.hub, accepted.task);
  if (claimed === null) dispatcher.wake();
  return accepted;
}

const CONTINUE_TEXT = 'Continue where you stopped. What you had done is above; do not repeat finished steps.';

/** Goes on after an ended turn, with its kept text and tool results as history. */
export async function continueTask(deps: StartDeps, id: TaskId): Promise<Task> {
  const old = await getEnded(deps.sql, id, 'continue');
  return startAgain(deps, old, { kind: 'continue', text: CONTINUE_TEXT, attachments: [] });
}

/** The same prompt again; agents forget the old attempt, the reader keeps it. */
export async function retryTask(deps: StartDeps, id: TaskId): Promise<Task> {
  const old = await getEnded(deps.sql, id, 'retry');
  const message = await findMessage(deps.sql, old.messageId);
  const attachments = (message?.parts ?? []).flatMap((part) => (part.type === 'file' ? [{ name: part.name, mediaType: part.mediaType, text: part.text }] : []));
  return startAgain(deps, old, { kind: 'prompt', text: old.input, attachments });
}

/** Takes a failed or interrupted task out of the inbox. */
export async function discardTask(deps: StartDeps, id: TaskId): Promise<Task> {
  const old = await getEnded(deps.sql, id, 'discard');
  const settled = (await settleTask(deps.sql, id)) ?? old;
  publishTask(deps.hub, settled);
  return settled;
}

async function startAgain(deps: StartDeps, old: Task, what: Pick<NewTurn, 'kind' | 'text' | 'attachments'>): Promise<Task> {
  const { chatId, agent, model, mode, access, priority, parentTaskId } = old;
  const { task } = await startTurn(deps, {
    ...what,
    chatId,
    agent,
    model,
    mode,
    access,
    priority,
    parentTaskId,
    // The old task's id as the key: two clicks on the same button start one turn.
    idempotencyKey: `${what.kind}:${old.id}`,
    again: { taskId: old.id, isRetry: what.kind === 'prompt' },
  });
  publishTask(deps.hub, { ...old, settled: true });
  return task;
}

async function getEnded(sql: Sql, id: TaskId, verb: string): Promise<Task> {
  const task = await findTask(sql, id);
  if (task === null) throw new BooError('not_found', `Cannot ${verb} task ${id}: there is none with this id; \`boocode ls\` lists tasks`);
  if (task.state === 'pending' || task.state === 'running' || task.state === 'blocked') {
    throw new BooError('conflict', `Cannot ${verb} task ${id}: it is ${task.state}; cancel it first, or wait for its end`);
  }
  if (await isTakenBack(sql, task.messageId))
    throw new BooError('conflict', `Cannot ${verb} task ${id}: a restore took its turn back; undo the restore first, or send the prompt again`);
  return task;
}
