import { BooError } from '@boocode/contracts/error-code.ts';
import type { TerminalId } from '@boocode/contracts/ids.ts';
import { decodeTerminalFrame, type Terminal, type TerminalClientFrame, type TerminalSize } from '@boocode/contracts/terminal.ts';
import { backoffMs } from '../live/backoff.ts';
import { ExternalStore } from '../live/external-store.ts';

/** `gone`: there is no such terminal any more; `message` says so. */
export interface TerminalState {
  readonly phase: 'connecting' | 'live' | 'away' | 'gone';
  readonly terminal: Terminal | null;
  readonly message: string | null;
}

export interface TerminalLinkOptions {
  readonly id: TerminalId;
  /** Opens a socket for the terminal, or rejects when the server is out of reach. */
  readonly open: (id: TerminalId) => Promise<WebSocket>;
  /** Replaces everything shown: the screen as the server has it. */
  readonly onScreen: (terminal: Terminal, data: string) => void;
  /** More output; `onShown` is to be called when it is shown. */
  readonly onOutput: (bytes: Uint8Array, onShown: () => void) => void;
}

const MAX_INPUT_BYTES = 64 * 1024;
/** Acknowledgements are gathered, up to so much or so long. */
const ACK_BYTES = 32 * 1024;
const ACK_MS = 50;

/** One client's end of a terminal: it comes back by itself after a cut, and is given the screen again. */
export class TerminalLink {
  readonly state = new ExternalStore<TerminalState>({ phase: 'connecting', terminal: null, message: null });
  readonly #options: TerminalLinkOptions;
  readonly #signal: AbortSignal;
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Connects, until the signal aborts. */
  constructor(options: TerminalLinkOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      clearTimeout(this.#timer);
      this.#socket?.close();
    });
    addEventListener('online', () => this.#connectNow(), { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#connectNow(), { signal });
    void this.#connect();
  }

  /** Types. What is typed while the terminal is away is not kept: it would arrive where nobody expects it. */
  type(input: Uint8Array<ArrayBuffer>): void {
    for (let at = 0; at < input.length; at += MAX_INPUT_BYTES) {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(input.subarray(at, at + MAX_INPUT_BYTES));
    }
  }

  resize({ cols, rows }: TerminalSize): void {
    this.#send(this.#socket, { type: 'resize', cols, rows });
  }

  #connectNow(): void {
    if (this.#socket !== null || this.state.get().phase !== 'away') return;
    clearTimeout(this.#timer);
    this.#attempt = 0;
    void this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      const socket = await this.#options.open(this.#options.id);
      if (this.#signal.aborted || this.#socket !== null) socket.close();
      else this.#listen(socket);
    } catch (error) {
      // Signed out: the page as a whole says so.
      if (!(error instanceof BooError && error.code === 'unauthorized')) this.#retryLater();
    }
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    const acknowledge = this.#acknowledger(socket);
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.#options.onOutput(new Uint8Array(data), () => acknowledge(data.byteLength));
      else if (typeof data === 'string') this.#receive(data);
    });
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#socket = null;
      this.#retryLater();
    });
  }

  #receive(text: string): void {
    const frame = decodeTerminalFrame(text);
    switch (frame?.type) {
      case 'screen':
        this.#attempt = 0;
        this.#options.onScreen(frame.terminal, frame.data);
        this.state.set({ phase: 'live', terminal: frame.terminal, message: null });
        return;
      case 'state':
        this.state.update((state) => ({ ...state, terminal: frame.terminal }));
        return;
      case 'gone':
        this.state.update((state) => ({ ...state, phase: 'gone', message: frame.message }));
        return;
      case undefined: // of a later server; nothing to do with it
    }
  }

  #acknowledger(socket: WebSocket): (bytes: number) => void {
    let shown = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      clearTimeout(timer);
      timer = undefined;
      this.#send(socket, { type: 'ack', bytes: shown });
      shown = 0;
    };
    return (bytes) => {
      shown += bytes;
      if (shown >= ACK_BYTES) flush();
      else timer ??= setTimeout(flush, ACK_MS);
    };
  }

  #retryLater(): void {
    if (this.#signal.aborted || this.state.get().phase === 'gone') return;
    this.state.update((state) => ({ ...state, phase: 'away' }));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), backoffMs(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  #send(socket: WebSocket | null, frame: TerminalClientFrame): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }
}
