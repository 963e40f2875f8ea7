import { type Channel, decodeClientFrame, PROTOCOL_VERSION, type ServerFrame } from '@boocode/contracts/frames.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { WebSocket } from 'ws';
import type { Hub, ReadSnapshot } from './hub.ts';

/** A client that lets this much pile up is cut off; it comes back with its last seq and loses nothing. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const PING_MS = 30_000;

export interface SocketDeps {
  readonly hub: Hub;
  readonly version: string;
  /** How to read the snapshot of a channel; rejects with `not_found` for a chat that does not exist. */
  readonly snapshotOf: (channel: Channel) => ReadSnapshot;
}

/** Serves one client's socket until it closes. */
export function serveSocket(socket: WebSocket, { hub, version, snapshotOf }: SocketDeps): void {
  const subscriptions = new Map<Channel, AbortController>();
  let isAlive = true;
  const send = (text: string): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      socket.close(1013, 'too slow: connect again');
      return;
    }
    socket.send(text);
  };
  const sendFrame = (frame: ServerFrame): void => send(JSON.stringify(frame));

  const subscribe = async (channel: Channel, after: number | undefined): Promise<void> => {
    subscriptions.get(channel)?.abort();
    const subscription = new AbortController();
    subscriptions.set(channel, subscription);
    const sendOwn = (text: string): void => {
      if (!subscription.signal.aborted) send(text);
    };
    try {
      await hub.subscribe(channel, after, snapshotOf(channel), sendOwn, subscription.signal);
    } catch (error) {
      subscriptions.delete(channel);
      const isOurs = error instanceof BooError;
      sendFrame({
        type: 'error',
        channel,
        code: isOurs ? error.code : 'internal',
        message: isOurs ? error.message : `Cannot subscribe to ${channel}: the server could not read it; try again`,
      });
    }
  };

  const ping = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  socket.on('pong', () => (isAlive = true));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(ping);
    for (const subscription of subscriptions.values()) subscription.abort();
  });
  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? null : decodeClientFrame(textOf(data));
    if (frame === null) {
      sendFrame({
        type: 'error',
        channel: null,
        code: 'invalid_request',
        message: 'Cannot read the frame: it must be {"type":"subscribe","channel":...}, {"type":"unsubscribe",...} or {"type":"ping"}',
      });
      return;
    }
    switch (frame.type) {
      case 'subscribe':
        void subscribe(frame.channel, frame.after);
        return;
      case 'unsubscribe':
        subscriptions.get(frame.channel)?.abort();
        subscriptions.delete(frame.channel);
        return;
      case 'ping':
        sendFrame({ type: 'hello', protocol: PROTOCOL_VERSION, version });
        return;
    }
  });
  sendFrame({ type: 'hello', protocol: PROTOCOL_VERSION, version });
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
