import { ChatId } from '@boocode/contracts/ids.ts';
import { lazy } from 'react';
import { ChatPane } from '../chat/ChatPane.tsx';
import { useUser } from '../live/live-context.tsx';
import type { PaneProps } from './pane-props.ts';

const DeletedChat = lazy(async () => ({ default: (await import('../chat/DeletedChat.tsx')).DeletedChat }));

/** A chat of the session. */
export function ChatTab({ sessionId, params, isActive, onOpen }: PaneProps) {
  const { sessions } = useUser();
  const session = sessions.find((other) => other.id === sessionId);
  const chat = session?.chats.find((other) => other.id === params.ref);
  const chatId = ChatId.safeParse(params.ref).data;
  if (chatId === undefined) return <p className="m-auto p-6 text-center text-fg-1">There is no chat at this address. Close the tab to go on.</p>;
  if (chat === undefined) return <DeletedChat chatId={chatId} sessionId={sessionId} />;
  return <ChatPane key={chat.id} chat={chat} isActive={isActive} onOpen={onOpen} />;
}
