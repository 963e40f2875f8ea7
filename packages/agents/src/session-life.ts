/** The life of a conversation that has no process of its own: it ends when it is told to, or with `signal`. */
export class SessionLife {
  /** Settles at its end. */
  readonly closed: Promise<void>;
  readonly #end = new AbortController();

  constructor(signal: AbortSignal) {
    const closed = Promise.withResolvers<void>();
    this.#end.signal.addEventListener('abort', () => closed.resolve(), { once: true });
    if (signal.aborted) this.end();
    else signal.addEventListener('abort', () => this.end(), { once: true, signal: this.#end.signal });
    this.closed = closed.promise;
  }

  /** Aborts at its end. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  end(): void {
    this.#end.abort();
  }
}
