import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { SendMessage } from '@boocode/contracts/task.ts';
import { ExternalStore } from './external-store.ts';
import type { Connection } from './live-socket.ts';
import { applyOutboxEvent, nextToSend, type OutboxEvent, OutboxItem, type OutboxState } from './outbox-state.ts';
import { randomId } from './random-id.ts';
import { sentenceOf } from './use-action.ts';

/** Each message is kept under a key of its own, so that windows never write over each other's. */
const PREFIX = 'boocode.outbox.';
const LOCK = 'boocode.outbox';
const RETRY_MS = 1_500;

export interface OutboxOptions {
  readonly api: Pick<ApiClient, 'sendMessage'>;
  /** All windows of this browser share it. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;
  readonly connection: ExternalStore<Connection>;
  /** Lets one window send at a time. Browsers give it only to safe origins; without it the server knows a message that came twice by its key. */
  readonly locks?: Pick<LockManager, 'request'> | undefined;
}

/**
 * Messages on their way to the server. They are kept on this device before the first attempt, so neither a reload nor a restart nor another window loses
 * or doubles one.
 */
export class Outbox {
  readonly items: ExternalStore<OutboxState>;
  readonly #options: OutboxOptions;
  /** What this device had no room for: sent from memory alone. */
  readonly #unkept = new Set<string>();
  #isSending = false;
  /** While it sent (or gave way to another window) it was asked to. */
  #isAsked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.items = new ExternalStore(readKept(options.storage).map(unsent));
    options.connection.subscribe(() => void this.flush());
  }

  /** Takes a message; it leaves the outbox when the server has it. */
  send(chatId: ChatId, body: SendMessage): void {
    const last = this.items.get().at(-1)?.at ?? 0;
    this.#apply({ type: 'added', key: randomId(), at: Math.max(Date.now(), last + 1), chatId, body });
    void this.flush();
  }

  /** Takes one back that is not being sent right now; gives its text, or null. */
  takeBack(key: string): string | null {
    const item = this.items.get().find((other) => other.key === key);
    if (item === undefined || item.state === 'sending') return null;
    this.#apply({ type: 'taken', key });
    void this.flush();
    return item.body.text;
  }

  /** Tries a refused one again. */
  retry(key: string): void {
    this.#apply({ type: 'unreachable', key });
    void this.flush();
  }

  /** Another window may have changed what is kept: `key` is what a storage event names. */
  hear(key: string | null): void {
    if (key !== null && !key.startsWith(PREFIX)) return;
    this.#read();
    void this.flush();
  }

  /** Sends what waits, one after the other, while the server can be reached. */
  async flush(): Promise<void> {
    if (this.#isSending) {
      this.#isAsked = true;
      return;
    }
    this.#isSending = true;
    this.#isAsked = false;
    clearTimeout(this.#timer);
    const { locks } = this.#options;
    let isReached = true;
    try {
      if (nextToSend(this.items.get().map(unsent)) === null || !this.#canSend()) return;
      isReached = await (locks === undefined ? this.#sendAll() : locks.request(LOCK, () => this.#sendAlone()));
    } finally {
      this.#isSending = false;
    }
    if (this.#isAsked && isReached) void this.flush();
  }

  /** While no other window sends: what one of them began and did not end is sent again. */
  #sendAlone(): Promise<boolean> {
    this.#read();
    this.items.update((items) => items.map(unsent));
    return this.#sendAll();
  }

  /** False: the server is out of reach; a timer tries again. */
  async #sendAll(): Promise<boolean> {
    for (let item = nextToSend(this.items.get()); item !== null && this.#canSend(); item = nextToSend(this.items.get())) {
      if (!(await this.#sendOne(item))) return false;
    }
    return true;
  }

  #canSend(): boolean {
    const connection = this.#options.connection.get();
    return connection === 'online' || connection === 'connecting';
  }

  async #sendOne({ key, chatId, body }: OutboxItem): Promise<boolean> {
    this.#apply({ type: 'sending', key });
    try {
      await this.#options.api.sendMessage({ params: { id: chatId }, body });
      this.#apply({ type: 'sent', key });
      return true;
    } catch (error) {
      if (!isAway(error)) {
        this.#apply({ type: 'refused', key, problem: sentenceOf(error) });
        return true;
      }
      this.#apply({ type: 'unreachable', key });
      this.#timer = setTimeout(() => void this.flush(), RETRY_MS);
      return false;
    }
  }

  #apply(event: OutboxEvent): void {
    this.items.update((items) => applyOutboxEvent(items, event));
    const { storage } = this.#options;
    const item = this.items.get().find(({ key }) => key === event.key);
    try {
      if (item === undefined) storage.removeItem(PREFIX + event.key);
      else storage.setItem(PREFIX + event.key, JSON.stringify(item));
      this.#unkept.delete(event.key);
    } catch {
      this.#unkept.add(event.key); // the device is full: it is still sent from memory, only a reload would lose it
    }
  }

  #read(): void {
    const own = this.items.get().filter(({ key }) => this.#unkept.has(key));
    this.items.set([...readKept(this.#options.storage), ...own].toSorted(byTime));
  }
}

/** What is kept, of all windows, as it was written. */
function readKept(storage: OutboxOptions['storage']): OutboxState {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  return keys.flatMap((key) => (key?.startsWith(PREFIX) === true ? readItem(storage.getItem(key)) : [])).toSorted(byTime);
}

function readItem(text: string | null): OutboxState {
  try {
    return [OutboxItem.parse(JSON.parse(text ?? ''))];
  } catch {
    return []; // another version's form, or cut off: there is nothing to be made of it
  }
}

function byTime(a: OutboxItem, b: OutboxItem): number {
  return a.at - b.at || (a.key < b.key ? -1 : 1);
}

/** What was being sent when its window went may have arrived: it is sent again under the same key. */
function unsent(item: OutboxItem): OutboxItem {
  return item.state === 'sending' ? { ...item, state: 'waiting' } : item;
}

/** Out of reach, or not letting this device in: what is written waits for better times. */
function isAway(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof BooError && error.code === 'unauthorized');
}
