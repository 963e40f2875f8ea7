import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from '@boocode/processes/process-table.ts';
import { isStorageFull } from './db-errors.ts';
import { withFileLock } from './file-lock.ts';
import type { Log } from './log.ts';
import { choosePostgresAccount, type PostgresAccount } from './postgres-account.ts';
import { copyPostgresBinaries, findPostgresBinaries } from './postgres-binaries.ts';
import { describeFailure, diskFullText, isReachable, POSTGRES_USER, postgresEnvironment, preparePostgresData, type PostgresData } from './postgres-data.ts';
import { clearDeadPostmaster, readPostmaster, type RunningPostmaster } from './postmaster-file.ts';
import { makeSocketFolder, removeSocketFolder } from './socket-folder.ts';

const PORT = 5432;
const POLL_MS = 4;
const START_TIMEOUT_MS = 60_000;
const RETRY_MS = 50;
const STOP_TIMEOUT_MS = 3_000;
const LARGEST_LOG_BYTES = 2_000_000;

/** Small and safe: fsync and full_page_writes stay on, the port is a file in a private folder, nothing listens on the network. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  full_page_writes: 'on',
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '32MB',
  max_connections: '40',
  jit: 'off',
  // Our statements are few and find their rows by keys: planning each one again costs more than running it.
  plan_cache_mode: 'force_generic_plan',
  io_method: 'sync',
  max_worker_processes: '2',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '32MB',
  max_wal_size: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface EmbeddedPostgresOptions {
  readonly home: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Settings over our own; tests turn fsync off. */
  readonly settings?: Readonly<Record<string, string>>;
  /** As whom it runs; found out when not given. */
  readonly account?: PostgresAccount;
}

/** A real PostgreSQL server over `<home>/postgres`, either started here or found running. It outlives this process unless it is stopped. */
export class EmbeddedPostgres {
  readonly #options: EmbeddedPostgresOptions;
  #running: Running;

