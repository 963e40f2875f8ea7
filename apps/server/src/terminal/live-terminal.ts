import { constants } from 'node:os';
import { basename } from 'node:path';
import type { Terminal, TerminalSize } from '@boocode/contracts/terminal.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import { endProcesses } from '@boocode/processes/end-processes.ts';
import { CHILD_MARK, type ProcessRegistry } from '@boocode/processes/process-registry.ts';
import type { IPty } from '@lydell/node-pty';
import { BEHIND_BYTES, decideHold, HIGH_BYTES, LOW_BYTES } from './flow-policy.ts';
import type { SpawnPty } from './load-pty.ts';
import { CUT_START, findSafeCut } from './safe-cut-state.ts';
import { Screen } from './screen.ts';

const HANG_UP_MS = 1_000;
/** A client that shows nothing for so long (a hidden page, a lost phone) does not hold the program any longer. */
const STALL_MS = 1_000;
const LONGEST_REST_MS = 100;
/** A sequence without an end is passed on torn after so many bytes. */
const MAX_UNCUT_BYTES = 64 * 1024;
const MAX_TITLE_LENGTH = 200;
const NOTHING = new Uint8Array();

export interface LiveTerminalOptions {
  readonly id: Terminal['id'];
  readonly projectId: Terminal['projectId'];
  readonly sessionId: Terminal['sessionId'];
  readonly shell: string;
  readonly cwd: string;
  readonly isInWorktree: boolean;
  readonly size: TerminalSize;
  readonly environment: Readonly<Record<string, string>>;
  readonly spawn: SpawnPty;
  readonly registry: ProcessRegistry;
  readonly containment: Containment | null;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

/** Somebody who looks at a terminal. */
export interface TerminalClient {
  readonly sendScreen: (terminal: Terminal, data: string) => void;
  readonly sendOutput: (bytes: Uint8Array) => void;
  readonly sendState: (terminal: Terminal) => void;
  /** The terminal was closed. */
  readonly sendGone: () => void;
}

interface Flow {
  unshownBytes: number;
  isBehind: boolean;
}

/**
 * A shell on a pseudo terminal, and what it shows. Output passes the screen first and then goes to the clients, so a client that comes in between two
 * pieces is given the screen and then exactly what follows. A program is held while the screen or all clients lag behind its output.
 */
export class LiveTerminal implements AsyncDisposable {
  /** Settles when the shell has ended and all its output is drawn. Never rejects. */
  readonly ended: Promise<void>;
  readonly #pty: IPty;
  readonly #mark: string;
  readonly #options: LiveTerminalOptions;
  readonly #screen: Screen;
  readonly #clients = new Map<TerminalClient, Flow>();
  #info: Terminal;
  #lastUsedAt: number;
  #cut = CUT_START;
  #uncut: Uint8Array = NOTHING;
  #undrawnBytes = 0;
  #isResting = false;
  #isHeld = false;
  #stall: NodeJS.Timeout | undefined;

  constructor(options: LiveTerminalOptions) {
    const { registry, size, cwd, now } = options;
    this.#options = options;
    this.#mark = registry.newMark();
    this.#pty = start(options, this.#mark);
    registry.add(this.#pty.pid);
    this.#lastUsedAt = now();
    this.#info = {
      id: options.id,
      projectId: options.projectId,
      sessionId: options.sessionId,
      title: basename(options.shell),
      shell: options.shell,
      cwd,
      isInWorktree: options.isInWorktree,
      ...size,
      state: 'running',
      exit: null,
      createdAt: new Date(now()).toISOString(),
    };
    this.#screen = new Screen(size, {
      onAnswer: (text) => this.write(text),
      onTitle: (title) => this.#change({ title: title.slice(0, MAX_TITLE_LENGTH) || basename(options.shell) }),
    });
    this.#pty.onData((data) => this.#receive(bytesOf(data)));
    this.ended = new Promise((resolve) => this.#pty.onExit((exit) => this.#finish(exit, resolve)));
  }

