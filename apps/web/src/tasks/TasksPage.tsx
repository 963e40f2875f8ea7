import { TASK_STATES } from '@boocode/contracts/task.ts';
import { ListChecks, Search, SearchX } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useUser } from '../live/live-context.tsx';
import { PageFrame } from '../shell/PageFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import type { TaskFilter } from './task-list-state.ts';
import { TaskRow } from './TaskRow.tsx';
import { STATE_WORDS } from './task-words.ts';
import { useTaskList } from './use-task-list.ts';

const NAMES = ['state', 'agent', 'project', 'text'] as const;

/** Every task there was, narrowed by what the address says. */
export function TasksPage() {
  const [params, setParams] = useSearchParams();
  const [state = '', agent = '', project = '', text = ''] = NAMES.map((name) => params.get(name) ?? '');
  const slowText = useDeferredValue(text);
  const filter = useMemo<TaskFilter>(() => ({ state, agent, project, text: slowText }), [state, agent, project, slowText]);
  const list = useTaskList(filter);
  const isFiltered = NAMES.some((name) => (params.get(name) ?? '') !== '');
  const set = (name: keyof TaskFilter, value: string) => {
    const next = new URLSearchParams(params);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true });
  };
  return (
    <PageFrame title="Tasks">
      <Filters filter={{ state, agent, project, text }} onChange={set} />
      <div className="mb-3 empty:mb-0">
        <RetryLine message={list.problem} onRetry={list.reload} />
      </div>
      {list.items === null ? (
        list.isLoading ? (
          <ListSkeleton />
        ) : null
      ) : list.items.length === 0 ? (
        <NoTasks isFiltered={isFiltered} onClear={() => setParams({}, { replace: true })} />
      ) : (
        <ul aria-label="Tasks" aria-busy={list.isLoading} className="divide-y divide-line rounded-l border border-line-2">
          {list.items.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      )}
      {list.nextCursor === null || list.items === null ? null : (
        <div className="mt-3 flex justify-center">
          <button type="button" className="btn btn-line" disabled={list.isLoading} onClick={list.loadMore}>
            {list.isLoading ? 'Loading older tasks' : 'Show older tasks'}
          </button>
        </div>
      )}
    </PageFrame>
  );
}

function Filters({ filter, onChange }: { filter: TaskFilter; onChange: (name: keyof TaskFilter, value: string) => void }) {
  const { projects, sessions } = useUser();
  const agents = [
    ...new Set(sessions.flatMap((session) => session.chats.map((chat) => chat.agent)).concat(filter.agent === '' ? [] : filter.agent)),
  ].toSorted();
  const choice = (name: keyof TaskFilter, label: string, all: string, options: readonly (readonly [string, string])[]) => (
    <label className="min-w-0 flex-1 basis-36">
      <span className="sr-only">{label}</span>
      <select className="field select" value={filter[name]} onChange={(event) => onChange(name, event.target.value)}>
        <option value="">{all}</option>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <search aria-label="Filter tasks" className="mb-3 flex flex-wrap gap-2">
      <label className="relative min-w-0 flex-[2] basis-56">
        <span className="sr-only">In the prompt</span>
        <Search size={15} className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-fg-2" />
        <input
          type="search"
          className="field !pl-9"
          placeholder="Words of the prompt"
          maxLength={200}
          value={filter.text}
          onChange={(event) => onChange('text', event.target.value)}
        />
      </label>
      {choice(
        'state',
        'State',
        'Any state',
        TASK_STATES.map((state) => [state, STATE_WORDS[state].label]),
      )}
      {choice(
        'agent',
        'Agent',
        'Any agent',
        agents.map((agent) => [agent, agent]),
      )}
      {choice(
        'project',
        'Project',
        'Any project',
        projects.map((project) => [project.id, project.name]),
      )}
    </search>
  );
}

function NoTasks({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState icon={SearchX} title="No task fits" text="Nothing matches all of these filters together.">
        <button type="button" className="btn btn-line" onClick={onClear}>
          Clear the filters
        </button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={ListChecks} title="No tasks yet" text="Each prompt you send becomes a task. It is listed here with what it used and how it ended.">
      <Link href="/" className="btn btn-line">
        Go to your projects
      </Link>
    </EmptyState>
  );
}

function ListSkeleton() {
  return (
    <div role="status" aria-label="Reading the tasks" className="space-y-px overflow-hidden rounded-l border border-line-2">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((name) => (
        <div key={name} className="flex h-[66px] items-center gap-3 px-3.5">
          <span className="skeleton size-2.5" />
          <span className="flex-1 space-y-2">
            <span className="skeleton block h-3.5 w-3/5" />
            <span className="skeleton block h-3 w-2/5" />
          </span>
        </div>
      ))}
    </div>
  );
}
