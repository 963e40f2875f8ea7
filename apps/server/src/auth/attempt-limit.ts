const MAX_KEYS = 1_000;

export interface AttemptOptions {
  readonly limit: number;
  readonly windowMs: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** Counts failures per key (an address) and says when there were too many lately. */
export class AttemptLimit {
  readonly #options: AttemptOptions;
  readonly #windows = new Map<string, { failures: number; readonly endsAt: number }>();

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  /** How long the key must wait; 0 when it may try. */
  waitMs(key: string): number {
    const window = this.#windows.get(key);
    if (window === undefined || window.failures < this.#options.limit) return 0;
    return Math.max(0, window.endsAt - this.#options.now());
  }

  recordFailure(key: string): void {
    const now = this.#options.now();
    const window = this.#windows.get(key);
    if (window !== undefined && now < window.endsAt) {
      window.failures += 1;
      return;
    }
    this.#windows.delete(key);
    const oldest = this.#windows.keys().next().value;
    if (this.#windows.size >= MAX_KEYS && oldest !== undefined) this.#windows.delete(oldest);
    this.#windows.set(key, { failures: 1, endsAt: now + this.#options.windowMs });
  }
}
