import type { Session } from '@boocode/contracts/chat.ts';
import { GitCompareArrows } from 'lucide-react';
import { lazy, useEffect } from 'react';
import { useChanges, useLive, useUser } from '../live/live-context.tsx';
import type { PaneProps } from '../panes/pane-props.ts';
import { RetryLine } from '../ui/RetryLine.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { ChangesSkeleton } from './ChangesSkeleton.tsx';

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
  const around = useOtherChanges(session);
  useEffect(() => void changes.load(session.id), [changes, session.id, around]);
  if (items === null && error !== null) return <Unread message={error} onRetry={() => void changes.load(session.id)} />;
  if (items === null && session.pendingChanges === 0) return <ChangesSkeleton />;
  // superseded ones are history
  if (items?.every((change) => change.state === 'superseded') === true)
    return <NoChanges isWorking={session.status === 'working' || session.status === 'blocked'} />;
  return (
    // where something waits, the review is fetched beside the list: after it, it would be waited for twice
    <LazyBoundary fallback={<ChangesSkeleton />}>
      <ChangesReview session={session} items={items} around={around} isActive={isActive} onOpen={onOpen ?? null} />
    </LazyBoundary>
  );
}

/** What other sessions of the project have waiting, as a text: it decides collisions. */
function useOtherChanges(session: Session): string {
  const { sessions } = useUser();
  const others = sessions.filter((other) => other.projectId === session.projectId && other.id !== session.id);
  return others
    .map((other) => `${other.id} ${other.pendingChanges}`)
    .toSorted()
    .join('\n');
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
