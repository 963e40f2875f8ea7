import { spawn, type ChildProcess as NodeChild } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Containment, View } from './containment.ts';
import { endProcesses } from './end-processes.ts';
import { CHILD_MARK, type ProcessRegistry } from './process-registry.ts';
import { descendantsOf, groupMembers, identifyProcess, type ProcessIdentity, processesWithEnvironment } from './process-table.ts';

const KILL_AFTER_MS = 3_000;
const IDLE_PIPE_MS = 200;
const STDERR_TAIL_CHARS = 4_000;

export interface ChildProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; see `childEnvironment`. */
  readonly env: Record<string, string>;
  /** Where the group is recorded for the guardian; null for a child that may be left behind. */
  readonly registry: ProcessRegistry | null;
  /** Aborting it ends the child and everything it has started. */
  readonly signal: AbortSignal;
  readonly stdin?: 'pipe' | 'ignore';
  /** Hides BooCode's own folder from the child; null where the system cannot. */
  readonly containment?: Containment | null;
  /** What it sees and may write, where it is contained. */
  readonly view?: View;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * A child in a process group of its own, which ends as a whole: with the signal, when it is disposed (SIGTERM, after 3 s SIGKILL),
 * and after a normal exit, for what the child left in its group. A daemon that has left the group by itself outlives a normal exit,
 * but not an ending by us, and not the server.
 */
export class ChildProcess implements AsyncDisposable {
  readonly pid: number;
  /** null when the child was started without one. */
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the child is gone, its group is empty and its output is complete. Never rejects. */
  readonly exited: Promise<Exit>;
  readonly #mark: string | null;
  #isOver = false;
  #stderrTail = '';

  private constructor(child: StartedChild, options: ChildProcessOptions, mark: string | null) {
    this.pid = child.pid;
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    this.#mark = mark;
    // A child that has gone is seen by its exit; a write that comes too late is no failure of its own.
    child.stdin?.on('error', () => {});
    const decoder = new StringDecoder('utf8');
    child.stderr.on('data', (chunk: Buffer) => (this.#stderrTail = (this.#stderrTail + decoder.write(chunk)).slice(-STDERR_TAIL_CHARS)));
    this.exited = settle(child, options.registry);
    const stop = () => void this[Symbol.asyncDispose]();
    options.signal.addEventListener('abort', stop, { once: true });
    void this.exited.then(() => {
      this.#isOver = true;
      options.signal.removeEventListener('abort', stop);
    });
  }

  /** Rejects with `agent_unavailable` when the program or its folder is not there. */
  static async start(options: ChildProcessOptions): Promise<ChildProcess> {
    options.signal.throwIfAborted();
    const mark = options.registry?.newMark() ?? null;
    const env = mark === null ? options.env : { ...options.env, [CHILD_MARK]: mark };
    const stdio = [options.stdin ?? 'pipe', 'pipe', 'pipe'] as const;
    const { command, args } = options.containment?.wrap(options, options.cwd, options.view) ?? options;
    const child = spawn(command, args, { cwd: options.cwd, env, stdio: [...stdio], detached: true });
    if (child.pid !== undefined) options.registry?.add(child.pid);
    try {
      await once(child, 'spawn');
    } catch (cause) {
      throw startFailure(options, cause);
    }
    const started = new ChildProcess(asStarted(child), options, mark);
    if (options.signal.aborted) {
      await started[Symbol.asyncDispose]();
      options.signal.throwIfAborted();
    }
    return started;
  }

  /** The last of what the child has written to its standard error. */
  get stderrTail(): string {
    return this.#stderrTail;
  }

  /** What lives of all that the child has started, also what has lost its parent or left the group (the last can be told on Linux alone). */
  family(): ProcessIdentity[] {
    const marked = this.#mark === null ? [] : processesWithEnvironment(`${CHILD_MARK}=${this.#mark}`);
    const others = [...new Set([...groupMembers(this.pid), ...marked])].filter((pid) => pid !== this.pid);
    const known = others.flatMap((pid) => identifyProcess(pid) ?? []);
    return [...known, ...descendantsOf(this.pid).filter(({ pid }) => !others.includes(pid))];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return; // its pid may be another's by now
    const marks = this.#mark === null ? [] : [`${CHILD_MARK}=${this.#mark}`];
    await endProcesses({ groups: [this.pid], marks, graceMs: KILL_AFTER_MS });
    await this.exited;
  }
}

interface StartedChild {
  readonly pid: number;
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly process: NodeChild;
}

function asStarted(child: NodeChild): StartedChild {
  const { pid, stdin, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) throw new TypeError('a child was spawned without a pid or pipes');
  return { pid, stdin, stdout, stderr, process: child };
}

async function settle(child: StartedChild, registry: ProcessRegistry | null): Promise<Exit> {
  const closed = once(child.process, 'close');
  const exit = await new Promise<Exit>((resolve) => child.process.once('exit', (code, signal) => resolve({ code, signal })));
  await endProcesses({ groups: [child.pid], marks: [], graceMs: KILL_AFTER_MS });
  registry?.remove(child.pid);
  await outputComplete(child, closed);
  return exit;
}

/** Output ends when its pipes do. A process that has left the group may hold them for ever: then it ends when nothing more comes. */
async function outputComplete({ stdout, stderr }: StartedChild, closed: Promise<unknown>): Promise<void> {
  const streams = [stdout, stderr];
  const isOpen = closed.then(() => false);
  let before = -1;
  while (await Promise.race([isOpen, sleep(IDLE_PIPE_MS, true)])) {
    const received = streams.reduce((sum, stream) => sum + bytesRead(stream), 0);
    const isIdle = received === before && streams.every((stream) => stream.readableLength === 0);
    if (isIdle) for (const stream of streams) stream.destroy();
    before = received;
  }
}

/** A child's pipes are sockets, which count what they have received. */
function bytesRead(stream: Readable): number {
  return 'bytesRead' in stream && typeof stream.bytesRead === 'number' ? stream.bytesRead : 0;
}

function startFailure({ command, cwd }: ChildProcessOptions, cause: unknown): BooError {
  if (!existsSync(cwd))
    return new BooError('agent_unavailable', `Cannot start "${command}": the folder "${cwd}" is not there; restore it, then try again`, { cause });
  return new BooError('agent_unavailable', `Cannot start "${command}" in "${cwd}": ${startReason(cause)}; install it or correct its command`, { cause });
}

function startReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? cause.code : null;
  if (code === 'ENOENT') return 'the program is not installed';
  if (code === 'EACCES') return 'the file is not executable';
  return cause.message;
}
