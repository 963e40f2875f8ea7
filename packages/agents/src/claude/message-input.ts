/** Messages for an agent that takes them one after another until the end. */
export class MessageInput implements AsyncIterable<object> {
  readonly #waiting: object[] = [];
  #pushed = Promise.withResolvers<void>();
  #isOver = false;

  push(message: object): void {
    this.#waiting.push(message);
    this.#pushed.resolve();
  }

  end(): void {
    this.#isOver = true;
    this.#pushed.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<object> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) yield message;
      else if (this.#isOver) return;
      else {
        this.#pushed = Promise.withResolvers();
        await this.#pushed.promise;
      }
    }
  }
}
