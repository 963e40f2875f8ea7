import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { View } from '@boocode/processes/containment.ts';
import { type AgentHost, type AgentLaunch, AgentProcess } from '../agent-process.ts';
import { OpencodeClient } from './opencode-client.ts';
import { type OpencodeEvent, parseOpencodeEvent } from './opencode-wire.ts';
import { sseReader } from './sse-reader.ts';

const PORT_TRIES = 4;
const BACKOFF_MS = [50, 200, 500, 1_000, 2_000];
/** After so many streams in a row that gave nothing, a server that still runs is ended. */
const SILENT_STREAMS = 3;

export interface ServerLimits {
  /** On a busy machine it takes many seconds. */
  readonly startMs: number;
  /** It sends a sign of life every 10 s: after this long without any, the stream is opened anew. */
  readonly silenceMs: number;
}

/** What happens in one conversation and in those of its sub-agents. */
export interface SessionListener {
  onEvent(event: OpencodeEvent): void;
  /** The stream was interrupted: what has happened meanwhile must be read. */
  onGap(): void;
}

/** A running `opencode serve`: its process, its HTTP interface, and its one stream of events, dealt out by session. */
export class OpencodeServer implements AsyncDisposable {
  readonly client: OpencodeClient;
  /** Settles when the server is gone, whoever ended it. Never rejects. */
  readonly closed: Promise<void>;
  readonly #process: AgentProcess;
  readonly #limits: ServerLimits;
  readonly #gone = new AbortController();
  readonly #listeners = new Map<string, SessionListener>();
  readonly #connected = Promise.withResolvers<void>();
  readonly #name: string;
  #isClosed = false;
  #isStuck = false;

  private constructor(process: AgentProcess, client: { readonly url: string; readonly password: string; readonly name: string }, limits: ServerLimits) {
    this.#process = process;
    this.#limits = limits;
    this.#name = client.name;
    this.client = new OpencodeClient({ ...client, signal: this.#gone.signal });
    this.closed = process.child.exited.then(() => {
      this.#isClosed = true;
      this.#gone.abort();
      this.#connected.resolve();
    });
  }

  /** Rejects with `agent_unavailable` and what the program said. The password is known to the server and to us alone. */
  static async start(
    host: AgentHost,
    launch: AgentLaunch,
    where: { readonly name: string; readonly cwd: string; readonly view: View; readonly signal: AbortSignal; readonly limits: ServerLimits },
  ): Promise<OpencodeServer> {
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      const password = randomBytes(24).toString('base64url');
      const args = [...launch.args, '--hostname', '127.0.0.1', '--port', String(port)];
      const env = { ...launch.env, OPENCODE_SERVER_USERNAME: 'opencode', OPENCODE_SERVER_PASSWORD: password };
      const process = await AgentProcess.start(host, { ...launch, args, env }, where);
      const url = await readyUrl(process, where.limits.startMs);
      if (url !== null) {
        const server = new OpencodeServer(process, { url, password, name: where.name }, where.limits);
        void server.#listen();
        await server.#connected.promise;
        if (!server.isClosed) return server;
        throw new BooError('agent_unavailable', (await server.crash()).message);
      }
      const lastWords = process.lastWords;
      await process[Symbol.asyncDispose]();
      where.signal.throwIfAborted();
      if (tries < PORT_TRIES && !(await isFree(port))) continue; // somebody else was faster
      throw new BooError(
        'agent_unavailable',
        `Cannot start ${where.name}: its server did not come up${lastWords}; run "opencode serve" in a terminal to see why`,
      );
    }
  }

  get pid(): number {
    return this.#process.child.pid;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Why it is gone. Resolves when it is. */
  async crash(): Promise<BooError> {
    const crash = await this.#process.crash();
    if (!this.#isStuck) return crash;
    return new BooError(
      'agent_crashed',
      `Cannot go on with ${this.#name}: its server did not answer any more and was ended; send the message again to start it anew`,
    );
  }

  /** Everything about this session, and about those of its sub-agents, goes to the listener. */
  attach(sessionId: string, listener: SessionListener): void {
    this.#listeners.set(sessionId, listener);
  }

  detach(listener: SessionListener): void {
    for (const [id, each] of this.#listeners) if (each === listener) this.#listeners.delete(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort();
    await this.#process[Symbol.asyncDispose]();
  }

  async #listen(): Promise<void> {
    for (let failures = 0; !this.#gone.signal.aborted;) {
      const isFirst = failures === 0;
      const hadEvents = await this.#readStream(isFirst);
      if (this.#gone.signal.aborted) return;
      failures = hadEvents ? 1 : failures + 1;
      if (failures > SILENT_STREAMS) {
        this.#isStuck = true;
        return void this[Symbol.asyncDispose]();
      }
      await sleep(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1], null, { signal: this.#gone.signal, ref: false }).catch(() => {}); // the server is gone
    }
  }

  /** Reads until the stream ends or is silent for too long. Whether it gave anything. */
  async #readStream(isFirst: boolean): Promise<boolean> {
    const silence = new AbortController();
    const watchdog = setTimeout(() => silence.abort(), this.#limits.silenceMs).unref();
    let hadEvents = false;
    let last = '';
    try {
      const stream = await this.client.events(silence.signal);
      const read = sseReader();
      for await (const bytes of stream) {
        watchdog.refresh();
        const events = read(bytes);
        if (events.length > 0 && !hadEvents) {
          hadEvents = true;
          this.#connected.resolve();
          if (!isFirst) for (const listener of new Set(this.#listeners.values())) listener.onGap();
        }
        for (const data of events) {
          if (data !== last) this.#deal(parseOpencodeEvent(data)); // each has an id: the same again is no news
          last = data;
        }
      }
    } catch {
      // it is opened again, or the server is gone
    } finally {
      clearTimeout(watchdog);
      silence.abort();
    }
    return hadEvents;
  }

  #deal(event: OpencodeEvent | null): void {
    if (event === null) return;
    if (event.type === 'session' && event.session.parentID != null && !this.#listeners.has(event.sessionId)) {
      const listener = this.#listeners.get(event.session.parentID);
      if (listener !== undefined) this.#listeners.set(event.sessionId, listener);
    }
    this.#listeners.get(event.sessionId)?.onEvent(event);
  }
}

/** Null when it has ended or said nothing in time. */
async function readyUrl(process: AgentProcess, limitMs: number): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const lines = createInterface({ input: process.child.stdout });
  lines.on('line', (line) => {
    const port = /listening on https?:\/\/\S+?:(\d+)/.exec(line)?.[1];
    if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
  });
  void process.child.exited.then(() => resolve(null));
  const timer = setTimeout(() => resolve(null), limitMs);
  const url = await promise;
  clearTimeout(timer);
  return url; // the lines are read on: a full pipe would stop the server
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('a port was asked for');
  return address.port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}
