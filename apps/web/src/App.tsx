import { lazy, Suspense, useLayoutEffect } from 'react';
import { Link, Route, Switch } from 'wouter';
import { DoorPage } from './door/DoorPage.tsx';
import { forgetDevice } from './live/forget-device.ts';
import { useConnection } from './live/live-context.tsx';
import { ProjectPage } from './projects/ProjectPage.tsx';
import { ProjectsPage } from './projects/ProjectsPage.tsx';
import { SessionPage } from './sessions/SessionPage.tsx';
import { PageSkeleton } from './shell/PageFrame.tsx';
import { AppActions } from './shell/AppActions.tsx';
import { Overlays } from './shell/Overlays.tsx';
import { Shell } from './shell/Shell.tsx';
import { TerminalPage } from './terminal/TerminalPage.tsx';
import { LazyBoundary } from './ui/LazyBoundary.tsx';

const PAGES = [
  { path: '/inbox', title: 'Inbox', Page: lazy(async () => ({ default: (await import('./inbox/InboxPage.tsx')).InboxPage })) },
  { path: '/tasks', title: 'Tasks', Page: lazy(async () => ({ default: (await import('./tasks/TasksPage.tsx')).TasksPage })) },
  { path: '/costs', title: 'Costs', Page: lazy(async () => ({ default: (await import('./costs/CostsPage.tsx')).CostsPage })) },
  { path: '/worktrees', title: 'Worktrees', Page: lazy(async () => ({ default: (await import('./worktrees/WorktreesPage.tsx')).WorktreesPage })) },
  { path: '/settings', title: 'Settings', Page: lazy(async () => ({ default: (await import('./settings/SettingsPage.tsx')).SettingsPage })) },
  { path: '/search', title: 'Search chats', Page: lazy(async () => ({ default: (await import('./search/SearchPage.tsx')).SearchPage })) },
];

const ImportPage = lazy(async () => ({ default: (await import('./imports/ImportPage.tsx')).ImportPage }));

/** Every address of the web client. */
export function App() {
  const connection = useConnection();
  const isSignedOut = connection === 'signed_out';
  useLayoutEffect(() => {
    if (isSignedOut) forgetDevice();
  }, [isSignedOut]);
  if (isSignedOut) return <DoorPage reason="BooCode does not know this browser any more." />;
  return (
    <>
      <AppActions />
      <Switch>
        <Route path="/">
          <ProjectsPage />
        </Route>
        <Route path="/projects/:id">{({ id }) => <ProjectPage id={id} />}</Route>
        <Route path="/projects/:id/import">
          {({ id }) => (
            <LazyBoundary>
              <Suspense fallback={<PageSkeleton title="Import past sessions" />}>
                <ImportPage id={id} />
              </Suspense>
            </LazyBoundary>
          )}
        </Route>
        <Route path="/sessions/:id/*?">{({ id, '*': rest }) => <SessionPage id={id} rest={rest} />}</Route>
        <Route path="/terminal/:id">{({ id }) => <TerminalPage id={id} />}</Route>
        {PAGES.map(({ path, title, Page }) => (
          <Route key={path} path={path}>
            <LazyBoundary>
              <Suspense fallback={<PageSkeleton title={title} />}>
                <Page />
              </Suspense>
            </LazyBoundary>
          </Route>
        ))}
        <Route>
          <Shell title="Not found">
            <div className="pane grid flex-1 place-content-center justify-items-center gap-3 p-6 text-center">
              <h1 className="text-15">There is nothing at this address.</h1>
              <Link href="/" className="btn btn-line">
                Go to your projects
              </Link>
            </div>
          </Shell>
        </Route>
      </Switch>
      <Overlays />
    </>
  );
}
