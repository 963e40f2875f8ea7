import { CheckCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { PermissionCard } from '../chat/PermissionCard.tsx';
import { useUser } from '../live/live-context.tsx';
import { PageFrame } from '../shell/PageFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { FailedTaskCard } from './FailedTaskCard.tsx';

/** Everything that waits for a person, answered in place. */
export function InboxPage() {
  const { permissions, failed, sessions, projects, isLoaded } = useUser();
  const tasks = failed ?? [];
  const count = permissions.length + tasks.length;
  const isRead = isLoaded && failed !== null;
  const list = useRef<HTMLDivElement>(null);
  useFocusAfterAnswer(list, count);
  const placeOf = (sessionId: string, projectId: string) => ({
    title: sessions.find((session) => session.id === sessionId)?.title ?? 'Session',
    project: projects.find((project) => project.id === projectId)?.name ?? null,
  });
  return (
    <PageFrame title="Inbox" width="narrow">
      <LiveRegion text={isRead ? `${count} ${count === 1 ? 'thing waits' : 'things wait'} for you` : ''} />
      <div ref={list} tabIndex={-1} className="outline-none">
        {count > 0 ? (
          <ul aria-label="What needs you" className="space-y-6">
            {permissions.map((permission) => (
              <li key={permission.id}>
                <PlaceLine
                  path={`/sessions/${permission.sessionId}/${permission.chatId}#ask=${permission.id}`}
                  {...placeOf(permission.sessionId, permission.projectId)}
                />
                <PermissionCard permission={permission} />
              </li>
            ))}
            {tasks.map((task) => (
              <li key={task.id}>
                <PlaceLine path={`/sessions/${task.sessionId}/${task.chatId}`} {...placeOf(task.sessionId, task.projectId)} />
                <FailedTaskCard task={task} />
              </li>
            ))}
          </ul>
        ) : isRead ? (
          <EmptyState icon={CheckCheck} title="Nothing needs you" text="Questions of agents and turns that failed wait here, from every project.">
            <Link href="/" className="btn btn-line">
              Go to your projects
            </Link>
          </EmptyState>
        ) : (
          <div role="status" aria-label="Reading what needs you" className="space-y-3">
            <div className="skeleton h-5 w-40" />
            <div className="skeleton h-36" />
          </div>
        )}
      </div>
    </PageFrame>
  );
}

function PlaceLine({ path, title, project }: { path: string; title: string; project: string | null }) {
  return (
    <p className="mb-1.5 flex min-w-0 items-baseline gap-2 pointer-coarse:mb-0">
      <Link
        href={path}
        className="min-w-0 truncate rounded-s font-semibold text-fg-0 underline pointer-coarse:py-3.5 decoration-line-2 underline-offset-3 hover:decoration-current"
      >
        {title}
      </Link>
      {project === null ? null : <span className="shrink-0 text-12 text-fg-2">{project}</span>}
    </p>
  );
}

/** The answered card goes away with the focus in it: whoever works by key goes on from the list, never on the next card, where the same key would answer it. */
function useFocusAfterAnswer(list: React.RefObject<HTMLElement | null>, count: number): void {
  const before = useRef(count);
  useEffect(() => {
    if (count < before.current && document.activeElement === document.body) list.current?.focus();
    before.current = count;
  }, [list, count]);
}