  private constructor(options: EmbeddedPostgresOptions, running: Running) {
    this.#options = options;
    this.#running = running;
  }

  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    return new EmbeddedPostgres(options, await startOrAttach(options));
  }

  get pid(): number {
    return this.#running.identity.pid;
  }

  get connectionString(): string {
    return this.#running.connectionString;
  }

  /** Starts it again when it has died, or finds the one that was started meanwhile. The connection string stays the same. */
  async restart(): Promise<void> {
    this.#running = await startOrAttach(this.#options);
  }

  /** Records that this process answers for the server: the guardian ends it when this process is gone. */
  async claim(): Promise<void> {
    await writeOwner(this.#options.home, this.#running.identity);
  }

  /** Fast stop: open transactions are rolled back. Harder signals follow when that takes too long. */
  async stop(): Promise<void> {
    for (const name of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (!signalProcess(this.#running.identity, name) || (await hasEnded(this.#running.identity, STOP_TIMEOUT_MS))) break;
    }
    await rm(ownerFile(this.#options.home), { force: true });
    await removeSocketFolder(this.#running.socketFolder);
  }

  /** For a start that has failed: a server for which another living BooCode answers goes on. */
  async stopUnlessInUse(): Promise<void> {
    const [, , pid = '', start = ''] = (await readFile(ownerFile(this.#options.home), 'utf8').catch(() => '')).trim().split(' ');
    const isOurs = Number(pid) === process.pid;
    if (isOurs || !isAlive({ pid: Number(pid), start })) await this.stop();
  }
}

interface Running {
  readonly identity: ProcessIdentity;
  readonly connectionString: string;
  readonly socketFolder: string;
}

interface Installation {
  readonly home: string;
  readonly data: PostgresData;
  readonly binaries: string;
  readonly account: PostgresAccount;
  readonly settings: Readonly<Record<string, string>>;
}

/** Of several starters one works at a time; the others then find its server. */
async function startOrAttach(options: EmbeddedPostgresOptions): Promise<Running> {
  const runDir = join(options.home, 'run');
  try {
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    return await withFileLock(join(runDir, 'postgres.starting'), options.signal, () => startAlone(options));
  } catch (error) {
    throw describeEmbeddedFailure(error, options.home);
  }
}

async function startAlone(options: EmbeddedPostgresOptions): Promise<Running> {
  const installation = await prepare(options);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const running = (await attach(installation, options)) ?? (await launch(installation, options));
    if (running !== null) return running;
    await sleep(RETRY_MS, undefined, { signal: options.signal });
  }
  throw new BooError('storage_unavailable', `Cannot start the database in "${installation.data.folder}": it is not ready; see "${logFile(options.home)}"`);
}

/** Says in one sentence why the built-in server cannot be used. */
export function describeEmbeddedFailure(error: unknown, home: string): unknown {
  if (error instanceof BooError || (error instanceof Error && error.name === 'AbortError')) return error;
  if (isStorageFull(error)) return new BooError('storage_full', diskFullText(join(home, 'postgres')), { cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new BooError('storage_unavailable', `Cannot open the database in "${home}": ${reason}; see "${logFile(home)}"`, { cause: error });
}

async function prepare(options: EmbeddedPostgresOptions): Promise<Installation> {
  const path = join(options.home, 'postgres');
  const account = options.account ?? (await choosePostgresAccount(path));
  const installed = await findPostgresBinaries(join(options.home, 'cache'));
  const mustCopy = account.owner !== null && !(await isReachable(installed));
  const binaries = mustCopy ? await copyPostgresBinaries(installed, '/var/lib/boocode') : installed;
  const data = await preparePostgresData(path, binaries, account);
  return { home: options.home, data, binaries, account, settings: options.settings ?? {} };
}

/** The server that already runs, once it is ready; null when there is none (any more). */
async function attach(installation: Installation, options: EmbeddedPostgresOptions): Promise<Running | null> {
  const { folder } = installation.data;
  for (let found = await readPostmaster(folder); found !== null; found = await readPostmaster(folder)) {
    if (found.status === 'ready') {
      options.log.info({ pid: found.identity.pid }, 'attached to the running database');
      return asRunning(found, installation);
    }
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
  return null;
}

/** Starts a server and waits until it is ready; null when it must be tried again. */
async function launch(installation: Installation, options: EmbeddedPostgresOptions): Promise<Running | null> {
  const { folder } = installation.data;
  await clearDeadPostmaster(folder);
  const started = performance.now();
  const logStart = await rotateLog(options.home);
  const child = await spawnPostgres(installation, await makeSocketFolder(join(options.home, 'run'), installation.account));
  const identity = identifyProcess(child.pid ?? 0);
  if (identity !== null) await writeOwner(options.home, identity);
  while (child.exitCode === null && child.signalCode === null) {
    const found = await readPostmaster(folder);
    if (found !== null && found.identity.pid === child.pid && found.status === 'ready') {
      child.unref();
      options.log.info({ pid: child.pid, ms: Math.round(performance.now() - started) }, 'started the database');
      return asRunning(found, installation);
    }
    await sleep(POLL_MS, undefined, { signal: options.signal });
  }
  const output = (await readFile(logFile(options.home), 'utf8')).slice(logStart);
  // Backends that outlived a killed server still hold its memory; they end within moments.
  if (output.includes('shared memory block')) return null;
  if ((await readPostmaster(folder)) !== null) return null;
  throw describeFailure(output, folder);
}

async function spawnPostgres(installation: Installation, socketFolder: string): Promise<ChildProcess> {
  const { account, binaries, data, home } = installation;
  const settings = { ...SETTINGS, ...installation.settings, unix_socket_directories: socketFolder, port: String(PORT) };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [command = '', ...args] = [...account.prefix, join(binaries, 'bin', 'postgres'), '-D', data.folder, ...flags];
  const log = await open(logFile(home), 'a', 0o600);
  try {
    const child = spawn(command, args, { detached: true, cwd: '/', env: postgresEnvironment(), stdio: ['ignore', log.fd, log.fd], ...account.owner });
    await new Promise((resolve, reject) => child.once('error', reject).once('spawn', resolve));
    return child;
  } catch (cause) {
    throw new BooError('storage_unavailable', `Cannot start the database: "${command}" does not run here; set DATABASE_URL to a PostgreSQL 15 or newer`, {
      cause,
    });
  } finally {
    await log.close();
  }
}

function asRunning(found: RunningPostmaster, { data }: Installation): Running {
  const host = encodeURIComponent(found.socketFolder);
  return {
    identity: found.identity,
    socketFolder: found.socketFolder,
    connectionString: `postgres://${POSTGRES_USER}:${data.password}@localhost:${found.port}/postgres?host=${host}`,
  };
}

function logFile(home: string): string {
  return join(home, 'run', 'postgres.log');
}

/** Returns where the next start's lines begin. */
async function rotateLog(home: string): Promise<number> {
  const size = await stat(logFile(home)).then(
    (found) => found.size,
    () => 0,
  );
  if (size < LARGEST_LOG_BYTES) return size;
  await rename(logFile(home), `${logFile(home)}.1`);
  return 0;
}

function ownerFile(home: string): string {
  return join(home, 'run', 'postgres.pid');
}

/** "<pid> <start> <owner's pid> <owner's start>": what the guardian reads. */
async function writeOwner(home: string, server: ProcessIdentity): Promise<void> {
  const owner = identifyProcess(process.pid);
  const part = `${ownerFile(home)}.${process.pid}`;
  await writeFile(part, `${server.pid} ${server.start} ${process.pid} ${owner?.start ?? ''}\n`, { mode: 0o600 });
  await rename(part, ownerFile(home));
}

/** False when it is gone already. */
function signalProcess(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, name);
  } catch {
    return false; // it ended between the two lines
  }
}

async function hasEnded(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
