/** Lets work on one folder happen one at a time, in the order in which it was asked for; different folders do not wait for each other. */
export class FolderQueue {
  readonly #tails = new Map<string, Promise<void>>();

  async run<T>(folder: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(folder) ?? Promise.resolve();
    const { promise: mine, resolve: done } = Promise.withResolvers<void>();
    const tail = before.then(() => mine);
    this.#tails.set(folder, tail);
    await before;
    try {
      return await work();
    } finally {
      done();
      if (this.#tails.get(folder) === tail) this.#tails.delete(folder);
    }
  }
}
