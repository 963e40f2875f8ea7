import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-table.ts';

const SCRIPT = fileURLToPath(new URL('./guardian.sh', import.meta.url));
const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
const TAKE_OVER_MS = 1_000;
const END_MS = 5_000;
const REPLACE_MS = 100;

export interface GuardianOptions {
  /** `<home>/run`: holds `groups/`, `postgres.pid` and, for each guardian, `guardians/<pid>`. */
  readonly runDir: string;
}

/** Disposing it lets it end what is still recorded; at an orderly stop nothing is. */
export interface Guardian extends AsyncDisposable {
  /** Of the process that watches now; one that was killed is replaced. */
  readonly pid: number;
}

/**
 * Starts the process that ends our process groups and PostgreSQL when this server is gone, however it ends. It has a session of its own, so
 * nothing that happens to the server's terminal or group reaches it. A guardian that a dead server left at work is told to leave the rest to us:
 * call `endLeftovers()` of the registry afterwards.
 */
export async function startGuardian({ runDir }: GuardianOptions): Promise<Guardian> {
  const directory = join(runDir, 'guardians');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await takeOver(directory);
  return WatchedGuardian.start(runDir, directory);
}

class WatchedGuardian implements Guardian {
  readonly #runDir: string;
  readonly #directory: string;
  #child: ChildProcessByStdio<Writable, null, null>;
  #isEnding = false;

  private constructor(runDir: string, directory: string, child: ChildProcessByStdio<Writable, null, null>) {
    this.#runDir = runDir;
    this.#directory = directory;
    this.#child = child;
    this.#watch();
  }

  static async start(runDir: string, directory: string): Promise<WatchedGuardian> {
    return new WatchedGuardian(runDir, directory, await spawnGuardian(runDir, directory));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    const child = this.#child;
    const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.stdin.end();
    child.ref();
    await Promise.race([exited, sleep(END_MS, undefined, { ref: false })]);
    await rm(join(this.#directory, String(child.pid)), { force: true });
  }

  #watch(): void {
    const child = this.#child;
    child.once('exit', () => void this.#replace(child).catch(() => {})); // the run folder is gone: nothing is left to guard
  }

  async #replace(dead: ChildProcessByStdio<Writable, null, null>): Promise<void> {
    if (this.#isEnding) return;
    await rm(join(this.#directory, String(dead.pid)), { force: true });
    await sleep(REPLACE_MS, undefined, { ref: false });
    if (this.#isEnding) return;
    this.#child = await spawnGuardian(this.#runDir, this.#directory);
    this.#watch();
  }
}

async function spawnGuardian(runDir: string, directory: string): Promise<ChildProcessByStdio<Writable, null, null>> {
  const server = identifyProcess(process.pid);
  const args = [SCRIPT, runDir, String(process.pid), server?.start ?? ''];
  const child = spawn('sh', args, { cwd: '/', env: { PATH }, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  await once(child, 'spawn');
  const identity = identifyProcess(child.pid ?? 0);
  await writeFile(join(directory, String(child.pid)), `${child.pid} ${identity?.start ?? ''} ${process.pid} ${server?.start ?? ''}\n`, { mode: 0o600 });
  child.stdin.on('error', () => {}); // it was killed; there is nobody to write to
  unref(child.stdin);
  child.unref();
  return child;
}

/** The pipe must not keep the server's event loop alive; Node's type for it does not say that it is a socket. */
function unref(stream: object): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
}

/** Stops the guardians of dead servers. Guardians of living ones (a second BooCode about to be refused) are left alone. */
async function takeOver(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const file = join(directory, name);
    const [pid, start, serverPid, serverStart] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
    if (serverPid !== undefined && serverStart !== undefined && isAlive({ pid: Number(serverPid), start: serverStart })) continue;
    if (pid !== undefined && start !== undefined) await stop({ pid: Number(pid), start });
    await rm(file, { force: true });
  }
}

async function stop(guardian: ProcessIdentity): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive(guardian)) return;
    process.kill(guardian.pid, name);
    const deadline = Date.now() + TAKE_OVER_MS;
    while (isAlive(guardian) && Date.now() < deadline) await sleep(5);
  }
}
