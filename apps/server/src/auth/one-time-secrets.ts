import { hashSecret, makeSecret } from './secret.ts';

export interface OneTimeOptions {
  readonly lifetimeMs: number;
  /** How many may be open at once; the oldest gives way. */
  readonly limit: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** Secrets that are good once and for a short time: the code of a link, the ticket of a socket. A restart forgets them. */
export class OneTimeSecrets {
  readonly #options: OneTimeOptions;
  /** Hash to end of life, oldest first. Looked up by hash, so that the time of a look-up tells nothing. */
  readonly #open = new Map<string, number>();

  constructor(options: OneTimeOptions) {
    this.#options = options;
  }

  issue(): string {
    this.#forgetOld();
    const secret = makeSecret();
    this.#open.set(hashSecret(secret), this.#options.now() + this.#options.lifetimeMs);
    return secret;
  }

  /** Uses a secret up; false if it is unknown, used or too old. */
  take(secret: string): boolean {
    const hash = hashSecret(secret);
    const endsAt = this.#open.get(hash);
    this.#open.delete(hash);
    return endsAt !== undefined && this.#options.now() < endsAt;
  }

  #forgetOld(): void {
    const now = this.#options.now();
    for (const [hash, endsAt] of this.#open) {
      if (now < endsAt && this.#open.size < this.#options.limit) return;
      this.#open.delete(hash);
    }
  }
}
