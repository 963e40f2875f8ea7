import { lazy, Suspense, useContext } from 'react';
import { TimelineChatContext } from '../chat/timeline-chat.ts';
import { useUser } from '../live/live-context.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';

const Questions = lazy(async () => ({ default: (await import('./TrustQuestions.tsx')).TrustQuestions }));

/** Under a turn's notice that something was skipped: the question itself, answered in place. */
export function TrustNotice() {
  const chatId = useContext(TimelineChatContext);
  const { sessions } = useUser();
  const session = sessions.find(({ chats }) => chats.some((chat) => chat.id === chatId));
  if (session === undefined) return null;
  return (
    <LazyBoundary>
      <Suspense fallback={<div className="skeleton h-60 max-w-[680px]" role="status" aria-label="Reading what the repository brings" />}>
        <Questions projectId={session.projectId} isHistory />
      </Suspense>
    </LazyBoundary>
  );
}
