import { preciseNow } from './clock.ts';
import type { Piece } from './tokens.ts';

const TURN_MS = 60_000;

/** One prompt and its streamed answer, as a client saw them. */
export interface SeenTurn {
  /** When the prompt was sent, ms since the epoch. */
  readonly sentAt: number;
  /** Every frame from the prompt to the end. */
  readonly frames: readonly Piece[];
  /** The answer's text, piece by piece. */
  readonly pieces: readonly Piece[];
}

/** A chat of BooCode or of the relay with a client on its socket. */
export interface LiveChat extends AsyncDisposable {
  /** Sends a prompt; resolves when its answer has ended. One at a time. */
  ask(text: string): Promise<SeenTurn>;
}

/** What stands side by side. */
export interface Contestant extends AsyncDisposable {
  readonly pid: number;
  openChat(): Promise<LiveChat>;
}

/** Collects the frames of one turn after the other; a look at the beginning of a frame says whether it is the last. */
export class TurnCollector {
  readonly #isLast: (frame: string) => boolean;
  #frames: Piece[] = [];
  #ended = Promise.withResolvers<void>();

  constructor(isLast: (frame: string) => boolean) {
    this.#isLast = isLast;
  }

  /** The frames since the last turn began. */
  get frames(): readonly Piece[] {
    return this.#frames;
  }

  take(text: string, at: number): void {
    this.#frames.push({ text, at });
    if (this.#isLast(text)) this.#ended.resolve();
  }

  /** The connection is gone: nothing more will come. */
  fail(): void {
    this.#ended.reject(new Error('Cannot measure: the connection ended in the middle of a turn'));
    this.#ended.promise.catch(() => {}); // between two turns nobody waits for it
  }

  async collect(send: () => Promise<unknown>): Promise<{ readonly sentAt: number; readonly frames: readonly Piece[] }> {
    this.#frames = [];
    this.#ended = Promise.withResolvers();
    const late = setTimeout(() => this.#ended.reject(new Error(`Cannot measure: a turn had not ended after ${TURN_MS} ms`)), TURN_MS);
    const sentAt = preciseNow();
    try {
      await Promise.all([send(), this.#ended.promise]);
      return { sentAt, frames: this.#frames };
    } finally {
      clearTimeout(late);
    }
  }
}
