import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { applyFrame, type ChatState, EMPTY_CHAT, prependMessages } from '@boocode/contracts/chat-state.ts';
import { chatChannel, type ServerFrame } from '@boocode/contracts/frames.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { ChatCache } from './chat-cache.ts';
import { ExternalStore } from './external-store.ts';
import { FrameBatch } from './frame-batch.ts';
import type { LiveSocket } from './live-socket.ts';
import { noteGrowth } from './text-growth.ts';
import { appendPage, type ChatWindow, LIVE_END, type ShownWindow, windowAround } from './chat-window.ts';

const PAGE_SIZE = 60;

interface OpenChat {
  readonly store: ExternalStore<ChatState>;
  readonly window: ExternalStore<ShownWindow>;
  readers: number;
  unsubscribe: (() => void) | null;
  isLoading: boolean;
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

  /** Which part of the chat is shown: its live end, or a window elsewhere. */
  getWindow(id: ChatId): ShownWindow {
    return this.#chat(id).window.get();
  }

  subscribeWindow(id: ChatId, listener: () => void): () => void {
    return this.#chat(id).window.subscribe(listener);
  }

  /** Loads the page before what is shown; does nothing while one is on its way. Resolves when the state holds it. */
  async loadOlder(id: ChatId): Promise<void> {
    const chat = this.#chat(id);
    const { window } = chat.window.get();
    const { messages, hasOlder } = window ?? chat.store.get();
    const first = messages[0];
    if (!hasOlder || first === undefined) return;
    await loading(chat, async () => {
      const page = await this.#api.listMessages({ params: { id }, query: { before: first.position, limit: PAGE_SIZE } });
      const isOlder = page.nextCursor !== null;
      if (window === null) chat.store.update((now) => prependMessages(now, page.items, isOlder));
      else updateWindow(chat, window, { messages: [...page.items, ...window.messages], hasOlder: isOlder });
    });
  }

  /** Loads the page after the window that is shown; where it meets the live end, it becomes part of that. */
  async loadNewer(id: ChatId): Promise<void> {
    const chat = this.#chat(id);
    const { window } = chat.window.get();
    const last = window?.messages.at(-1);
    if (window === null || last === undefined) return;
    await loading(chat, async () => {
      const page = await this.#api.listMessages({ params: { id }, query: { after: last.position, limit: PAGE_SIZE } });
      const grown = appendPage(window, page.items);
      if (page.newerCursor == null || meetsEnd(grown, chat.store.get())) {
        chat.store.update((now) => prependMessages(now, grown.messages, grown.hasOlder));
        chat.window.update((now) => (now.window === window ? { ...now, window: null } : now));
      } else updateWindow(chat, window, grown);
    });
  }

  /** Sees to it that the message at a position is among those shown. */
  async showAround(id: ChatId, position: number): Promise<void> {
    const chat = this.#chat(id);
    const { window } = chat.window.get();
    if (holds((window ?? chat.store.get()).messages, position)) return;
    if (holds(chat.store.get().messages, position)) return this.showEnd(id);
    const page = await this.#api.listMessages({ params: { id }, query: { around: position, limit: PAGE_SIZE } });
    const found = windowAround(page);
    if (page.newerCursor == null || meetsEnd(found, chat.store.get())) {
      chat.store.update((now) => prependMessages(now, found.messages, found.hasOlder));
      if (chat.window.get().window !== null) this.showEnd(id);
    } else chat.window.update((now) => ({ epoch: now.epoch + 1, window: found }));
  }

  /** Back to the live end. */
  showEnd(id: ChatId): void {
    this.#chat(id).window.update((now) => ({ epoch: now.epoch + 1, window: null }));
  }

  #chat(id: ChatId): OpenChat {
    const known = this.#chats.get(id);
    if (known !== undefined) return known;
    const chat: OpenChat = {
      store: new ExternalStore(EMPTY_CHAT),
      window: new ExternalStore(LIVE_END),
      readers: 0,
      unsubscribe: null,
      isLoading: false,
    };
    this.#chats.set(id, chat);
    if (this.#cache !== null) followWithCache(this.#cache, id, chat.store);
    return chat;
  }

  #listen(id: ChatId, chat: OpenChat): () => void {
    const batch = new FrameBatch<ServerFrame>((frames) => chat.store.update((state) => frames.reduce(fold, state)));
    return this.#socket.subscribe({ channel: chatChannel(id), after: () => chat.store.get().seq, onFrame: (frame) => batch.add(frame) });
  }
}

function fold(state: ChatState, frame: ServerFrame): ChatState {
  const next = applyFrame(state, frame);
  noteGrowth(state, next, frame);
  return next;
}

/** One page of a chat at a time. */
async function loading(chat: OpenChat, work: () => Promise<void>): Promise<void> {
  if (chat.isLoading) return;
  chat.isLoading = true;
  try {
    await work();
  } finally {
    chat.isLoading = false;
  }
}

/** A page that came for a window which is gone changes nothing. */
function updateWindow(chat: OpenChat, before: ChatWindow, fields: Partial<ChatWindow>): void {
  chat.window.update((now) => (now.window === before ? { ...now, window: { ...before, ...fields } } : now));
}

function holds(messages: readonly Message[], position: number): boolean {
  return messages.some((message) => message.position === position);
}

function meetsEnd(window: ChatWindow, live: ChatState): boolean {
  const first = live.messages[0];
  return first === undefined || (window.messages.at(-1)?.position ?? -1) >= first.position;
}

/** Shows what was kept while nothing newer is here, and keeps what comes. */
function followWithCache(cache: ChatCache, id: ChatId, store: ExternalStore<ChatState>): void {
  void cache.read(id).then((kept) => kept !== null && store.update((now) => (now.chat === null ? kept : now)));
  store.subscribe(() => store.get().seq > 0 && cache.changed(id, store.get));
}
