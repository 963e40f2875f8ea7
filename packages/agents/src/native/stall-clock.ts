export interface StallLimits {
  readonly beforeFirstTokenMs: number;
  readonly betweenTokensMs: number;
}

/** Calls `onStall` once when nothing has come for too long: a patient limit before the first token, a strict one after it. Sleeps between checks. */
export class StallClock implements Disposable {
  readonly #limits: StallLimits;
  readonly #onStall: (silentMs: number) => void;
  #hasToken = false;
  #lastBeat = performance.now();
  #timer: NodeJS.Timeout;

  constructor(limits: StallLimits, onStall: (silentMs: number) => void) {
    this.#limits = limits;
    this.#onStall = onStall;
    this.#timer = setTimeout(() => this.#check(), limits.beforeFirstTokenMs);
  }

  /** Something came that is not a keep-alive. */
  beat(): void {
    this.#lastBeat = performance.now();
  }

  firstToken(): void {
    if (this.#hasToken) return;
    this.#hasToken = true;
    this.beat();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), this.#limits.betweenTokensMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    const limit = this.#hasToken ? this.#limits.betweenTokensMs : this.#limits.beforeFirstTokenMs;
    const left = this.#lastBeat + limit - performance.now();
    if (left > 1) this.#timer = setTimeout(() => this.#check(), left);
    else this.#onStall(limit);
  }
}
