import type { Session } from '@boocode/contracts/chat.ts';
import { GitCompareArrows } from 'lucide-react';
import { lazy, useEffect } from 'react';
import { useChanges, useLive } from '../live/live-context.tsx';
import type { PaneProps } from '../panes/pane-props.ts';
import { RetryLine } from '../ui/RetryLine.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';

const ChangesReview = lazy(async () => ({ default: (await import('./ChangesReview.tsx')).ChangesReview }));

interface ChangesPaneProps {
  readonly session: Session;
  /** Whether keys that belong to nothing else are its own. */
  readonly isActive?: boolean;
  readonly onOpen?: PaneProps['onOpen'];
}

/** What the session's agent edited, waiting to be reviewed and applied to the project's folder. */
export function ChangesPane({ session, isActive = false, onOpen }: ChangesPaneProps) {
  const { changes } = useLive();
  const { items, error } = useChanges(session.id);
  useEffect(() => void changes.load(session.id), [changes, session.id]);
  if (items === null) return error === null ? <PaneSkeleton /> : <Unread message={error} onRetry={() => void changes.load(session.id)} />;
  // superseded ones are history
  if (items.every((change) => change.state === 'superseded')) return <NoChanges isWorking={session.status === 'working' || session.status === 'blocked'} />;
  return (
    <LazyBoundary fallback={<PaneSkeleton />}>
      <ChangesReview session={session} items={items} isActive={isActive} onOpen={onOpen ?? null} />
    </LazyBoundary>
  );
}

function NoChanges({ isWorking }: { isWorking: boolean }) {
  return (
    <div className="grid min-h-0 flex-1 place-content-center justify-items-center gap-2 p-6 text-center">
      <GitCompareArrows size={22} className="text-fg-2" />
      <p className="text-15 font-semibold">No changes yet</p>
      <p className="max-w-[38ch] text-13 text-balance text-fg-1">
        {isWorking
          ? 'The agent works in its own copy of the repository. What it edits appears here when its turn ends.'
          : 'What the agent edits in its own copy of the repository waits here. Nothing reaches your folder until you apply it.'}
      </p>
    </div>
  );
}

function Unread({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div className="p-3">
      <RetryLine message={message} onRetry={onRetry} />
    </div>
  );
}

function PaneSkeleton() {
  return (
    <div className="flex-1 space-y-3 p-3" role="status" aria-label="Reading the changes">
      <div className="skeleton h-5 w-2/3" />
      <div className="skeleton h-32 w-full" />
    </div>
  );
}
