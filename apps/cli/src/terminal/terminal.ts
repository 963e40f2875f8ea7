import type { WriteStream } from 'node:tty';

/** The part of a stream that is written to; both process.stdout and a file fit. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export type Look = 'plain' | 'dim' | 'bold' | 'red' | 'green' | 'yellow' | 'cyan';

/** Paints text, or leaves it alone where colour is not wanted. */
export type Paint = (look: Look, text: string) => string;

/** One output of the program: how wide it is, whether a person watches it, whether it may be coloured. */
export class Terminal {
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  readonly #sink: Sink;
  #status = '';

  constructor(sink: Sink, env: NodeJS.ProcessEnv) {
    this.#sink = sink;
    this.isTerminal = sink.isTTY === true;
    this.hasColour = wantsColour(this.isTerminal, env);
  }

  /** 80 where it is not known. */
  get width(): number {
    return Math.max(20, this.isTerminal ? (this.#sink.columns ?? 80) : 80);
  }

  get paint(): Paint {
    return this.hasColour ? paintAnsi : paintNothing;
  }

  write(text: string): void {
    if (text === '') return;
    this.clearStatus();
    this.#sink.write(text);
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }

  /** Shows what goes on at the cursor, which must be at the beginning of a line; the next write wipes it. Nothing off a terminal. */
  showStatus(text: string): void {
    if (!this.isTerminal || text === this.#status) return;
    this.#sink.write(`\r${this.paint('dim', text)}\u001b[K`);
    this.#status = text;
  }

  clearStatus(): void {
    if (this.#status === '') return;
    this.#sink.write('\r\u001b[K');
    this.#status = '';
  }
}

const SGR: Record<Look, string | null> = { plain: null, dim: '2', bold: '1', red: '31', green: '32', yellow: '33', cyan: '36' };

export function paintNothing(_look: Look, text: string): string {
  return text;
}

function paintAnsi(look: Look, text: string): string {
  const code = SGR[look];
  return code === null || text === '' ? text : `\u001b[${code}m${text}\u001b[0m`;
}

/** FORCE_COLOR and NO_COLOR decide, else whether it is a terminal that knows colour. */
function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') return env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return isTerminal && env['TERM'] !== 'dumb';
}

/** process.stdout and process.stderr end quietly when the reader has gone away (`boocode ls | head -1`). */
export function endOnClosedPipe(streams: readonly (WriteStream | NodeJS.WriteStream)[], end: () => void): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') end();
      else throw error;
    });
  }
}
