import type { Task } from '@boocode/contracts/task.ts';
import { ExpiredQuestions } from '../chat/ExpiredQuestions.tsx';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';

/** A turn that failed or was interrupted: what happened, what is safe, and the three ways on. */
export function FailedTaskCard({ task }: { task: Task }) {
  const { api } = useLive();
  const { isBusy, message, run } = useAction();
  const now = useNow(30_000);
  const params = { id: task.id };
  const isInterrupted = task.state === 'interrupted';
  const canContinue = isInterrupted || task.startedAt !== null;
  const ways = [
    { label: 'Continue', isFirst: isInterrupted, isOffered: canContinue, go: () => api.continueTask({ params, body: {} }) },
    { label: 'Retry', isFirst: !isInterrupted, isOffered: true, go: () => api.retryTask({ params, body: {} }) },
  ];
  return (
    <div role="group" aria-label={isInterrupted ? 'Interrupted' : 'Failed'} className="max-w-[680px] rounded-l border border-bad bg-bg-2 p-3.5">
      <p className="flex items-center gap-2">
        <span className="dot dot-error" />
        <span className="text-15 font-semibold">{isInterrupted ? 'Interrupted' : 'This turn failed'}</span>
        <span className="ml-auto shrink-0 text-12 text-fg-2">
          {task.agent}
          {task.endedAt === null ? '' : ` · ${timeAgo(task.endedAt, now)}`}
        </span>
      </p>
      <p className="mt-1 text-13 text-fg-1 [overflow-wrap:anywhere]">
        {task.error?.message ?? (isInterrupted ? 'BooCode stopped while it was running. What it did so far is kept.' : 'The agent stopped without saying why.')}
      </p>
      {isInterrupted ? <ExpiredQuestions taskId={task.id} /> : null}
      <p className="mt-2 line-clamp-2 border-l-2 border-line-2 pl-2.5 text-13 text-fg-2 [overflow-wrap:anywhere]">{task.input}</p>
      <div className="mt-3 flex flex-wrap gap-2 max-md:[&>*]:flex-1">
        {ways
          .filter((way) => way.isOffered)
          .toSorted((a, b) => Number(b.isFirst) - Number(a.isFirst))
          .map((way) => (
            <button
              key={way.label}
              type="button"
              className={`btn btn-small ${way.isFirst ? 'btn-accent-line' : 'btn-line'}`}
              disabled={isBusy}
              onClick={() => void run(way.go)}
            >
              {way.label}
            </button>
          ))}
        <button type="button" className="btn btn-small text-fg-1" disabled={isBusy} onClick={() => void run(() => api.discardTask({ params, body: {} }))}>
          Discard
        </button>
      </div>
      <div className="mt-2 empty:mt-0">
        <ErrorLine message={message} />
      </div>
    </div>
  );
}
