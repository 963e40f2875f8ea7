import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';

const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const ACCEPT_SALT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answers the upgrade request of a WebSocket. What the client says is ignored: the relay only sends. */
export function acceptWebSocket(upgrade: IncomingMessage, socket: Socket): void {
  const accept = createHash('sha1')
    .update(`${upgrade.headers['sec-websocket-key'] ?? ''}${ACCEPT_SALT}`)
    .digest('base64');
  socket.setNoDelay(true);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`);
  socket.resume();
}

/** A text frame as a server sends it. */
export function textFrame(text: string): Buffer {
  return frame(OPCODE.text, Buffer.from(text), null);
}

/** The least client that measures: text frames with the time at which their bytes came. */
export class WebSocketClient implements Disposable {
  readonly #socket: Socket;
  readonly #onText: (text: string, at: number) => void;
  readonly #now: () => number;
  #rest: Buffer = Buffer.alloc(0);
  readonly closed: Promise<void>;

  private constructor(socket: Socket, head: Buffer, options: ConnectOptions) {
    this.#socket = socket;
    this.#onText = options.onText;
    this.#now = options.now;
    socket.setNoDelay(true);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    socket.on('error', () => socket.destroy()).once('close', () => resolve());
    socket.on('data', (chunk) => this.#read(chunk));
    if (head.length > 0) this.#read(head);
  }

  static async connect(url: string, options: ConnectOptions): Promise<WebSocketClient> {
    const headers = { upgrade: 'websocket', connection: 'Upgrade', 'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64') };
    const asked = request(url, { headers: { ...headers, ...options.headers } });
    const { promise, resolve, reject } = Promise.withResolvers<WebSocketClient>();
    asked.once('error', reject);
    asked.once('response', (response) => reject(new Error(`Cannot open the socket ${url}: status ${response.statusCode}`)));
    asked.once('upgrade', (_response, socket, head) => resolve(new WebSocketClient(socket, head, options)));
    asked.end();
    return promise;
  }

  send(text: string): void {
    this.#socket.write(frame(OPCODE.text, Buffer.from(text), randomBytes(4)));
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    this.#socket.destroy();
    await this.closed;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const at = this.#now();
    let buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let next = parseFrame(buffer); next !== null; next = parseFrame(buffer)) {
      buffer = buffer.subarray(next.end);
      if (next.opcode === OPCODE.text) this.#onText(next.payload.toString('utf8'), at);
      else if (next.opcode === OPCODE.ping) this.#socket.write(frame(OPCODE.pong, next.payload, randomBytes(4)));
      else if (next.opcode === OPCODE.close) this.#socket.destroy();
    }
    this.#rest = buffer;
  }
}

export interface ConnectOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly now: () => number;
  readonly onText: (text: string, at: number) => void;
}

/** Resolves when everything written so far has left this process. */
export async function drained(socket: Socket): Promise<void> {
  if (socket.writableNeedDrain && !socket.destroyed) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
}

function frame(opcode: number, payload: Buffer, mask: Buffer | null): Buffer {
  const size = payload.length;
  const extra = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extra + (mask === null ? 0 : 4));
  head[0] = 0x80 | opcode;
  head[1] = (mask === null ? 0 : 0x80) | (extra === 0 ? size : extra === 2 ? 126 : 127);
  if (extra === 2) head.writeUInt16BE(size, 2);
  if (extra === 8) head.writeBigUInt64BE(BigInt(size), 2);
  if (mask === null) return Buffer.concat([head, payload]);
  mask.copy(head, 2 + extra);
  return Buffer.concat([head, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** The first whole frame of the bytes (unmasked, in one piece: as our servers send), or null while it is not all there. */
function parseFrame(buffer: Buffer): { readonly opcode: number; readonly payload: Buffer; readonly end: number } | null {
  if (buffer.length < 2) return null;
  const opcode = buffer.readUInt8(0) & 0x0f;
  const short = buffer.readUInt8(1) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (buffer.length < start) return null;
  const size = short < 126 ? short : short === 126 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  if (buffer.length < start + size) return null;
  return { opcode, payload: buffer.subarray(start, start + size), end: start + size };
}
