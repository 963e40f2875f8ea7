import type { Session } from '@boocode/contracts/chat.ts';
import type { Layout, LayoutNode } from '@boocode/contracts/layout.ts';

/** How a session stands until somebody arranges it: its chats, and beside them its changes. */
export function defaultLayout(session: Session): Layout {
  const chats: LayoutNode = {
    type: 'pane',
    id: 'main',
    tabs: session.chats.map((chat) => ({ id: `chat-${chat.id}`, kind: 'chat', ref: chat.id })),
    active: session.chats[0] === undefined ? null : `chat-${session.chats[0].id}`,
  };
  const changes: LayoutNode = { type: 'pane', id: 'side', tabs: [{ id: 'changes', kind: 'changes', ref: null }], active: 'changes' };
  return { root: { type: 'split', id: 'first', direction: 'row', sizes: [58, 42], children: [chats, changes] }, focused: 'main', maximised: null };
}
