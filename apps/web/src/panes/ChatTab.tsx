import { ChatPane } from '../chat/ChatPane.tsx';
import { useUser } from '../live/live-context.tsx';
import type { PaneProps } from './pane-props.ts';

/** A chat of the session. */
export function ChatTab({ sessionId, params, onOpen }: PaneProps) {
  const { sessions } = useUser();
  const session = sessions.find((other) => other.id === sessionId);
  const chat = session?.chats.find((other) => other.id === params.ref);
  if (chat === undefined) return <p className="m-auto p-6 text-center text-fg-1">This chat is not here any more.</p>;
  return <ChatPane key={chat.id} chat={chat} onOpen={onOpen} />;
}
