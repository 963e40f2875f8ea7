import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const START_MS = 30_000;
const STOP_MS = 10_000;

export interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Ends the program. */
  readonly signal: AbortSignal;
}

/** A program under measurement: it has printed its first line, and ends when it is disposed. */
export class Program implements AsyncDisposable {
  readonly pid: number;
  readonly firstLine: string;
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;

  private constructor(child: ChildProcess, pid: number, firstLine: string, closed: Promise<void>) {
    this.#child = child;
    this.pid = pid;
    this.firstLine = firstLine;
    this.#closed = closed;
  }

  /** Starts `node` with these arguments; rejects with what it said on stderr when it ends before its first line. */
  static async start(args: readonly string[], { env, cwd, signal }: ProgramOptions): Promise<Program> {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    const closed = Promise.withResolvers<void>();
    const line = Promise.withResolvers<string>();
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr = `${stderr}${String(chunk)}`.slice(-4_000)));
    child.once('error', line.reject);
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', stop);
      closed.resolve();
      line.reject(new Error(`Cannot start ${args.join(' ')}: it ended with ${code ?? by}: ${stderr.trim()}`));
    });
    createInterface({ input: child.stdout }).on('line', (text) => line.resolve(text));
    const timer = setTimeout(() => line.reject(new Error(`Cannot start ${args.join(' ')}: nothing printed after ${START_MS} ms`)), START_MS);
    try {
      return new Program(child, child.pid ?? 0, await line.promise, closed.promise);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** As a power cut would: no chance to clean up. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#closed;
    clearTimeout(timer);
  }
}
