import type { Task } from '@boocode/contracts/task.ts';

/** What a list of tasks is narrowed to; '' = everything. */
export interface TaskFilter {
  readonly state: string;
  readonly agent: string;
  readonly project: string;
  readonly text: string;
}

export interface TaskListState {
  /** null = not read yet. */
  readonly items: readonly Task[] | null;
  readonly nextCursor: string | null;
  readonly isLoading: boolean;
  readonly problem: string | null;
}

export const UNREAD_TASKS: TaskListState = { items: null, nextCursor: null, isLoading: true, problem: null };

export type TaskListEvent =
  | { readonly type: 'started' }
  | { readonly type: 'first' | 'more'; readonly items: readonly Task[]; readonly nextCursor: string | null }
  | { readonly type: 'failed'; readonly problem: string }
  | { readonly type: 'changed'; readonly task: Task; readonly filter: TaskFilter };

/** Folds pages and live changes into one list, newest first; a task is in it once. */
export function applyTaskListEvent(state: TaskListState, event: TaskListEvent): TaskListState {
  switch (event.type) {
    case 'started':
      return { ...state, isLoading: true, problem: null };
    case 'first':
      return { items: event.items, nextCursor: event.nextCursor, isLoading: false, problem: null };
    case 'more':
      return { items: merge(state.items ?? [], event.items), nextCursor: event.nextCursor, isLoading: false, problem: null };
    case 'failed':
      return { ...state, isLoading: false, problem: event.problem };
    case 'changed':
      return state.items === null ? state : { ...state, items: withTask(state.items, event.task, event.filter) };
  }
}

/** A task that changed takes its place, comes in, or stays to be seen where it was though it fits no more (a list never jumps under the pointer). */
function withTask(items: readonly Task[], task: Task, filter: TaskFilter): readonly Task[] {
  if (items.some((item) => item.id === task.id)) return items.map((item) => (item.id === task.id ? task : item));
  return fits(task, filter) ? [task, ...items].toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0)) : items;
}

function fits(task: Task, { state, agent, project, text }: TaskFilter): boolean {
  const isNamed = (state === '' || task.state === state) && (agent === '' || task.agent === agent) && (project === '' || task.projectId === project);
  return isNamed && task.input.toLowerCase().includes(text.toLowerCase());
}

function merge(items: readonly Task[], more: readonly Task[]): readonly Task[] {
  const known = new Set(items.map((item) => item.id));
  return [...items, ...more.filter((item) => !known.has(item.id))];
}