  get info(): Terminal {
    return this.#info;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** When somebody was last there, or something was last written; in milliseconds. */
  get lastUsedAt(): number {
    return this.#clients.size > 0 ? this.#options.now() : this.#lastUsedAt;
  }

  /** Whether the program waits until its output has been shown. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Gives the client the screen as it is now and then all output, until the returned function is called. */
  attach(client: TerminalClient): () => void {
    this.#clients.set(client, { unshownBytes: 0, isBehind: true });
    this.#sendScreen(client);
    return () => {
      this.#clients.delete(client);
      this.#lastUsedAt = this.#options.now();
      this.#decideHold();
    };
  }

  /** The client has shown so many bytes more. */
  acknowledge(client: TerminalClient, bytes: number): void {
    const flow = this.#clients.get(client);
    if (flow === undefined || flow.unshownBytes === 0) return;
    flow.unshownBytes = Math.max(0, flow.unshownBytes - bytes);
    if (flow.isBehind && flow.unshownBytes === 0) this.#sendScreen(client);
    else if (!flow.isBehind) this.#watchStall();
    this.#decideHold();
  }

  /** Types. What is written to a shell that has ended is forgotten. */
  write(input: Buffer | string): void {
    if (this.#info.state === 'running') this.#pty.write(asWritable(input));
  }

  resize(size: TerminalSize): void {
    if (size.cols === this.#info.cols && size.rows === this.#info.rows) return;
    if (this.#info.state === 'running') this.#pty.resize(size.cols, size.rows);
    this.#screen.resize(size);
    this.#change(size);
  }

  /** Hangs up, and ends everything that was started here, however it detached itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#info.state === 'running') {
      this.#pty.kill('SIGHUP');
      await endProcesses({ groups: [this.#pty.pid], marks: [`${CHILD_MARK}=${this.#mark}`], graceMs: HANG_UP_MS });
      this.#pty.resume(); // a held one would never see its end
      await this.ended;
    }
    for (const client of this.#clients.keys()) client.sendGone();
    this.#clients.clear();
    this.#screen[Symbol.dispose]();
  }

  #receive(bytes: Uint8Array): void {
    this.#lastUsedAt = this.#options.now();
    const { state, end } = findSafeCut(this.#cut, bytes);
    this.#cut = state;
    const isTorn = end === 0 && this.#uncut.length + bytes.length > MAX_UNCUT_BYTES;
    const until = isTorn ? bytes.length : end;
    const output = until === 0 ? NOTHING : Buffer.concat([this.#uncut, bytes.subarray(0, until)]);
    this.#uncut = until === 0 ? Buffer.concat([this.#uncut, bytes]) : bytes.slice(until);
    if (output.length > 0) this.#draw(output);
  }

  #draw(output: Uint8Array): void {
    this.#undrawnBytes += output.length;
    const startedAt = performance.now();
    this.#screen.write(output, () => {
      this.#undrawnBytes -= output.length;
      if (this.#isHeld && !this.#isResting && this.#undrawnBytes < LOW_BYTES) this.#rest(performance.now() - startedAt);
      this.#send(output);
      this.#decideHold();
    });
    this.#decideHold();
  }

  /** Drawing is work of the server: a flood gets half of its time at most. */
  #rest(workedMs: number): void {
    this.#isResting = true;
    setTimeout(
      () => {
        this.#isResting = false;
        this.#decideHold();
      },
      Math.min(workedMs, LONGEST_REST_MS),
    );
  }

  #send(output: Uint8Array): void {
    for (const [client, flow] of this.#clients) {
      if (flow.isBehind) continue;
      client.sendOutput(output);
      flow.unshownBytes += output.length;
      if (flow.unshownBytes >= BEHIND_BYTES) flow.isBehind = true;
    }
  }

  #sendScreen(client: TerminalClient): void {
    this.#screen.write(NOTHING, () => {
      const flow = this.#clients.get(client);
      if (flow?.isBehind !== true) return;
      flow.isBehind = false;
      client.sendScreen(this.#info, this.#screen.draw());
    });
  }

  #decideHold(): void {
    const isUndrawn = this.#undrawnBytes >= (this.#isHeld ? LOW_BYTES : HIGH_BYTES);
    const waitsForClients = decideHold(this.#clients.values(), this.#isHeld);
    const isHeld = this.#info.state === 'running' && (this.#isResting || isUndrawn || waitsForClients);
    if (waitsForClients && this.#stall === undefined) this.#watchStall();
    if (!waitsForClients) this.#forgetStall();
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#pty.pause();
    else this.#pty.resume();
  }

  #watchStall(): void {
    clearTimeout(this.#stall);
    this.#stall = setTimeout(() => {
      this.#stall = undefined;
      for (const flow of this.#clients.values()) if (flow.unshownBytes >= LOW_BYTES) flow.isBehind = true;
      this.#decideHold();
    }, STALL_MS);
    this.#stall.unref();
  }

  #forgetStall(): void {
    clearTimeout(this.#stall);
    this.#stall = undefined;
  }

  #change(change: Partial<Terminal>): void {
    this.#info = { ...this.#info, ...change };
    for (const client of this.#clients.keys()) client.sendState(this.#info);
  }

  #finish({ exitCode, signal }: { exitCode: number; signal?: number | undefined }, resolve: () => void): void {
    this.#options.registry.remove(this.#pty.pid);
    this.#screen.write(NOTHING, () => {
      this.#isHeld = false;
      this.#forgetStall();
      this.#change({ state: 'ended', exit: signal ? { code: null, signal: signalName(signal) } : { code: exitCode, signal: null } });
      resolve();
    });
  }
}

function start({ spawn, shell, cwd, size, environment, containment }: LiveTerminalOptions, mark: string): IPty {
  const args = process.platform === 'darwin' ? ['-l'] : [];
  const { command, args: wrapped } = containment?.wrap({ command: shell, args }, cwd) ?? { command: shell, args };
  const env = { LANG: 'C.UTF-8', ...environment, TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'BooCode', [CHILD_MARK]: mark };
  return spawn(command, [...wrapped], { name: env.TERM, cwd, env, ...size, encoding: null });
}

/** Without an encoding the terminal gives bytes; its types speak of text in every case. */
function bytesOf(data: unknown): Uint8Array {
  return data instanceof Uint8Array ? data : Buffer.from(String(data));
}

/** The library hands what it is given to its socket, which takes bytes as well as text; its types speak of text in every case. */
function asWritable(input: Buffer | string): string {
  return input as string;
}

function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? String(number);
}
