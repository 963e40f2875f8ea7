import type { AgentStatus } from '@boocode/contracts/chat.ts';
import type { Task, TaskState } from '@boocode/contracts/task.ts';

/** How a task's state is named and shown everywhere. */
export const STATE_WORDS: Readonly<Record<TaskState, { readonly label: string; readonly dot: AgentStatus | 'done' | 'queued' }>> = {
  pending: { label: 'Waiting', dot: 'queued' },
  running: { label: 'Running', dot: 'working' },
  blocked: { label: 'Needs you', dot: 'blocked' },
  completed: { label: 'Completed', dot: 'done' },
  failed: { label: 'Failed', dot: 'error' },
  cancelled: { label: 'Stopped', dot: 'idle' },
  interrupted: { label: 'Interrupted', dot: 'error' },
};

/** The prompt's first line that says something. */
export function taskTitle(task: Task): string {
  return (
    task.input
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? 'Task'
  );
}

/** What it cost: nothing where nobody charges. */
export function costWords(cost: number | null): string {
  if (cost === null) return 'no charge';
  return cost > 0 && cost < 0.01 ? 'under $0.01' : `$${cost.toFixed(2)}`;
}
