/** Collects items and hands them over once per painted frame (or a few times a second in a hidden tab). */
export class FrameBatch<T> {
  readonly #flush: (items: readonly T[]) => void;
  #items: T[] = [];

  constructor(flush: (items: readonly T[]) => void) {
    this.#flush = flush;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length === 1) this.#schedule();
  }

  #schedule(): void {
    const run = () => {
      const items = this.#items;
      this.#items = [];
      this.#flush(items);
    };
    if (document.visibilityState === 'visible') requestAnimationFrame(run);
    else setTimeout(run, 200);
  }
}
