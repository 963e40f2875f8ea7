import { decodeTerminalClientFrame, type TerminalServerFrame } from '@boocode/contracts/terminal.ts';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { TerminalPool } from './terminal-pool.ts';
import type { TerminalClient } from './live-terminal.ts';

const PING_MS = 30_000;
const GONE = 4_004;
const GONE_SENTENCE = 'This terminal is gone: it was closed, or BooCode was started again since (terminals end with it)';

/** Serves the sockets of terminals. */
export function registerTerminalSocket(app: FastifyInstance, terminals: TerminalPool): void {
  app.get<{ Params: { id: string } }>('/api/terminals/:id', { websocket: true }, (socket, { params }) => serveTerminal(socket, params.id, terminals));
}

/** Connects one client with one terminal until either leaves. */
function serveTerminal(socket: WebSocket, id: string, terminals: TerminalPool): void {
  const send = (frame: TerminalServerFrame): void => socket.send(JSON.stringify(frame));
  const sendGone = (): void => {
    send({ type: 'gone', message: GONE_SENTENCE });
    socket.close(GONE, 'gone');
  };
  socket.on('error', () => socket.terminate());
  const terminal = terminals.find(id);
  if (terminal === null) return sendGone();
  const client: TerminalClient = {
    sendScreen: (info, data) => send({ type: 'screen', terminal: info, data }),
    sendOutput: (bytes) => socket.send(bytes),
    sendState: (info) => send({ type: 'state', terminal: info }),
    sendGone,
  };
  const detach = terminal.attach(client);
  const ping = keepAlive(socket);
  socket.on('close', () => {
    clearInterval(ping);
    detach();
  });
  socket.on('message', (data, isBinary) => {
    if (!Buffer.isBuffer(data)) return;
    if (isBinary) return terminal.write(data);
    const frame = decodeTerminalClientFrame(data.toString('utf8'));
    switch (frame?.type) {
      case 'resize':
        return terminal.resize({ cols: frame.cols, rows: frame.rows });
      case 'ack':
        return terminal.acknowledge(client, frame.bytes);
      case undefined:
        return socket.close(1008, 'a text frame must be a resize or an ack; input is binary');
    }
  });
}

/** A client that does not answer is let go: a lost phone would be fed for ever. */
function keepAlive(socket: WebSocket): NodeJS.Timeout {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  return setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
}
