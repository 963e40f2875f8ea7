import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** Stands before a BooCode and can give another build's service worker, as an update of the server would. */
export class UpdatingProxy implements AsyncDisposable {
  readonly url: string;
  readonly #target: URL;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  #isUpdated = false;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.#target = target;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (incoming: IncomingMessage, reply: ServerResponse) => this.#pass(incoming, reply));
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(incoming, socket, head));
  }

  static async start(target: string): Promise<UpdatingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new UpdatingProxy(server, new URL(target));
  }

  /** From now on the build is newer; whoever is connected has to connect again. */
  update(): void {
    this.#isUpdated = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #options({ method, url, headers }: IncomingMessage) {
    const { hostname, port, host, origin } = this.#target;
    const own = headers.origin === undefined ? {} : { origin };
    const { 'if-none-match': _, 'if-modified-since': __, ...asked } = headers; // what is known may be of the other build
    return { hostname, port, method, path: url, headers: { ...asked, ...own, host, 'accept-encoding': 'identity' } };
  }

  #pass(incoming: IncomingMessage, reply: ServerResponse): void {
    const onward = request(this.#options(incoming), (answer) => {
      const isWorker = this.#isUpdated && incoming.url === '/service-worker.js';
      if (!isWorker) {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
        return;
      }
      reply.writeHead(200, { 'content-type': 'text/javascript' });
      answer.setEncoding('utf8');
      void answer.toArray().then((texts) => reply.end(texts.join('').replace(/const VERSION = '(\w+)'/, "const VERSION = '$1-newer'")));
    });
    onward.on('error', () => reply.destroy());
    incoming.pipe(onward);
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onward = request(this.#options(incoming));
    onward.on('upgrade', (answer, behind) => {
      const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('\r\n')}\r\n\r\n`);
      behind.write(head);
      behind.pipe(socket).pipe(behind);
      for (const end of [socket, behind]) end.on('error', () => socket.destroy()).on('close', () => (socket.destroy(), behind.destroy()));
    });
    onward.on('response', () => socket.destroy());
    onward.on('error', () => socket.destroy());
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    onward.end();
  }
}
