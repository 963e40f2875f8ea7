import { BooError } from '@boocode/contracts/error-code.ts';
import { type Channel, type ClientFrame, decodeFrame, PROTOCOL_VERSION, type ServerFrame } from '@boocode/contracts/frames.ts';
import { backoffMs } from './backoff.ts';
import { ExternalStore } from './external-store.ts';

/**
 * `restarting`: the server said goodbye before it went; `offline`: it is out of reach, nobody knows why. `signed_out`: the server does not know this
 * device; only a fresh link helps. `outdated`: the server speaks otherwise than this page; only a reload helps.
 */
export type Connection = 'connecting' | 'online' | 'restarting' | 'offline' | 'signed_out' | 'outdated';

/** One channel as a store wants it: `after` is read at every (re)connect, 0 asks for a snapshot. */
interface Subscription {
  readonly channel: Channel;
  readonly after: () => number;
  readonly onFrame: (frame: ServerFrame) => void;
}

export interface LiveSocketOptions {
  readonly getTicket: () => Promise<string>;
  readonly open: (ticket: string) => WebSocket;
}

const PING_INTERVAL_MS = 20_000;
/** How a server that is being stopped closes its sockets. */
const GOODBYE_CODES = [1_001, 1_012];

/** The one socket of the page. It reconnects for ever, and resumes every channel where its store stands. */
export class LiveSocket {
  readonly connection = new ExternalStore<Connection>('connecting');
  readonly #options: LiveSocketOptions;
  readonly #subscriptions = new Map<Channel, Subscription>();
  #socket: WebSocket | null = null;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = true;

  constructor(options: LiveSocketOptions) {
    this.#options = options;
  }

  /** Connects and stays connected until the signal aborts. */
  start(signal: AbortSignal): void {
    this.#isStopped = false;
    const ping = setInterval(() => this.#send({ type: 'ping' }), PING_INTERVAL_MS);
    addEventListener('online', () => this.#connectNow(), { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#connectNow(), { signal });
    signal.addEventListener('abort', () => {
      this.#isStopped = true;
      clearInterval(ping);
      clearTimeout(this.#timer);
      this.#socket?.close();
    });
    void this.#connect();
  }

  /** Feeds a channel's frames to `onFrame` until the returned function is called. One subscription per channel. */
  subscribe(subscription: Subscription): () => void {
    this.#subscriptions.set(subscription.channel, subscription);
    this.#sendSubscribe(subscription);
    return () => {
      if (this.#subscriptions.get(subscription.channel) !== subscription) return;
      this.#subscriptions.delete(subscription.channel);
      this.#send({ type: 'unsubscribe', channel: subscription.channel });
    };
  }

  /** The device was refused elsewhere (an HTTP 401): stop knocking. */
  signOut(): void {
    this.#giveUp('signed_out');
  }

  #giveUp(why: 'signed_out' | 'outdated'): void {
    this.connection.set(why);
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connectNow(): void {
    if (this.#socket !== null || this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#attempt = 0;
    void this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      const ticket = await this.#options.getTicket();
      if (this.#isStopped || this.#socket !== null) return;
      this.#listen(this.#options.open(ticket));
    } catch (error) {
      if (error instanceof BooError && error.code === 'unauthorized') this.signOut();
      else this.#retryLater();
    }
  }

  #listen(socket: WebSocket): void {
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#attempt = 0;
      this.connection.set('online');
      for (const subscription of this.#subscriptions.values()) this.#sendSubscribe(subscription);
    });
    socket.addEventListener('message', (message: MessageEvent<unknown>) => this.#receive(message.data));
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket === socket) this.#socket = null;
      if (!this.#isStopped && GOODBYE_CODES.includes(code)) this.connection.set('restarting');
      this.#retryLater();
    });
  }

  #receive(data: unknown): void {
    const frame = typeof data === 'string' ? decodeFrame(data) : null;
    if (frame?.type === 'hello' && frame.protocol !== PROTOCOL_VERSION) this.#giveUp('outdated');
    if (frame === null || !('channel' in frame) || frame.channel === null) return;
    this.#subscriptions.get(frame.channel)?.onFrame(frame);
  }

  #retryLater(): void {
    if (this.#isStopped) return;
    if (this.connection.get() !== 'restarting') this.connection.set('offline');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), backoffMs(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  #sendSubscribe({ channel, after }: Subscription): void {
    const seq = after();
    this.#send(seq > 0 ? { type: 'subscribe', channel, after: seq } : { type: 'subscribe', channel });
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
