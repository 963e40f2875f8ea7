import type { AgentStatus, Session } from '@boocode/contracts/chat.ts';
import type { LayoutTab } from '@boocode/contracts/layout.ts';
import { File, type LucideIcon } from 'lucide-react';
import { PANE_KINDS } from './pane-kinds.tsx';

/** How a tab looks from outside. */
export interface TabFace {
  readonly title: string;
  readonly icon: LucideIcon;
  /** Of a chat's agent; null for every other kind. */
  readonly status: AgentStatus | null;
  readonly count: number;
}

export function faceOf(tab: LayoutTab, session: Session): TabFace {
  const kind = PANE_KINDS[tab.kind];
  const icon = kind?.icon ?? File;
  if (tab.kind === 'chat') {
    const at = session.chats.findIndex((chat) => chat.id === tab.ref);
    const chat = session.chats[at];
    return { title: chat === undefined ? 'Chat' : chatTitle(chat.title, at), icon, status: chat?.status ?? 'idle', count: 0 };
  }
  const name = tab.ref === null ? undefined : tab.ref.slice(tab.ref.lastIndexOf('/') + 1);
  const title = tab.title ?? (kind?.offer === 'never' ? name : undefined) ?? kind?.label ?? tab.kind;
  return { title, icon, status: null, count: tab.kind === 'changes' ? session.pendingChanges : 0 };
}

/** A chat by its title, or by its number while it has none. */
export function chatTitle(title: string, index: number): string {
  return title.trim() === '' ? `Chat ${index + 1}` : title;
}
