import { BooError } from '@boocode/contracts/error-code.ts';
import { descendantsOf, treeMemory } from '@boocode/processes/process-table.ts';
import type { AgentBackend, AgentSession, OpenOptions } from './backend.ts';
import { chooseEvicted, type WarmLimits } from './evict-policy.ts';
import { type CrashRecord, NO_CRASHES, recordCrash, restartDelay } from './health-policy.ts';
import { Lease } from './lease.ts';

const TIDY_MS = 15_000;

export interface PoolLimits extends WarmLimits {
  /** How long an agent may say nothing in a turn while no tool runs and nobody is asked. */
  readonly stallMs: number;
}

export interface AgentPoolOptions {
  readonly limits: PoolLimits;
  readonly now: () => number;
  /** An agent between two turns has ended by itself. */
  readonly onGone: (key: PoolKey) => void;
}

/** One conversation of one agent in one chat. */
export interface PoolKey {
  readonly chatId: string;
  readonly agent: string;
}

/** A conversation that is kept, for a list. `memoryBytes`: null where the system does not tell, or where there is no process of its own. */
export interface PoolEntry extends PoolKey {
  readonly pid: number | null;
  readonly memoryBytes: number | null;
  readonly isInUse: boolean;
  readonly lastUsedAt: number;
}

interface Kept {
  readonly key: PoolKey;
  readonly session: AgentSession;
  readonly fingerprint: string;
  readonly end: AbortController;
  /** What it had started when it was opened: its own helpers, which are no work. */
  readonly helpers: ReadonlySet<string>;
  isOpen: boolean;
  lastUsedAt: number;
}

/**
 * Keeps conversations ready between turns, one per chat and agent, so that the next prompt needs no start. Ends them when they were idle for too long or are too
 * many, never one in use. What a turn is given is a lease: disposing it ends nothing but the lease. A turn in which nothing is heard for too long is ended with its agent.
 */
export class AgentPool implements AsyncDisposable {
  readonly #options: AgentPoolOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #crashes = new Map<string, CrashRecord>();
  readonly #ending = new Set<Promise<void>>();
  readonly #tidying: NodeJS.Timeout;

  constructor(options: AgentPoolOptions) {
    this.#options = options;
    this.#tidying = setInterval(() => this.tidy(), TIDY_MS);
    this.#tidying.unref();
  }

  /** Rejects as `AgentBackend.open` does, and with `agent_unavailable` while an agent that crashed again and again rests. `options.signal` ends the lease. */
  async open(key: PoolKey, backend: AgentBackend, options: OpenOptions): Promise<AgentSession> {
    const watch = backend.hasOwnClock === true ? null : { stallMs: this.#options.limits.stallMs, now: this.#options.now };
    if (!backend.isWarm) {
      const session = await backend.open(options);
      return new Lease(session, watch, async () => session[Symbol.asyncDispose]());
    }
    const name = keyOf(key);
    const fingerprint = await backend.fingerprint(options);
    const known = this.#kept.get(name);
    if (known !== undefined && known.fingerprint !== fingerprint) await this.#end(name, known);
    const kept =
      known !== undefined && known.fingerprint === fingerprint && this.#kept.has(name) ? known : await this.#start(key, backend, options, fingerprint);
    kept.isOpen = true;
    kept.lastUsedAt = this.#options.now();
    this.tidy();
    return new Lease(kept.session, watch, async () => this.#release(name, kept));
  }

  list(): PoolEntry[] {
    return [...this.#kept.values()].map((kept) => ({
      ...kept.key,
      pid: kept.session.pid,
      memoryBytes: kept.session.pid === null ? null : treeMemory(kept.session.pid),
      isInUse: kept.isOpen || kept.session.isBusy || hasChildren(kept),
      lastUsedAt: kept.lastUsedAt,
    }));
  }

