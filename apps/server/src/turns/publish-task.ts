import { chatChannel } from '@boocode/contracts/frames.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Hub } from '../live/hub.ts';

/** Tells the chat and every screen how a task stands. */
export function publishTask(hub: Hub, task: Task): void {
  hub.publish(chatChannel(task.chatId), { type: 'task_updated', task });
  hub.publish('user', { type: 'task_updated', task });
}
