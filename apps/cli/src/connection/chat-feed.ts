import { setTimeout as delay } from 'node:timers/promises';
import { chatChannel, type ClientFrame, decodeFrame, type ServerFrame } from '@boocode/contracts/frames.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Context } from '../command/context.ts';
import { type Connection, outOfReach, reconnect } from './connect.ts';

/** A frame of the chat's channel, or what became of the connection. */
export type FeedItem =
  | { readonly type: 'frame'; readonly frame: ServerFrame }
  | { readonly type: 'lost' }
  | { readonly type: 'back'; readonly connection: Connection };

const PATIENCE_MS = 60_000;
/** A socket that is refused again and again by a server that is there is not worth more. */
const MAX_REFUSALS = 8;

/**
 * The frames of a chat, from a snapshot on, for as long as the signal lasts. `after` is asked for at each new connection, so that nothing is missed
 * or seen twice. A lost connection is made again. @throws ExitError (3) when the server does not come back.
 */
export async function* chatFeed(context: Context, first: Connection, chatId: ChatId, after: () => number, signal: AbortSignal): AsyncGenerator<FeedItem> {
  let connection = first;
  let refusals = 0;
  while (!signal.aborted) {
    const subscribe: ClientFrame = { type: 'subscribe', channel: chatChannel(chatId), ...(after() > 0 ? { after: after() } : {}) };
    for await (const frame of socketFrames(connection, subscribe, signal)) {
      if (frame.type !== 'hello') refusals = 0;
      yield { type: 'frame', frame };
    }
    if (signal.aborted) return;
    yield { type: 'lost' };
    refusals += 1;
    if (refusals > MAX_REFUSALS) throw outOfReach(context, connection);
    if (refusals > 1) await delay(50 * 2 ** refusals, undefined, { signal }).catch(() => undefined);
    const next = await reconnect(context, PATIENCE_MS, signal);
    if (next === null && signal.aborted) return;
    if (next === null) throw outOfReach(context, connection);
    connection = next;
    yield { type: 'back', connection };
  }
}

/** The frames of one socket until it closes, whatever closes it. */
async function* socketFrames(connection: Connection, subscribe: ClientFrame, signal: AbortSignal): AsyncGenerator<ServerFrame> {
  const ticket = await ticketFor(connection);
  if (ticket === null) return;
  const queue = new FrameQueue();
  const socket = new WebSocket(`${connection.url.replace(/^http/, 'ws')}/api/ws?ticket=${encodeURIComponent(ticket)}`);
  socket.addEventListener('open', () => socket.send(JSON.stringify(subscribe)));
  socket.addEventListener('message', (message) => queue.push(decodeFrame(String(message.data))));
  socket.addEventListener('close', () => queue.end());
  socket.addEventListener('error', () => queue.end());
  const stop = () => queue.end();
  signal.addEventListener('abort', stop);
  try {
    for (let frame = await queue.next(); frame !== null; frame = await queue.next()) yield frame;
  } finally {
    signal.removeEventListener('abort', stop);
    socket.close();
  }
}

async function ticketFor(connection: Connection): Promise<string | null> {
  try {
    return (await connection.api.createTicket()).ticket;
  } catch (error) {
    if (error instanceof TypeError) return null; // the server went away in between
    throw error;
  }
}

/** Frames that came and were not read yet. */
class FrameQueue {
  readonly #frames: ServerFrame[] = [];
  #hasEnded = false;
  #wake: (() => void) | null = null;

  /** A frame of a kind this program does not know is not for it. */
  push(frame: ServerFrame | null): void {
    if (frame !== null) this.#frames.push(frame);
    this.#wake?.();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake?.();
  }

  /** Null after the last one. */
  async next(): Promise<ServerFrame | null> {
    while (this.#frames.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.shift() ?? null;
  }
}
