/** Text that comes from a callback, read as an iteration. What was pushed before `end` is read to its end. */
export class LiveOutput {
  #waiting: string[] = [];
  #isEnded = false;
  #wake = Promise.withResolvers<void>();

  push(delta: string): void {
    this.#waiting.push(delta);
    this.#wake.resolve();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const taken = this.#waiting.join('');
      this.#waiting = [];
      if (taken !== '') yield taken;
      if (this.#waiting.length > 0) continue;
      if (this.#isEnded) return;
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
  }
}
