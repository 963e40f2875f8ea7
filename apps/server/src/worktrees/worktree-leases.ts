import type { WorktreeId } from '@boocode/contracts/ids.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { retryDeadlock } from '../db/retry-deadlock.ts';
import { deleteOldLeases, type InUse, type LeaseUse, releaseLeases, renewLeases, takeLease } from './lease-store.ts';

const BEAT_MS = 15_000;
/** Four beats: a process that is slow for a moment loses nothing. */
const TTL_MS = 60_000;

export interface WorktreeLeasesOptions {
  readonly sql: Sql;
  readonly log: Logger;
  /** This server process. */
  readonly owner: string;
  readonly inUse: () => InUse;
}

/**
 * Says which worktrees this process works in: rows with an end, renewed by a heartbeat. A process that dies says nothing any more and its leases end;
 * nobody looks for processes.
 */
export class WorktreeLeases implements AsyncDisposable {
  readonly #options: WorktreeLeasesOptions;
  readonly #timer: NodeJS.Timeout;
  #beating: Promise<void> = Promise.resolve();

  constructor(options: WorktreeLeasesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.beat(), BEAT_MS).unref();
  }

  get owner(): string {
    return this.#options.owner;
  }

  /** False when the worktree is not there to be worked in. Held until the next beat finds that nothing works there. */
  take(id: WorktreeId, use: LeaseUse): Promise<boolean> {
    return retryDeadlock(() => takeLease(this.#options.sql, id, use, { owner: this.owner, ttlMs: TTL_MS }));
  }

  /** Renews what is in use. Never rejects: a database that is away for a moment is asked again with the next beat. */
  beat(): Promise<void> {
    const { sql, log, inUse } = this.#options;
    this.#beating = this.#beating
      .then(() => retryDeadlock(() => renewLeases(sql, { owner: this.owner, ttlMs: TTL_MS }, inUse())))
      .catch((error: unknown) => log.warn({ err: error }, 'cannot renew the leases of worktrees'));
    return this.#beating;
  }

  /** Lets one worktree go, whose users have ended. */
  async release(id: WorktreeId): Promise<void> {
    await releaseLeases(this.#options.sql, this.owner, id);
  }

  async tidy(): Promise<void> {
    await deleteOldLeases(this.#options.sql);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await releaseLeases(this.#options.sql, this.owner, null).catch((error: unknown) => this.#options.log.warn({ err: error }, 'cannot let worktrees go'));
  }
}
