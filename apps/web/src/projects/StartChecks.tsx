import { lazy, Suspense } from 'react';
import { useUser } from '../live/live-context.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';

const Checks = lazy(async () => ({ default: (await import('./StartChecksPanel.tsx')).StartChecksPanel }));

/** What work needs: a model server and an agent. On the first start it always stands there; later only while no model server answers. */
export function StartChecks({ isFirst }: { isFirst: boolean }) {
  const { models, servers } = useUser();
  const isMissing = models !== null && !servers.some((server) => !server.demo && server.status === 'ready');
  if (!isFirst && !isMissing) return null;
  return (
    <LazyBoundary>
      <Suspense fallback={<div className="skeleton h-[420px]" role="status" aria-label="Looking for model servers and agents" />}>
        <Checks />
      </Suspense>
    </LazyBoundary>
  );
}
