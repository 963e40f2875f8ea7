import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { LayoutStore } from '../panes/layout-store.ts';
import type { AppUpdate } from '../pwa/app-update.ts';
import type { ThemeStore } from '../settings/theme-store.ts';
import type { ActionRegistry } from '../shell/action-registry.ts';
import type { Overlay } from '../shell/overlay.ts';
import type { Toast } from '../shell/toast.ts';
import type { ChangesStore, SessionChanges } from './changes-store.ts';
import type { ChatStore } from './chat-store.ts';
import type { ExternalStore } from './external-store.ts';
import type { Connection, LiveSocket } from './live-socket.ts';
import type { Outbox } from './outbox.ts';
import type { UserState } from './user-state.ts';
import type { UserStore } from './user-store.ts';

/** The live things of the page, each made once, in main.tsx. */
export interface Live {
  readonly api: ApiClient;
  readonly socket: LiveSocket;
  readonly user: UserStore;
  readonly chats: ChatStore;
  readonly changes: ChangesStore;
  readonly outbox: Outbox;
  readonly theme: ThemeStore;
  readonly layouts: LayoutStore;
  /** What can be done here and now, for keys, menus and the palette. */
  readonly actions: ActionRegistry;
  readonly overlay: ExternalStore<Overlay | null>;
  readonly update: AppUpdate;
  /** What was done last and can be taken back. */
  readonly toasts: ExternalStore<Toast | null>;
}

export const LiveContext = createContext<Live | null>(null);

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('Cannot use live data outside LiveContext');
  return live;
}

export function useUser(): UserState {
  const { user } = useLive();
  return useSyncExternalStore(user.store.subscribe, user.store.get);
}

export function useConnection(): Connection {
  const { socket } = useLive();
  return useSyncExternalStore(socket.connection.subscribe, socket.connection.get);
}

export function useChat(id: ChatId): ChatState {
  const { chats } = useLive();
  const subscribe = useCallback((listener: () => void) => chats.subscribe(id, listener), [chats, id]);
  return useSyncExternalStore(subscribe, () => chats.get(id));
}

export function useChanges(id: SessionId): SessionChanges {
  const { changes } = useLive();
  const subscribe = useCallback((listener: () => void) => changes.subscribe(id, listener), [changes, id]);
  return useSyncExternalStore(subscribe, () => changes.get(id));
}