  /** Ends what is kept of a chat; for all chats without one. */
  async end(chatId?: string): Promise<void> {
    const ended = [...this.#kept].filter(([, kept]) => chatId === undefined || kept.key.chatId === chatId);
    await Promise.all(ended.map(([name, kept]) => this.#end(name, kept)));
  }

  /** Ends what is idle for too long or too much. Happens by itself now and then. The process table is read for those alone that would be ended. */
  tidy(): void {
    const working = new Set<string>();
    for (;;) {
      const entries = [...this.#kept].map(([key, kept]) => ({
        key,
        lastUsedAt: kept.lastUsedAt,
        isInUse: kept.isOpen || kept.session.isBusy || working.has(key),
      }));
      const chosen = chooseEvicted(entries, this.#options.limits, this.#options.now());
      const busy = chosen.filter((key) => hasChildren(this.#kept.get(key)));
      for (const key of busy) working.add(key);
      if (busy.length > 0) continue;
      for (const key of chosen) {
        const kept = this.#kept.get(key);
        if (kept !== undefined) void this.#end(key, kept);
      }
      return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#tidying);
    await this.end();
    await Promise.all(this.#ending);
  }

  async #start(key: PoolKey, backend: AgentBackend, options: OpenOptions, fingerprint: string): Promise<Kept> {
    this.#refuseWhileResting(key.agent);
    const end = new AbortController();
    const giveUp = (): void => end.abort();
    options.signal.addEventListener('abort', giveUp, { once: true });
    if (options.signal.aborted) giveUp();
    try {
      const session = await backend.open({ ...options, signal: end.signal });
      const { pid } = session;
      const helpers = new Set(pid === null ? [] : descendantsOf(pid).map(identityOf));
      const kept: Kept = { key, session, fingerprint, end, helpers, isOpen: true, lastUsedAt: this.#options.now() };
      const name = keyOf(key);
      this.#kept.set(name, kept);
      void session.closed.then(() => this.#gone(name, kept));
      return kept;
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof BooError && error.code === 'agent_crashed') this.#noteCrash(key.agent);
      throw error;
    } finally {
      options.signal.removeEventListener('abort', giveUp);
    }
  }

  #refuseWhileResting(agent: string): void {
    const wait = restartDelay(this.#crashes.get(agent) ?? NO_CRASHES, this.#options.now());
    if (wait === 0) return;
    const seconds = Math.ceil(wait / 1_000);
    throw new BooError(
      'agent_unavailable',
      `Cannot start ${agent}: it ended by itself three times within a minute; look at its own log, or try again in ${seconds} s`,
    );
  }

  #release(name: string, kept: Kept): void {
    kept.isOpen = false;
    kept.lastUsedAt = this.#options.now();
    if (this.#kept.get(name) === kept) this.tidy();
  }

  /** It has ended, and nobody here wanted it. */
  #gone(name: string, kept: Kept): void {
    if (this.#kept.get(name) !== kept) return;
    this.#kept.delete(name);
    this.#noteCrash(kept.key.agent);
    if (!kept.isOpen) this.#options.onGone(kept.key);
  }

  #noteCrash(agent: string): void {
    this.#crashes.set(agent, recordCrash(this.#crashes.get(agent) ?? NO_CRASHES, this.#options.now()));
  }

  async #end(name: string, kept: Kept): Promise<void> {
    if (this.#kept.get(name) === kept) this.#kept.delete(name);
    kept.end.abort();
    const ended = Promise.resolve(kept.session[Symbol.asyncDispose]());
    this.#ending.add(ended);
    await ended.finally(() => this.#ending.delete(ended));
  }
}

function keyOf({ chatId, agent }: PoolKey): string {
  return `${chatId} ${agent}`;
}

function identityOf({ pid, start }: { readonly pid: number; readonly start: string }): string {
  return `${pid} ${start}`;
}

/** Whether something runs that it has started since it was opened. */
function hasChildren(kept: Kept | undefined): boolean {
  if (kept === undefined || kept.session.pid === null) return false;
  return descendantsOf(kept.session.pid).some((child) => !kept.helpers.has(identityOf(child)));
}
