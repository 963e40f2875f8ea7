import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { Change, ChangeWithPatch } from '@boocode/contracts/change.ts';
import type { ChangeId, SessionId } from '@boocode/contracts/ids.ts';
import { ExternalStore } from './external-store.ts';
import { sentenceOf } from './use-action.ts';

export interface SessionChanges {
  /** null = not read yet. */
  readonly items: readonly ChangeWithPatch[] | null;
  readonly error: string | null;
}

/** What a person has decided of a change, shown before the server has said so. */
type Decide = (change: Change) => Change;

const UNREAD: SessionChanges = { items: null, error: null };

/** The changes of each session shown, read again whenever the server says that they are different. */
export class ChangesStore {
  readonly #api: ApiClient;
  readonly #sessions = new Map<SessionId, ExternalStore<SessionChanges>>();
  readonly #reading = new Map<SessionId, 'once' | 'again'>();
  /** Decisions that are on their way: a list that was read before the server knew of them does not take them back. */
  readonly #deciding = new Map<ChangeId, Map<object, Decide>>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  get(id: SessionId): SessionChanges {
    return this.#session(id).get();
  }

  subscribe(id: SessionId, listener: () => void): () => void {
    return this.#session(id).subscribe(listener);
  }

  /** Reads them again; calls during a reading lead to one more after it, so the last state always arrives. */
  async load(id: SessionId): Promise<void> {
    if (this.#reading.has(id)) {
      this.#reading.set(id, 'again');
      return;
    }
    const store = this.#session(id);
    do {
      this.#reading.set(id, 'once');
      try {
        const { items } = await this.#api.listChanges({ params: { id }, query: { state: 'all' } });
        store.update((now) => ({ items: items.map((item) => this.#decided(newerOf(now.items, item))), error: null }));
      } catch (error) {
        store.update((now) => ({ ...now, error: sentenceOf(error) }));
      }
    } while (this.#reading.get(id) === 'again');
    this.#reading.delete(id);
  }

  /** Takes over what the server has just said of one change. */
  put(change: Change): void {
    this.#session(change.sessionId).update((now) => ({
      ...now,
      items: now.items?.map((item) => (item.id === change.id ? this.#decided({ ...item, ...change }) : item)) ?? null,
    }));
  }

  /** Shows a decision at once, and until the result is called: then the server knows of it. */
  decide(change: Change, decide: Decide): () => void {
    const key = {};
    const waiting = this.#deciding.get(change.id) ?? new Map<object, Decide>();
    this.#deciding.set(change.id, waiting.set(key, decide));
    const shown = this.get(change.sessionId).items?.find((item) => item.id === change.id);
    if (shown !== undefined) this.put(shown);
    return () => {
      waiting.delete(key);
      if (waiting.size === 0) this.#deciding.delete(change.id);
    };
  }

  #decided(item: ChangeWithPatch): ChangeWithPatch {
    let decided = item;
    for (const decide of this.#deciding.get(item.id)?.values() ?? []) decided = { ...decided, ...decide(decided) };
    return decided;
  }

  /** The server says that a session's changes are different: read them again if they are shown. */
  refresh(id: SessionId): void {
    if (this.#sessions.has(id)) void this.load(id);
  }

  /** Frames may have been missed: read everything shown again. */
  refreshAll(): void {
    for (const id of this.#sessions.keys()) void this.load(id);
  }

  #session(id: SessionId): ExternalStore<SessionChanges> {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const store = new ExternalStore(UNREAD);
    this.#sessions.set(id, store);
    return store;
  }
}

/** A list that was read before a change was acted on may arrive after it. */
function newerOf(known: readonly ChangeWithPatch[] | null, read: ChangeWithPatch): ChangeWithPatch {
  const shown = known?.find((item) => item.id === read.id);
  return shown !== undefined && shown.updatedAt > read.updatedAt ? { ...read, ...shown, comments: read.comments, others: read.others } : read;
}
