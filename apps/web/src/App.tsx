import { useEffect } from 'react';
import { Link, Route, Switch } from 'wouter';
import { DoorPage } from './door/DoorPage.tsx';
import { InboxPage } from './inbox/InboxPage.tsx';
import { forgetDevice } from './live/forget-device.ts';
import { useConnection } from './live/live-context.tsx';
import { ProjectPage } from './projects/ProjectPage.tsx';
import { ProjectsPage } from './projects/ProjectsPage.tsx';
import { SessionPage } from './sessions/SessionPage.tsx';
import { Shell } from './shell/Shell.tsx';
import { TerminalPage } from './terminal/TerminalPage.tsx';

/** Every address of the web client. */
export function App() {
  const connection = useConnection();
  const isSignedOut = connection === 'signed_out';
  useEffect(() => {
    if (isSignedOut) forgetDevice();
  }, [isSignedOut]);
  if (isSignedOut) return <DoorPage reason="BooCode does not know this browser any more." />;
  return (
    <Switch>
      <Route path="/">
        <ProjectsPage />
      </Route>
      <Route path="/projects/:id">{({ id }) => <ProjectPage id={id} />}</Route>
      <Route path="/sessions/:id/:chat?">{({ id, chat }) => <SessionPage id={id} chatId={chat} />}</Route>
      <Route path="/terminal/:id">{({ id }) => <TerminalPage id={id} />}</Route>
      <Route path="/inbox">
        <InboxPage />
      </Route>
      <Route>
        <Shell title="Not found">
          <div className="pane grid flex-1 place-content-center justify-items-center gap-3 p-6 text-center">
            <p className="text-15">There is nothing at this address.</p>
            <Link href="/" className="btn btn-line">
              Go to your projects
            </Link>
          </div>
        </Shell>
      </Route>
    </Switch>
  );
}
