import type { Session } from '@boocode/contracts/chat.ts';
import { SessionId } from '@boocode/contracts/ids.ts';
import { GitCompareArrows, MessageSquare } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { ChatPane } from '../chat/ChatPane.tsx';
import { useLive, useUser } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { Shell } from '../shell/Shell.tsx';
import { sessionLine } from '../shell/session-groups.ts';
import { StatusDot } from '../ui/StatusDot.tsx';
import { useWide } from '../ui/use-wide.ts';

const ChangesPane = lazy(async () => ({ default: (await import('../changes/ChangesPane.tsx')).ChangesPane }));

type Tab = 'chat' | 'changes';

/** A session: its chat, and beside it (or behind a tab, where there is no room) its changes. */
export function SessionPage({ id, chatId }: { id: string; chatId: string | undefined }) {
  const { sessions, isLoaded } = useUser();
  const session = sessions.find((other) => other.id === id);
  const problem = useMissingSession(id, isLoaded && session === undefined);
  if (session !== undefined) return <OpenSession key={session.id} session={session} chatId={chatId} />;
  return (
    <Shell title="Session">
      <div className="pane grid flex-1 place-content-center justify-items-center gap-3 p-6 text-center max-md:!rounded-none">
        {problem === null ? (
          <span role="status" className="text-fg-2">
            Opening the session
          </span>
        ) : (
          <>
            <p className="max-w-[48ch] text-15">{problem}</p>
            <Link href="/" className="btn btn-line">
              Go to your projects
            </Link>
          </>
        )}
      </div>
    </Shell>
  );
}

function OpenSession({ session, chatId }: { session: Session; chatId: string | undefined }) {
  const { permissions, failed } = useUser();
  const isWide = useWide();
  const [tab, setTab] = useState<Tab>('chat');
  const chat = session.chats.find((other) => other.id === chatId) ?? session.chats[0];
  const status = (
    <p className="flex items-center gap-2 text-12 text-fg-1">
      <StatusDot status={session.status} />
      <span className="truncate">{sessionLine(session, permissions, failed ?? [])}</span>
    </p>
  );
  const bottom = isWide ? null : <SessionTabs tab={tab} onChoose={setTab} pending={session.pendingChanges} />;
  return (
    <Shell title={session.title} status={status} bottom={bottom}>
      <h1 className="sr-only md:hidden">{session.title}</h1>
      <div className="flex min-h-0 flex-1 gap-(--gap)">
        <section
          aria-label="Chat"
          className={`pane flex min-w-0 flex-1 flex-col max-md:!rounded-b-none max-md:border-x-0 max-md:border-b-0 ${isWide || tab === 'chat' ? '' : 'hidden'}`}
        >
          <header className="flex min-h-(--bar) items-center gap-3 border-b border-line px-4 max-md:hidden">
            <StatusDot status={session.status} />
            <h1 className="truncate font-semibold">{session.title}</h1>
            {session.chats.length > 1 ? <ChatLinks session={session} current={chat?.id} /> : null}
          </header>
          {chat === undefined ? <p className="p-6 text-fg-1">This session has no open chat.</p> : <ChatPane key={chat.id} chat={chat} />}
        </section>
        <section
          aria-label="Changes"
          className={`pane flex min-w-0 flex-col max-md:!rounded-b-none max-md:border-x-0 max-md:border-b-0 ${isWide ? 'w-[42%] max-w-[680px]' : 'flex-1'} ${isWide || tab === 'changes' ? '' : 'hidden'}`}
        >
          <header className="flex min-h-(--bar) items-center gap-2 border-b border-line px-3">
            <GitCompareArrows size={15} className="text-fg-1" />
            <h2 className="font-semibold">Changes</h2>
            {session.pendingChanges > 0 ? <span className="text-12 text-fg-2">{session.pendingChanges} to review</span> : null}
          </header>
          <Suspense fallback={<div className="flex-1" />}>
            <ChangesPane session={session} />
          </Suspense>
        </section>
      </div>
    </Shell>
  );
}

function ChatLinks({ session, current }: { session: Session; current: string | undefined }) {
  return (
    <nav aria-label="Chats" className="ml-auto flex min-w-0 gap-1 overflow-x-auto">
      {session.chats.map((chat) => (
        <Link
          key={chat.id}
          href={`/sessions/${session.id}/${chat.id}`}
          aria-current={chat.id === current ? 'page' : undefined}
          className={`btn btn-small ${chat.id === current ? 'bg-bg-3' : 'text-fg-1'}`}
        >
          <StatusDot status={chat.status} />
          <span className="max-w-32 truncate">{chat.title}</span>
        </Link>
      ))}
    </nav>
  );
}

function SessionTabs({ tab, onChoose, pending }: { tab: Tab; onChoose: (tab: Tab) => void; pending: number }) {
  const button = (value: Tab, label: string, icon: React.ReactNode) => (
    <button
      type="button"
      aria-pressed={tab === value}
      onClick={() => onChoose(value)}
      className={`relative flex min-h-14 flex-1 flex-col items-center justify-center gap-0.5 text-12 font-medium ${tab === value ? 'text-accent-text' : 'text-fg-1'}`}
    >
      {icon}
      <span>
        {label}
        {value === 'changes' && pending > 0 ? <span className="ml-1.5 rounded-full bg-bg-3 px-1.5 text-11 font-bold text-fg-0">{pending}</span> : null}
      </span>
    </button>
  );
  return (
    <nav aria-label="Panes" className="flex border-t border-line bg-bg-0 pb-[env(safe-area-inset-bottom)]">
      {button('chat', 'Chat', <MessageSquare size={19} />)}
      {button('changes', 'Changes', <GitCompareArrows size={19} />)}
    </nav>
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
