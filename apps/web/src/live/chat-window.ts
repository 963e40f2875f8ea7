import type { Message } from '@boocode/contracts/message.ts';

/** A piece of a chat away from its live end: messages in a row, with newer ones after it that are not loaded. */
export interface ChatWindow {
  readonly messages: readonly Message[];
  readonly hasOlder: boolean;
}

/** What of a chat is shown; null = its live end. `epoch` changes when the reader is taken somewhere else. */
export interface ShownWindow {
  readonly epoch: number;
  readonly window: ChatWindow | null;
}

export const LIVE_END: ShownWindow = { epoch: 0, window: null };

export function windowAround(page: { readonly items: readonly Message[]; readonly nextCursor: string | null }): ChatWindow {
  return { messages: page.items, hasOlder: page.nextCursor !== null };
}

/** Puts a newer page after a window. */
export function appendPage(window: ChatWindow, page: readonly Message[]): ChatWindow {
  const last = window.messages.at(-1)?.position ?? -1;
  return { ...window, messages: [...window.messages, ...page.filter((message) => message.position > last)] };
}
