/** Events pushed by one side and taken by the other in batches, in their order. A failure comes after everything that was pushed before it. */
export class EventQueue<T> {
  #waiting: T[] = [];
  #end: { readonly error: unknown } | 'ended' | null = null;
  #pushed = Promise.withResolvers<void>();
  #taken: PromiseWithResolvers<void> | null = null;
  #isAbandoned = false;

  push(event: T): void {
    this.#waiting.push(event);
    this.#pushed.resolve();
  }

  get size(): number {
    return this.#waiting.length;
  }

  end(): void {
    this.#end ??= 'ended';
    this.#pushed.resolve();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#pushed.resolve();
  }

  /** What has come since, at least one event; null at the end. Asking again says that what was given before has been dealt with. */
  async take(): Promise<readonly T[] | null> {
    for (;;) {
      const taken = this.#waiting;
      if (taken.length > 0) {
        this.#waiting = [];
        return taken;
      }
      this.#taken?.resolve();
      this.#taken = null;
      if (this.#end === 'ended') return null;
      if (this.#end !== null) throw this.#end.error;
      this.#pushed = Promise.withResolvers();
      await this.#pushed.promise;
    }
  }

  /** Resolves when the reader has dealt with everything pushed so far. */
  async dealtWith(): Promise<void> {
    if (this.#isAbandoned) return;
    this.#taken ??= Promise.withResolvers();
    this.#pushed.resolve();
    await this.#taken.promise;
  }

  /** The reader will not come back: nobody waits for it any more. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#waiting = [];
    this.#taken?.resolve();
  }
}
