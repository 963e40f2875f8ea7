import type { Chat } from '@boocode/contracts/chat.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';

/** The dialog that lies over the page: one at a time. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'rename_session'; readonly sessionId: SessionId }
  | { readonly kind: 'delete_session'; readonly sessionId: SessionId }
  | { readonly kind: 'rename_chat' | 'delete_chat'; readonly chat: Chat };
