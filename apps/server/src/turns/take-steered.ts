import { chatChannel } from '@boocode/contracts/frames.ts';
import type { MessageId } from '@boocode/contracts/ids.ts';
import { takeWaiting } from '../tasks/task-store.ts';
import type { LiveTurn } from './live-turn.ts';
import { publishTask } from './publish-task.ts';
import type { TurnDeps } from './turn-deps.ts';

/**
 * Moves the waiting messages that a person wants to hand to this turn into its answer and returns their texts. One transaction each: a message either
 * waits or stands in the answer, whatever is killed when. Never rejects; what cannot be moved waits for its own turn.
 */
export async function takeSteered(deps: Pick<TurnDeps, 'sql' | 'hub' | 'log' | 'recorder'>, live: LiveTurn, signal: AbortSignal): Promise<string[]> {
  const texts: string[] = [];
  for (const id of live.steering.asked()) {
    try {
      live.flush();
      await deps.recorder.flush(live, signal);
      const text = await take(deps, live, id);
      if (text !== null) texts.push(text);
      live.steering.settle(id, text === null ? 'queued' : 'delivered');
    } catch (error) {
      if (!signal.aborted) deps.log.warn({ err: error, message: id }, 'cannot steer a message into the turn: it waits');
      live.steering.settle(id, 'queued');
    }
  }
  return texts;
}

async function take(deps: Pick<TurnDeps, 'sql' | 'hub'>, live: LiveTurn, id: MessageId): Promise<string | null> {
  const task = await takeWaiting(deps.sql, live.claimed, id, live.state.parts.length);
  if (task === null) return null;
  const channel = chatChannel(task.chatId);
  for (const messageId of [task.messageId, task.answerId]) deps.hub.publish(channel, { type: 'message_removed', messageId });
  live.push({ type: 'steered', text: task.input, messageId: id });
  publishTask(deps.hub, task);
  return task.input;
}
