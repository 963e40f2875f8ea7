import { ProjectId, SessionId, TerminalId } from '@boocode/contracts/ids.ts';
import { Link, useLocation, useSearchParams } from 'wouter';
import { Shell } from '../shell/Shell.tsx';
import { TerminalPane, type TerminalPlace } from './TerminalPane.tsx';

/** A terminal on a page of its own: `/terminal/ID`, or `/terminal/new`; with `?project=ID&session=ID` another one can be opened there. */
export function TerminalPage({ id }: { id: string }) {
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const terminalId = TerminalId.safeParse(id).data ?? null;
  const place = placeOf(search);
  return (
    <Shell title="Terminal">
      <h1 className="sr-only">Terminal</h1>
      <section aria-label="Terminal" className="pane flex min-h-0 flex-1 flex-col max-md:!rounded-none">
        {terminalId === null && place === null ? (
          <p className="m-auto p-6 text-center text-15">
            This address names no terminal. <Link href="/">Go to your projects</Link>
          </p>
        ) : (
          <TerminalPane
            terminalId={terminalId}
            place={place}
            onOpen={(opened) => navigate(`/terminal/${opened}?${search.toString()}`, { replace: true })}
            hasFocus
          />
        )}
      </section>
    </Shell>
  );
}

function placeOf(search: URLSearchParams): TerminalPlace | null {
  const projectId = ProjectId.safeParse(search.get('project')).data;
  return projectId === undefined ? null : { projectId, sessionId: SessionId.safeParse(search.get('session')).data ?? null };
}
