import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { AgentProcess } from '../agent-process.ts';

/** The process that the SDK wants at once, while it is started in our way: contained, recorded, ended as a group. */
export class SdkProcess extends EventEmitter {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  killed = false;
  exitCode: number | null = null;
  /** Resolves with null when it could not be started. */
  readonly started: Promise<AgentProcess | null>;

  constructor(start: Promise<AgentProcess>) {
    super();
    this.on('error', () => {}); // the SDK may not listen yet
    this.started = start.then(
      (process) => this.#join(process),
      (error: unknown) => {
        this.stdout.end();
        this.emit('error', error);
        return null;
      },
    );
  }

  kill(): boolean {
    this.killed = true;
    void this.started.then((process) => process?.[Symbol.asyncDispose]());
    return true;
  }

  #join(process: AgentProcess): AgentProcess {
    const { stdin, stdout, exited } = process.child;
    if (stdin !== null) this.stdin.pipe(stdin);
    stdout.pipe(this.stdout);
    void exited.then(({ code, signal }) => {
      this.exitCode = code;
      this.stdout.end();
      this.emit('exit', code, signal);
    });
    return process;
  }
}
