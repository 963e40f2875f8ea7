import { StringDecoder } from 'node:string_decoder';

const MAX_LINE_CHARS = 64 * 1_024 * 1_024;

export interface JsonLineHandlers {
  readonly onObject: (value: object) => void;
  /** A line that is no JSON object: a banner, a log. */
  readonly onNoise?: (line: string) => void;
}

/** Reads one JSON object per line from bytes in any chunking. Other lines break nothing. */
export class JsonLines {
  readonly #handlers: JsonLineHandlers;
  readonly #decoder = new StringDecoder('utf8');
  #parts: string[] = [];
  #length = 0;

  constructor(handlers: JsonLineHandlers) {
    this.#handlers = handlers;
  }

  push(chunk: Buffer): void {
    const [first = '', ...rest] = this.#decoder.write(chunk).split('\n');
    this.#keep(first);
    for (const piece of rest) {
      this.#endLine();
      this.#keep(piece);
    }
  }

  /** The input is over: what stands there without a line break counts as a line. */
  end(): void {
    this.#keep(this.#decoder.end());
    this.#endLine();
  }

  /** The rest of a line that is longer than anything sensible is left out, and so it is no JSON any more. */
  #keep(piece: string): void {
    if (piece === '' || this.#length > MAX_LINE_CHARS) return;
    this.#parts.push(piece);
    this.#length += piece.length;
  }

  #endLine(): void {
    const line = this.#parts.join('').trim();
    this.#parts = [];
    this.#length = 0;
    if (line === '') return;
    const value = parseObject(line);
    if (value === null) this.#handlers.onNoise?.(line);
    else this.#handlers.onObject(value);
  }
}

function parseObject(line: string): object | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null; // it only looks like JSON
  }
}
