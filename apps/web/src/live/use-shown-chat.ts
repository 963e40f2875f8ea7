import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useLive } from './live-context.tsx';

export interface ShownChat {
  /** The chat with the messages that are shown now. */
  readonly state: ChatState;
  /** False: what is shown ends before the chat does. */
  readonly isEnd: boolean;
  readonly epoch: number;
}

/** What of a chat is shown: its live end, or the messages around a place that the reader was taken to. */
export function useShownChat(id: ChatId, live: ChatState): ShownChat {
  const { chats } = useLive();
  const subscribe = useCallback((listener: () => void) => chats.subscribeWindow(id, listener), [chats, id]);
  const { window, epoch } = useSyncExternalStore(subscribe, () => chats.getWindow(id));
  const state = useMemo(() => (window === null ? live : { ...live, messages: window.messages, hasOlder: window.hasOlder }), [live, window]);
  return { state, isEnd: window === null, epoch };
}
