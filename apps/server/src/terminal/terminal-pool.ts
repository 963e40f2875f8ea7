import { BooError } from '@boocode/contracts/error-code.ts';
import { type ProjectId, type SessionId, TerminalId } from '@boocode/contracts/ids.ts';
import type { Terminal, TerminalSize } from '@boocode/contracts/terminal.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { chooseShell } from './choose-shell.ts';
import { LiveTerminal } from './live-terminal.ts';
import { loadPty } from './load-pty.ts';

const MAX_RUNNING = 12;
const MAX_ENDED = 12;
/** A terminal that has ended is kept for this long after somebody was there last. */
const ENDED_KEPT_MS = 60 * 60_000;
/** One that runs is closed when nobody was there and nothing happened in it for so long. */
const IDLE_KEPT_MS = 24 * 60 * 60_000;
const SWEEP_MS = 5 * 60_000;

export interface TerminalPoolOptions {
  readonly registry: ProcessRegistry;
  /** What shells are given; see `childEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly containment: Containment | null;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

export interface NewTerminal {
  readonly projectId: ProjectId;
  readonly sessionId: SessionId | null;
  readonly cwd: string;
  readonly isInWorktree: boolean;
  readonly size: TerminalSize;
  readonly shell: string | undefined;
}

/** All terminals. They are alive, not stored: with the server they end. */
export class TerminalPool implements AsyncDisposable {
  readonly #options: TerminalPoolOptions;
  readonly #terminals = new Map<TerminalId, LiveTerminal>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: TerminalPoolOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.sweep(), SWEEP_MS).unref();
  }

  /** Starts a shell. Rejects with `conflict` when too many run, with `invalid_request` when the shell is none. */
  async open({ size, shell, ...request }: NewTerminal): Promise<LiveTerminal> {
    const spawn = await loadPty();
    const running = this.list().filter(({ state }) => state === 'running').length;
    if (running >= MAX_RUNNING) throw new BooError('conflict', `Cannot open the terminal: ${running} terminals are open already; close one of them first`);
    const id = TerminalId.parse(crypto.randomUUID());
    const terminal = new LiveTerminal({ ...this.#options, ...request, spawn, id, size, shell: chooseShell(shell, this.#options.environment) });
    this.#terminals.set(id, terminal);
    void this.#forgetOldest();
    return terminal;
  }

  /** Oldest first. */
  list(): Terminal[] {
    return [...this.#terminals.values()].map(({ info }) => info);
  }

  find(id: string): LiveTerminal | null {
    const known = TerminalId.safeParse(id);
    return known.success ? (this.#terminals.get(known.data) ?? null) : null;
  }

  /** The terminal, or `not_found`. */
  get(id: TerminalId): LiveTerminal {
    const terminal = this.find(id);
    if (terminal === null) throw new BooError('not_found', noTerminal(id));
    return terminal;
  }

  /** Ends what runs in it and forgets it. */
  async close(id: TerminalId): Promise<void> {
    const terminal = this.get(id);
    this.#terminals.delete(id);
    await terminal[Symbol.asyncDispose]();
  }

  /** Closes all terminals of a session or a project. */
  async closeAll(isMeant: (terminal: Terminal) => boolean): Promise<void> {
    await Promise.all(this.list().flatMap((terminal) => (isMeant(terminal) ? [this.close(terminal.id)] : [])));
  }

  /** Closes what nobody has needed for long. */
  async sweep(): Promise<void> {
    const now = this.#options.now();
    const isOld = ({ id, state }: Terminal): boolean => now - this.get(id).lastUsedAt >= (state === 'ended' ? ENDED_KEPT_MS : IDLE_KEPT_MS);
    await this.closeAll(isOld);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.closeAll(() => true);
  }

  async #forgetOldest(): Promise<void> {
    const ended = this.list().filter(({ state }) => state === 'ended');
    await Promise.all(ended.slice(0, Math.max(0, ended.length - MAX_ENDED)).map(({ id }) => this.close(id)));
  }
}

function noTerminal(id: string): string {
  return `Cannot find terminal ${id.slice(0, 40)}: it was closed, or BooCode was started again since (terminals end with it); open a new one`;
}
