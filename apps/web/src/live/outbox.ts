import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { SendMessage } from '@boocode/contracts/task.ts';
import * as z from 'zod/mini';
import { ExternalStore } from './external-store.ts';
import type { Connection } from './live-socket.ts';
import { applyOutboxEvent, nextToSend, type OutboxEvent, OutboxItem, type OutboxState } from './outbox-state.ts';
import { randomId } from './random-id.ts';
import { sentenceOf } from './use-action.ts';

const KEY = 'boocode.outbox';
const RETRY_MS = 1_500;
const Kept = z.array(OutboxItem);

export interface OutboxOptions {
  readonly api: Pick<ApiClient, 'sendMessage'>;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly connection: ExternalStore<Connection>;
}

/** Messages on their way to the server. They are kept on this device before the first attempt, so neither a reload nor a restart loses or doubles one. */
export class Outbox {
  readonly items: ExternalStore<OutboxState>;
  readonly #options: OutboxOptions;
  #isSending = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.items = new ExternalStore(readKept(options.storage));
    options.connection.subscribe(() => void this.flush());
  }

  /** Takes a message; it leaves the outbox when the server has it. */
  send(chatId: ChatId, body: SendMessage): void {
    this.#apply({ type: 'added', key: randomId(), chatId, body });
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

  /** Sends what waits, one after the other, while the server can be reached. */
  async flush(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    clearTimeout(this.#timer);
    try {
      for (let item = nextToSend(this.items.get()); item !== null && this.#canSend(); item = nextToSend(this.items.get())) {
        if (!(await this.#sendOne(item))) break;
      }
    } finally {
      this.#isSending = false;
    }
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
    const items = this.items.get();
    try {
      if (items.length === 0) this.#options.storage.removeItem(KEY);
      else this.#options.storage.setItem(KEY, JSON.stringify(items));
    } catch {
      // the device is full: it is still sent from memory, only a reload would lose it
    }
  }
}

/** What an earlier page left; what it was sending may have arrived, and is sent again under the same key. */
function readKept(storage: OutboxOptions['storage']): OutboxState {
  try {
    const items = Kept.parse(JSON.parse(storage.getItem(KEY) ?? '[]'));
    return items.map((item) => (item.state === 'sending' ? { ...item, state: 'waiting' as const } : item));
  } catch {
    return []; // another version's form, or cut off: there is nothing to be made of it
  }
}

/** Out of reach, or not letting this device in: what is written waits for better times. */
function isAway(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof BooError && error.code === 'unauthorized');
}
