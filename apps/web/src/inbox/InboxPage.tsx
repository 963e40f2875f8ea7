import type { Task } from '@boocode/contracts/task.ts';
import { CheckCheck } from 'lucide-react';
import { Link } from 'wouter';
import { PermissionCard } from '../chat/PermissionCard.tsx';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { Shell } from '../shell/Shell.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';

/** Everything that waits for a person, answered in place. */
export function InboxPage() {
  const { permissions, failed, sessions, isLoaded } = useUser();
  const isEmpty = isLoaded && permissions.length === 0 && failed !== null && failed.length === 0;
  const titleOf = (sessionId: string) => sessions.find((session) => session.id === sessionId)?.title ?? 'Session';
  return (
    <Shell title="Inbox">
      <div className="pane flex flex-1 flex-col overflow-y-auto max-md:!rounded-none max-md:border-x-0">
        <div className="mx-auto w-full max-w-[720px] flex-1 px-5 py-7 md:py-12">
          <h1 className="mb-4 text-24 font-bold max-md:sr-only">Inbox</h1>
          {isEmpty ? (
            <div className="flex flex-col items-center gap-2 py-16 text-center">
              <CheckCheck size={24} className="text-ok" />
              <p className="text-15 font-semibold">Nothing needs you</p>
              <p className="text-13 text-fg-1">Questions of agents and turns that failed wait here.</p>
              <Link href="/" className="btn btn-line mt-2">
                Go to your projects
              </Link>
            </div>
          ) : (
            <ul className="space-y-5">
              {permissions.map((permission) => (
                <li key={permission.id}>
                  <SessionLine id={permission.sessionId} title={titleOf(permission.sessionId)} />
                  <PermissionCard permission={permission} />
                </li>
              ))}
              {(failed ?? []).map((task) => (
                <li key={task.id}>
                  <SessionLine id={task.sessionId} title={titleOf(task.sessionId)} />
                  <FailedTask task={task} />
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </Shell>
  );
}

function SessionLine({ id, title }: { id: string; title: string }) {
  return (
    <Link
      href={`/sessions/${id}`}
      className="mb-1.5 inline-block max-w-full truncate rounded-s font-semibold text-fg-0 underline decoration-line-2 underline-offset-3 hover:decoration-current"
    >
      {title}
    </Link>
  );
}

function FailedTask({ task }: { task: Task }) {
  const { api } = useLive();
  const action = useAction();
  const now = useNow(30_000);
  const params = { id: task.id };
  return (
    <div role="group" aria-label={task.state === 'failed' ? 'Failed' : 'Interrupted'} className="rounded-l border border-line-2 bg-bg-2 p-3.5">
      <p className="flex items-center gap-2">
        <span className="dot dot-error" />
        <span className="font-semibold">{task.state === 'failed' ? 'Failed' : 'Interrupted'}</span>
        <span className="ml-auto text-12 text-fg-2">{task.endedAt === null ? '' : timeAgo(task.endedAt, now)}</span>
      </p>
      <p className="mt-1 text-13 text-fg-1 [overflow-wrap:anywhere]">
        {task.error?.message ?? 'BooCode stopped while it was running. What it did so far is kept.'}
      </p>
      <p className="mt-2 line-clamp-2 border-l-2 border-line-2 pl-2.5 text-13 text-fg-2">{task.input}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <button
          type="button"
          className="btn btn-small btn-line"
          disabled={action.isBusy}
          onClick={() => void action.run(() => api.continueTask({ params, body: {} }))}
        >
          Continue
        </button>
        <button
          type="button"
          className="btn btn-small btn-line"
          disabled={action.isBusy}
          onClick={() => void action.run(() => api.retryTask({ params, body: {} }))}
        >
          Retry
        </button>
        <button
          type="button"
          className="btn btn-small text-fg-1"
          disabled={action.isBusy}
          onClick={() => void action.run(() => api.discardTask({ params, body: {} }))}
        >
          Discard
        </button>
      </div>
      <div className="mt-2 empty:mt-0">
        <ErrorLine message={action.message} />
      </div>
    </div>
  );
}
