import { hasEnded, type Task } from '@boocode/contracts/task.ts';
import { Link } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { duration, shortCount, timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { costWords, STATE_WORDS, taskTitle } from './task-words.ts';

/** One task as a line that opens its chat. */
export function TaskRow({ task }: { task: Task }) {
  const { api } = useLive();
  const { projects } = useUser();
  const action = useAction();
  const now = useNow(30_000);
  const { label, dot } = STATE_WORDS[task.state];
  const project = projects.find((other) => other.id === task.projectId);
  const words = task.error?.message ?? task.waitsFor;
  return (
    <li className="relative px-3.5 py-2.5 hover:bg-bg-2">
      <div className="flex items-start gap-3">
        <span className="grid h-5 w-3 place-items-center">
          <StatusDot status={dot} />
        </span>
        <div className="min-w-0 flex-1">
          <Link
            href={`/sessions/${task.sessionId}/${task.chatId}`}
            className="block truncate text-14 font-medium text-fg-0 outline-offset-[-1px] after:absolute after:inset-0"
          >
            {taskTitle(task)}
          </Link>
          <p className="mt-0.5 flex flex-wrap gap-x-2 text-12 text-fg-2">
            {[label, project?.name, task.agent, task.model?.split('/').at(-1), timeSpent(task, now), usage(task)]
              .filter((fact) => fact !== undefined && fact !== null)
              .map((fact, index) => (
                <span key={fact} className={index === 0 ? 'text-fg-1' : 'truncate'}>
                  {index === 0 ? null : <span aria-hidden="true">· </span>}
                  {fact}
                </span>
              ))}
          </p>
          {words === null ? null : <p className="mt-1 line-clamp-2 text-12 text-fg-1 [overflow-wrap:anywhere]">{words}</p>}
        </div>
        <time dateTime={task.createdAt} className="shrink-0 pt-px text-12 text-fg-2">
          {timeAgo(task.createdAt, now)}
        </time>
        {hasEnded(task.state) ? null : (
          <button
            type="button"
            className="btn btn-small btn-line relative z-10"
            disabled={action.isBusy}
            aria-label={`Stop: ${taskTitle(task)}`}
            onClick={() => void action.run(() => api.cancelTask({ params: { id: task.id }, body: {} }))}
          >
            Stop
          </button>
        )}
      </div>
      <div className="relative mt-2 empty:mt-0">
        <ErrorLine message={action.message} />
      </div>
    </li>
  );
}

function timeSpent(task: Task, now: number): string | null {
  if (task.startedAt === null) return null;
  return duration((task.endedAt === null ? now : Date.parse(task.endedAt)) - Date.parse(task.startedAt));
}

function usage({ tokensIn, tokensOut, cost }: Task): string | null {
  if (tokensIn === null && tokensOut === null) return null;
  return `${shortCount((tokensIn ?? 0) + (tokensOut ?? 0))} tokens, ${costWords(cost)}`;
}
