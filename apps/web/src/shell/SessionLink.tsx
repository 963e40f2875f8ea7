import type { Session } from '@boocode/contracts/chat.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import { Link, useRoute } from 'wouter';
import { SessionMenu } from '../sessions/SessionMenu.tsx';
import { sessionDot } from '../attention/attention-state.ts';
import { StatusDot } from '../ui/StatusDot.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { sessionLine } from './session-groups.ts';

interface SessionLinkProps {
  readonly session: Session;
  readonly permissions: readonly Permission[];
  readonly failed: readonly Task[];
  /** Where the same list holds several projects. */
  readonly projectName?: string | undefined;
}

/** A session as one line of a list. */
export function SessionLink({ session, permissions, failed, projectName }: SessionLinkProps) {
  const now = useNow(30_000);
  const [isHere] = useRoute(`/sessions/${session.id}/*?`);
  const line = sessionLine(session, permissions, failed);
  return (
    <div className="group relative">
      <Link
        href={`/sessions/${session.id}`}
        aria-current={isHere ? 'page' : undefined}
        className={`flex items-start gap-2.5 rounded-m border px-2 py-1.5 pointer-coarse:py-2.5 ${isHere ? 'border-line-2 bg-bg-2' : 'border-transparent hover:bg-bg-2'}`}
      >
        <span className="grid h-[19px] w-3 place-items-center">
          <StatusDot status={sessionDot(session, permissions, failed)} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium text-fg-0">{session.title}</span>
          <span className="block truncate text-12 text-fg-2">{projectName === undefined ? line : `${projectName} · ${line}`}</span>
        </span>
        <time
          dateTime={session.updatedAt}
          className="shrink-0 text-12 text-fg-2 group-focus-within:opacity-0 group-hover:opacity-0 pointer-coarse:mr-8 pointer-coarse:!opacity-100"
        >
          {timeAgo(session.updatedAt, now)}
        </time>
      </Link>
      <SessionMenu session={session} className="row-menu" />
    </div>
  );
}
