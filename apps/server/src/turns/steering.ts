import type { MessageId } from '@boocode/contracts/ids.ts';

export type Steered = 'delivered' | 'queued';

/** The waiting messages that a person wants to hand to one running turn. Who asks waits until the turn takes them or ends. */
export class Steering {
  readonly #asked = new Map<MessageId, PromiseWithResolvers<Steered>>();
  #isOpen = false;

  /** The agent can be told more from now on. */
  open(): void {
    this.#isOpen = true;
  }

  /** Resolves with `delivered` once the turn holds the message, with `queued` when it never will: then the message waits as before. */
  ask(id: MessageId): Promise<Steered> {
    if (!this.#isOpen) return Promise.resolve('queued');
    const known = this.#asked.get(id);
    if (known !== undefined) return known.promise;
    const asked = Promise.withResolvers<Steered>();
    this.#asked.set(id, asked);
    return asked.promise;
  }

  /** In the order in which they were asked for; each is to be settled. */
  asked(): readonly MessageId[] {
    return [...this.#asked.keys()];
  }

  settle(id: MessageId, result: Steered): void {
    this.#asked.get(id)?.resolve(result);
    this.#asked.delete(id);
  }

  /** The turn takes nothing more. */
  close(): void {
    this.#isOpen = false;
    for (const id of this.asked()) this.settle(id, 'queued');
  }
}
