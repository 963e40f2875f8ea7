import { ExternalStore } from '../live/external-store.ts';

/** What can be done right now, by the ids of the table of shortcuts. The place one is at brings its own. */
export class ActionRegistry {
  /** The ids that would do something now. */
  readonly available = new ExternalStore<ReadonlySet<string>>(new Set());
  readonly #handlers = new Map<string, () => unknown>();

  /** Offers actions until the returned function is called. The last offer of an id holds. One that returns false had nothing to do where the focus is. */
  offer(actions: Readonly<Record<string, () => unknown>>): () => void {
    for (const [id, run] of Object.entries(actions)) this.#handlers.set(id, run);
    this.available.set(new Set(this.#handlers.keys()));
    return () => {
      for (const [id, run] of Object.entries(actions)) if (this.#handlers.get(id) === run) this.#handlers.delete(id);
      this.available.set(new Set(this.#handlers.keys()));
    };
  }

  /** Does it; false when nobody offers it here. */
  run(id: string): boolean {
    const handler = this.#handlers.get(id);
    return handler !== undefined && handler() !== false;
  }
}
