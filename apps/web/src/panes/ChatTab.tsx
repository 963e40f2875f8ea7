import { ChatId } from '@boocode/contracts/ids.ts';
import { lazy, Suspense } from 'react';
import { ChatPane } from '../chat/ChatPane.tsx';
import { useUser } from '../live/live-context.tsx';
import type { PaneProps } from './pane-props.ts';

const DeletedChat = lazy(async () => ({ default: (await import('../chat/DeletedChat.tsx')).DeletedChat }));

/** The chat can be read without it: where it cannot be loaded, its place stays empty. */
const BranchBar = lazy(() =>
  import('../chat/BranchBar.tsx').then(
    (part) => ({ default: part.BranchBar }),
    () => ({ default: () => <span /> }),
  ),
);

/** A chat of the session. */
export function ChatTab({ sessionId, params, isActive, onOpen }: PaneProps) {
  const { sessions } = useUser();
  const session = sessions.find((other) => other.id === sessionId);
  const chat = session?.chats.find((other) => other.id === params.ref);
  const chatId = ChatId.safeParse(params.ref).data;
  if (chatId === undefined) return <p className="m-auto p-6 text-center text-fg-1">There is no chat at this address. Close the tab to go on.</p>;
  if (session === undefined || chat === undefined) return <DeletedChat chatId={chatId} sessionId={sessionId} />;
  return (
    <>
      <div className="flex min-h-8 items-center gap-1 px-3 text-12 text-fg-2">
        <Suspense fallback={null}>
          <BranchBar chat={chat} session={session} onOpen={onOpen} />
        </Suspense>
      </div>
      <ChatPane key={chat.id} chat={chat} isActive={isActive} onOpen={onOpen} />
    </>
  );
}
