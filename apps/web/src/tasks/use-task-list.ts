import { ProjectId } from '@boocode/contracts/ids.ts';
import { TaskState } from '@boocode/contracts/task.ts';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import { useConnection, useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { applyTaskListEvent, type TaskFilter, type TaskListState, UNREAD_TASKS } from './task-list-state.ts';

const PAGE_SIZE = 40;

/** The tasks that fit a filter, kept current. `filter` must keep its identity while it is the same. */
export function useTaskList(filter: TaskFilter): TaskListState & { readonly loadMore: () => void; readonly reload: () => void } {
  const { api, user } = useLive();
  const isOnline = useConnection() === 'online';
  const [state, apply] = useReducer(applyTaskListEvent, UNREAD_TASKS);
  const reading = useRef(new AbortController());

  const read = useCallback(
    (cursor: string | null) => {
      reading.current.abort();
      const { signal } = (reading.current = new AbortController());
      apply({ type: 'started' });
      api.listTasks({ query: { limit: PAGE_SIZE, ...(cursor === null ? {} : { cursor }), ...queryOf(filter) }, signal }).then(
        ({ items, nextCursor }) => signal.aborted || apply({ type: cursor === null ? 'first' : 'more', items, nextCursor }),
        (error: unknown) => signal.aborted || apply({ type: 'failed', problem: sentenceOf(error) }),
      );
    },
    [api, filter],
  );
  useEffect(() => read(null), [read, isOnline]);
  useEffect(() => user.onTask((task) => apply({ type: 'changed', task, filter })), [user, filter]);
  return { ...state, reload: () => read(null), loadMore: () => read(state.nextCursor) };
}

/** An address may name anything: what the server would refuse is left out. */
function queryOf({ state, agent, project, text }: TaskFilter) {
  const knownState = TaskState.safeParse(state);
  const knownProject = ProjectId.safeParse(project);
  return {
    ...(knownState.success ? { state: knownState.data } : {}),
    ...(knownProject.success ? { project: knownProject.data } : {}),
    ...(agent === '' ? {} : { agent: agent.slice(0, 200) }),
    ...(text.trim() === '' ? {} : { text: text.trim().slice(0, 200) }),
  };
}
