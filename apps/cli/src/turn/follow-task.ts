import { applyFrame, type ChatState, EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import type { Message } from '@boocode/contracts/message.ts';
import { hasEnded, type Task } from '@boocode/contracts/task.ts';
import type { Context } from '../command/context.ts';
import { EXIT, ExitError } from '../command/exit-error.ts';
import { chatFeed } from '../connection/chat-feed.ts';
import type { Connection } from '../connection/connect.ts';
import type { TurnUpdate, TurnView } from './turn-view.ts';

export interface Followed {
  readonly update: TurnUpdate;
  /** The server may have been started again meanwhile. */
  readonly connection: Connection;
}

/** Shows a task until it has ended, through lost connections and restarts of the server. @throws ExitError (3) when the server stays away. */
export async function followTask(context: Context, first: Connection, followed: Task, view: TurnView): Promise<Followed> {
  const stop = new AbortController();
  let connection = first;
  let task = followed;
  let state = EMPTY_CHAT;
  try {
    if (hasEnded(task.state)) return await finish(connection, state, task);
    for await (const item of chatFeed(context, first, task.chatId, () => state.seq, stop.signal)) {
      if (item.type === 'lost') view.connectionLost();
      if (item.type === 'back') view.connectionBack((connection = item.connection));
      if (item.type !== 'frame') continue;
      if (item.frame.type === 'error') throw new ExitError(EXIT.failed, item.frame.message);
      state = applyFrame(state, item.frame);
      task = await taskAfter(connection, task, item.frame);
      if (hasEnded(task.state)) return await finish(connection, state, task);
      view.show(updateOf(state, task));
    }
    throw new TypeError('a feed ends with its signal alone');
  } finally {
    stop.abort();
  }
}

/** A snapshot lists unended tasks alone: one that is missing there has ended, and is asked for. */
async function taskAfter(connection: Connection, task: Task, frame: ServerFrame): Promise<Task> {
  if (frame.type === 'task_updated') return frame.task.id === task.id ? frame.task : task;
  if (frame.type !== 'chat_snapshot') return task;
  return frame.tasks.find((one) => one.id === task.id) ?? (await connection.api.getTask({ params: { id: task.id } }));
}

/** The answer as it was stored: what the frames made of it, or what the server says where they came too late. */
async function finish(connection: Connection, state: ChatState, task: Task): Promise<Followed> {
  const known = updateOf(state, task);
  if (known.answer !== null && known.answer.status !== 'streaming' && known.answer.status !== 'waiting') return { update: known, connection };
  return { update: { ...known, answer: (await findAnswer(connection, task)) ?? known.answer }, connection };
}

async function findAnswer(connection: Connection, task: Task): Promise<Message | null> {
  let before: number | null = null;
  for (;;) {
    const page: { items: Message[]; nextCursor: string | null } = await connection.api.listMessages({
      params: { id: task.chatId },
      query: { limit: 100, ...(before === null ? {} : { before }) },
    });
    const answer = page.items.find((message) => message.id === task.answerId);
    if (answer !== undefined) return answer;
    if (page.nextCursor === null) return null;
    before = Number(page.nextCursor);
  }
}

function updateOf(state: ChatState, task: Task): TurnUpdate {
  return {
    task,
    answer: state.messages.findLast((message) => message.id === task.answerId) ?? null,
    permissions: state.permissions.filter((permission) => permission.taskId === task.id),
  };
}
