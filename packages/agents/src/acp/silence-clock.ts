/** Calls `onSilence` once when nothing has stirred for `limitMs`, not counting the time in which silence means nothing. */
export class SilenceClock implements Disposable {
  readonly #limitMs: number;
  readonly #isExcused: () => boolean;
  readonly #onSilence: () => void;
  #lastStir = performance.now();
  #timer: NodeJS.Timeout;

  constructor(limitMs: number, isExcused: () => boolean, onSilence: () => void) {
    this.#limitMs = limitMs;
    this.#isExcused = isExcused;
    this.#onSilence = onSilence;
    this.#timer = setTimeout(() => this.#check(), limitMs);
  }

  stir(): void {
    this.#lastStir = performance.now();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    if (this.#isExcused()) this.stir();
    const leftMs = this.#lastStir + this.#limitMs - performance.now();
    if (leftMs > 1) this.#timer = setTimeout(() => this.#check(), leftMs);
    else this.#onSilence();
  }
}
