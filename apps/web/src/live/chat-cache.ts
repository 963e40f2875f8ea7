import { ChatAgent } from '@boocode/contracts/agent-info.ts';
import { Chat } from '@boocode/contracts/chat.ts';
import { type ChatState, EMPTY_CHAT } from '@boocode/contracts/chat-state.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import { Message } from '@boocode/contracts/message.ts';
import { Permission } from '@boocode/contracts/permission.ts';
import { Task } from '@boocode/contracts/task.ts';
import * as z from 'zod/mini';

const DATABASE = 'boocode-cache';
const STORE = 'chats';
const MOST_CHATS = 12;
const MOST_MESSAGES = 30;
const MOST_CHARACTERS = 500_000;
const WRITE_EVERY_MS = 1_000;
/** After a quiet time the first change is kept almost at once: what a closing page writes may be lost. */
const FIRST_WRITE_MS = 60;

const Kept = z.object({
  chat: Chat,
  messages: z.array(Message),
  hasOlder: z.boolean(),
  tasks: z.array(Task),
  permissions: z.array(Permission),
  agents: z.array(ChatAgent),
});

interface Row {
  readonly id: string;
  readonly owner: string;
  readonly keptAt: number;
  readonly text: string;
}

/** The newest part of a chat as one text; null when there is nothing to keep or too much. */
export function chatToText({ chat, messages, hasOlder, tasks, permissions, agents }: ChatState): string | null {
  if (chat === null) return null;
  const newest = messages.slice(-MOST_MESSAGES);
  const text = JSON.stringify({ chat, messages: newest, hasOlder: hasOlder || newest.length < messages.length, tasks, permissions, agents });
  return text.length > MOST_CHARACTERS ? null : text;
}

/** The chat of a kept text, at seq 0 so that a snapshot follows; null when it is not in today's form. */
export function textToChat(text: string): ChatState | null {
  try {
    return { ...EMPTY_CHAT, ...Kept.parse(JSON.parse(text)) };
  } catch {
    return null; // by another version
  }
}

/** The chats this device looked at last, to paint them at once. Everything here may fail: it only ever saves a moment. */
export class ChatCache {
  readonly #owner: string;
  readonly #opening: Promise<IDBDatabase | null>;
  /** At hand once it is open: a page that goes away has no time to wait. */
  #database: IDBDatabase | null = null;
  readonly #changed = new Map<ChatId, () => ChatState>();
  #writtenAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(owner: string) {
    this.#owner = owner;
    this.#opening = openDatabase().then((database) => (this.#database = database));
    addEventListener('pagehide', () => this.#write());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && this.#write());
  }

  async read(id: ChatId): Promise<ChatState | null> {
    const rows = (await this.#opening)?.transaction(STORE).objectStore(STORE);
    const row = rows === undefined ? null : await resultOf<Row | undefined>(rows.get(id));
    return row?.owner === this.#owner ? textToChat(row.text) : null;
  }

  /** Says that a chat is different; `get` is asked when it is written. */
  changed(id: ChatId, get: () => ChatState): void {
    this.#changed.set(id, get);
    const isQuiet = performance.now() - this.#writtenAt > WRITE_EVERY_MS;
    this.#timer ??= setTimeout(() => this.#write(), isQuiet ? FIRST_WRITE_MS : WRITE_EVERY_MS);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#database === null) return;
    const entries = [...this.#changed];
    this.#changed.clear();
    if (entries.length === 0) return;
    this.#writtenAt = performance.now();
    const store = this.#database.transaction(STORE, 'readwrite').objectStore(STORE);
    for (const [id, get] of entries) {
      const text = chatToText(get());
      if (text !== null) store.put({ id, owner: this.#owner, keptAt: Date.now(), text } satisfies Row);
    }
    void resultOf<IDBValidKey[]>(store.index('keptAt').getAllKeys()).then((keys) => {
      for (const key of (keys ?? []).slice(0, -MOST_CHATS)) store.delete(key);
    });
  }
}

export function forgetChatCache(): void {
  indexedDB?.deleteDatabase(DATABASE);
}

function openDatabase(): Promise<IDBDatabase | null> {
  if (!('indexedDB' in window)) return Promise.resolve(null);
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(STORE, { keyPath: 'id' }).createIndex('keptAt', 'keptAt');
  });
  return resultOf<IDBDatabase>(request).then((database) => {
    database?.addEventListener('versionchange', () => database.close()); // another window signs out
    return database;
  });
}

/** The result of a request, or null when the browser refuses (private windows, a full disk). */
function resultOf<T>(request: IDBRequest): Promise<T | null> {
  return new Promise((resolve) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => resolve(null));
  });
}
