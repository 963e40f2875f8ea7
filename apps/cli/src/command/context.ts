import type { Terminal } from '../terminal/terminal.ts';

/** What a command may use of the world around it. Made once, in main.ts. */
export interface Context {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly version: string;
  readonly out: Terminal;
  readonly err: Terminal;
  readonly input: NodeJS.ReadableStream;
  /** What `out` writes to, for reading a line at the terminal. */
  readonly output: NodeJS.WritableStream;
  /** A person can be asked: input and output are a terminal. */
  readonly isInteractive: boolean;
  /** Runs `handler` at each Ctrl-C instead of ending the program, until the signal aborts. */
  readonly onInterrupt: (handler: () => void, signal: AbortSignal) => void;
  /** What Ctrl-C does, for a reader of lines that sees the key itself. */
  readonly interrupt: () => void;
  /** Ends the program now. */
  readonly leave: (status: number) => void;
}
