import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { applyFrame, type ChatState, EMPTY_CHAT, prependMessages } from '@boocode/contracts/chat-state.ts';
import { chatChannel, type ServerFrame } from '@boocode/contracts/frames.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { ChatCache } from './chat-cache.ts';
import { ExternalStore } from './external-store.ts';
import { FrameBatch } from './frame-batch.ts';
import type { LiveSocket } from './live-socket.ts';

const PAGE_SIZE = 60;

interface OpenChat {
  readonly store: ExternalStore<ChatState>;
  readers: number;
  unsubscribe: (() => void) | null;
  isLoadingOlder: boolean;
}

/** Every chat this page has shown, folded from its frames. A chat without readers keeps its state and stops listening. */
export class ChatStore {
  readonly #socket: LiveSocket;
  readonly #api: ApiClient;
  readonly #cache: ChatCache | null;
  readonly #chats = new Map<ChatId, OpenChat>();

  /** `cache`: what this device kept of chats, shown until the server answers. */
  constructor(socket: LiveSocket, api: ApiClient, cache: ChatCache | null = null) {
    this.#socket = socket;
    this.#api = api;
    this.#cache = cache;
  }

  get(id: ChatId): ChatState {
    return this.#chat(id).store.get();
  }

  subscribe(id: ChatId, listener: () => void): () => void {
    const chat = this.#chat(id);
    const forget = chat.store.subscribe(listener);
    chat.readers += 1;
    chat.unsubscribe ??= this.#listen(id, chat);
    return () => {
      forget();
      chat.readers -= 1;
      queueMicrotask(() => {
        if (chat.readers > 0) return;
        chat.unsubscribe?.();
        chat.unsubscribe = null;
      });
    };
  }

  /** Loads the page before what is known; does nothing while one is on its way. Resolves when the state holds it. */
  async loadOlder(id: ChatId): Promise<void> {
    const chat = this.#chat(id);
    const state = chat.store.get();
    const first = state.messages[0];
    if (chat.isLoadingOlder || !state.hasOlder || first === undefined) return;
    chat.isLoadingOlder = true;
    try {
      const page = await this.#api.listMessages({ params: { id }, query: { before: first.position, limit: PAGE_SIZE } });
      chat.store.update((now) => prependMessages(now, page.items, page.nextCursor !== null));
    } finally {
      chat.isLoadingOlder = false;
    }
  }

  #chat(id: ChatId): OpenChat {
    const known = this.#chats.get(id);
    if (known !== undefined) return known;
    const chat: OpenChat = { store: new ExternalStore(EMPTY_CHAT), readers: 0, unsubscribe: null, isLoadingOlder: false };
    this.#chats.set(id, chat);
    if (this.#cache !== null) followWithCache(this.#cache, id, chat.store);
    return chat;
  }

  #listen(id: ChatId, chat: OpenChat): () => void {
    const batch = new FrameBatch<ServerFrame>((frames) => chat.store.update((state) => frames.reduce(applyFrame, state)));
    return this.#socket.subscribe({ channel: chatChannel(id), after: () => chat.store.get().seq, onFrame: (frame) => batch.add(frame) });
  }
}

/** Shows what was kept while nothing newer is here, and keeps what comes. */
function followWithCache(cache: ChatCache, id: ChatId, store: ExternalStore<ChatState>): void {
  void cache.read(id).then((kept) => kept !== null && store.update((now) => (now.chat === null ? kept : now)));
  store.subscribe(() => store.get().seq > 0 && cache.changed(id, store.get));
}
