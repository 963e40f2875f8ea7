import type { Session } from '@boocode/contracts/chat.ts';
import { SessionId } from '@boocode/contracts/ids.ts';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { usePanes } from '../panes/use-panes.ts';
import { Workspace } from '../panes/Workspace.tsx';
import { Shell } from '../shell/Shell.tsx';
import { sessionLine } from '../shell/session-groups.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { useWide } from '../ui/use-wide.ts';
import { PaneBar } from './PaneBar.tsx';
import { SessionBar } from './SessionBar.tsx';
import { useSessionActions } from './use-session-actions.ts';

/** A session: its panes, or where there is no room one of them. `rest` of its address names a tab. */
export function SessionPage({ id, rest }: { id: string; rest: string | undefined }) {
  const { sessions, isCurrent } = useUser();
  const session = sessions.find((other) => other.id === id);
  const problem = useMissingSession(id, isCurrent && session === undefined);
  if (session !== undefined) return <OpenSession key={session.id} session={session} rest={rest} />;
  return (
    <Shell title="Session">
      <div className="pane grid flex-1 place-content-center justify-items-center gap-3 p-6 text-center max-md:!rounded-none">
        {problem === null ? (
          <span role="status" className="text-fg-2">
            Opening the session
          </span>
        ) : (
          <>
            <h1 className="max-w-[48ch] text-15">{problem}</h1>
            <Link href="/" className="btn btn-line">
              Go to your projects
            </Link>
          </>
        )}
      </div>
    </Shell>
  );
}

function OpenSession({ session, rest }: { session: Session; rest: string | undefined }) {
  const { permissions, failed } = useUser();
  const isSingle = !useWide();
  const panes = usePanes(session, rest);
  const problem = useSessionActions(session);
  const status = (
    <p className="flex items-center gap-2 text-12 text-fg-1">
      <StatusDot status={session.status} />
      <span className="truncate">{sessionLine(session, permissions, failed ?? [])}</span>
    </p>
  );
  return (
    <Shell title={session.title} status={status} bottom={isSingle ? <PaneBar session={session} panes={panes} /> : null}>
      <h1 className="sr-only md:hidden">{session.title}</h1>
      <SessionBar session={session} />
      <ErrorLine message={problem} />
      <Workspace session={session} panes={panes} isSingle={isSingle} />
    </Shell>
  );
}

/** Reads a session that the list does not hold (an old one); gives the sentence when it cannot be had. */
function useMissingSession(id: string, isMissing: boolean): string | null {
  const { api, user } = useLive();
  const [failure, setFailure] = useState<{ readonly id: string; readonly message: string } | null>(null);
  const known = SessionId.safeParse(id);
  const sessionId = known.success ? known.data : null;
  useEffect(() => {
    if (!isMissing || sessionId === null) return;
    api.getSession({ params: { id: sessionId } }).then(
      (session) => user.addSession(session),
      (error: unknown) => setFailure({ id: sessionId, message: sentenceOf(error) }),
    );
  }, [api, user, sessionId, isMissing]);
  if (sessionId === null) return 'This address names no session; it may have been cut on its way here';
  return failure?.id === sessionId ? failure.message : null;
}
