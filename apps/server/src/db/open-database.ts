import { setTimeout as sleep } from 'node:timers/promises';
import { mkdir, realpath } from 'node:fs/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Sql } from 'postgres';
import { connect } from './connect.ts';
import { CurrentProblem } from './current-problem.ts';
import { watchDisk } from './disk-watch.ts';
import { isStorageUnavailable, type StorageProblem } from './db-errors.ts';
import { describeEmbeddedFailure, EmbeddedPostgres } from './embedded-postgres.ts';
import { assertConnectionString, assertSupportedVersion, describeConnectFailure } from './external-postgres.ts';
import { homeLockName, takeHomeLock } from './home-lock.ts';
import type { Log } from './log.ts';
import { migrate } from './migrate.ts';

const START_ATTEMPTS = 3;
const LONGEST_RETRY_MS = 5_000;

export interface OpenDatabaseOptions {
  readonly home: string;
  /** null = the built-in PostgreSQL under the home. */
  readonly databaseUrl: string | null;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Told when the database cannot be used while BooCode runs, with a sentence for a banner; null = that is over. */
  readonly onProblem: (problem: StorageProblem | null) => void;
  /** Another folder of migrations than our own. */
  readonly migrations?: string;
}

/** The open, migrated database of this home. Disposing it ends the connections and stops the built-in server. */
export interface Database extends AsyncDisposable {
  readonly sql: Sql;
  readonly kind: 'embedded' | 'external';
  readonly version: string;
  /** Of the built-in server; it changes when the server had to be started again. */
  readonly pid: number | null;
  readonly connectionString: string;
}

/** Rejects within 10 seconds with one sentence (`storage_unavailable`, `storage_full`; `conflict` when another BooCode uses the home). */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  if (options.databaseUrl !== null) assertConnectionString(options.databaseUrl);
  await mkdir(options.home, { recursive: true, mode: 0o700 }).catch((cause: Error) => {
    throw new BooError('storage_unavailable', `Cannot use "${options.home}": ${cause.message}; set BOOCODE_HOME to a folder you can write`, { cause });
  });
  const home = await realpath(options.home);
  const server = options.databaseUrl === null ? await EmbeddedPostgres.start({ home, log: options.log, signal: options.signal }) : null;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await OpenDatabase.open({ ...options, home }, server, server?.connectionString ?? options.databaseUrl ?? '');
    } catch (error) {
      if (server === null || isConflict(error)) throw error;
      await server.stopUnlessInUse();
      // The guardian of a dead BooCode may have been stopping the server just when it was found.
      if (attempt === START_ATTEMPTS || !(error instanceof Error && isStorageUnavailable(error.cause))) throw error;
      await server.restart();
    }
  }
}

/** A server that another BooCode uses is left running. */
function isConflict(error: unknown): boolean {
  return error instanceof BooError && error.code === 'conflict';
}

class OpenDatabase implements Database {
  readonly sql: Sql;
  readonly version: string;
  readonly connectionString: string;
  readonly #options: OpenDatabaseOptions;
  readonly #server: EmbeddedPostgres | null;
  readonly #problem: CurrentProblem;
  readonly #stopping = new AbortController();
  #lock: Sql | null = null;
  #recovery: Promise<void> | null = null;

  private constructor(options: OpenDatabaseOptions, server: EmbeddedPostgres | null, connectionString: string, sql: Sql, version: string) {
    this.#options = options;
    this.#server = server;
    this.#problem = new CurrentProblem(options.onProblem);
    this.connectionString = connectionString;
    this.sql = sql;
    this.version = version;
  }

  /** The lock comes before everything that writes: a second BooCode must leave the first one's database alone. */
  static async open(options: OpenDatabaseOptions, server: EmbeddedPostgres | null, connectionString: string): Promise<OpenDatabase> {
    const sql = connect(connectionString);
    try {
      const version = await readVersion(sql, connectionString);
      const database = new OpenDatabase(options, server, connectionString, sql, version);
      try {
        await database.#takeLock();
        await migrate(sql, options.migrations);
      } catch (error) {
        database.#stopping.abort();
        await database.#lock?.end({ timeout: 0 });
        throw error;
      }
      watchDisk({ folder: options.home, onProblem: (problem) => database.#problem.set('disk', problem), signal: database.#stopping.signal });
      return database;
    } catch (error) {
      await sql.end({ timeout: 0 });
      throw describeOpenFailure(error, server, options.home, connectionString);
    }
  }

  get kind(): 'embedded' | 'external' {
    return this.#server === null ? 'external' : 'embedded';
  }

  get pid(): number | null {
    return this.#server?.pid ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    await this.#recovery;
    await this.sql.end({ timeout: 2 });
    await this.#lock?.end({ timeout: 0 });
    await this.#server?.stop();
  }

  async #takeLock(): Promise<void> {
    const lock = connect(this.connectionString, { max: 1, name: homeLockName(), onClose: () => this.#onLockLost(lock) });
    try {
      await takeHomeLock(lock, this.#options.home);
    } catch (error) {
      await lock.end({ timeout: 0 });
      throw error;
    }
    this.#lock = lock;
    await this.#server?.claim();
  }

  /** The lock's connection ends with the server: that is how its death is noticed, whoever started it. */
  #onLockLost(lock: Sql): void {
    if (this.#lock !== lock || this.#stopping.signal.aborted) return;
    this.#lock = null;
    this.#recovery ??= this.#recover().finally(() => (this.#recovery = null));
    void lock.end({ timeout: 0 });
  }

  /** Tries until it succeeds: without its database BooCode can do nothing else, and a full disk is emptied by a person. */
  async #recover(): Promise<void> {
    const { log, home } = this.#options;
    const signal = this.#stopping.signal;
    this.#problem.set('server', { code: 'storage_unavailable', text: 'The database has stopped answering; BooCode is bringing it back and goes on by itself' });
    for (let wait = 50; !signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY_MS)) {
      try {
        await this.#server?.restart();
        await this.#takeLock();
        log.info({ pid: this.pid }, 'the database is back');
        this.#problem.set('server', null);
        return;
      } catch (error) {
        const failure = describeOpenFailure(error, this.#server, home, this.connectionString);
        log.warn({ code: failure.code, reason: failure.message }, 'cannot bring the database back yet');
        this.#problem.set('server', { code: failure.code, text: bannerText(failure, home) });
        await sleep(wait, undefined, { signal }).catch(() => {});
      }
    }
  }
}

async function readVersion(sql: Sql, connectionString: string): Promise<string> {
  const [row] = await sql<{ number: number; text: string }[]>`
    select current_setting('server_version_num')::integer as number, current_setting('server_version') as text`;
  assertSupportedVersion(row?.number ?? 0, connectionString);
  return row?.text ?? '';
}

function describeOpenFailure(error: unknown, server: EmbeddedPostgres | null, home: string, connectionString: string): BooError {
  const described = server === null ? describeConnectFailure(error, connectionString) : describeEmbeddedFailure(error, home);
  return described instanceof BooError ? described : new BooError('storage_unavailable', 'Cannot open the database: the start was given up', { cause: error });
}

/** What helps at a start ("... then start again") is not what helps while BooCode runs and tries again by itself. */
function bannerText(failure: BooError, home: string): string {
  if (failure.code === 'storage_full') return `The disk of "${home}" is full and the database has stopped; free some space, and BooCode goes on by itself`;
  return `The database cannot be used, BooCode keeps trying (${failure.message})`;
}
