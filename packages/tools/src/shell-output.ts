import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';

const HEAD = 6_000;
const TAIL = 10_000;
const MAX_FILE = 64 * 1_024 * 1_024;
const LIVE_EVERY_MS = 80;
const LIVE_TAIL = 4_096;

export interface KeptOutput {
  /** Beginning and end, for the model. */
  readonly text: string;
  readonly bytes: number;
  readonly lines: number;
  /** Holds the whole output where `text` does not. */
  readonly file: string | null;
}

/** Takes a command's output as it comes: bounded memory whatever its size, the whole of it in a file as soon as it is long, and a live tail. */
export class ShellOutput {
  readonly #outputDir: string;
  readonly #onLive: (delta: string) => void;
  #head = '';
  #tail = '';
  #bytes = 0;
  #breaks = 0;
  #file: { readonly path: string; readonly stream: WriteStream } | null = null;
  #opening: Promise<void> | null = null;
  #waiting = '';
  #written = 0;
  #live = '';
  #liveTimer: NodeJS.Timeout | null = null;

  constructor(outputDir: string, onLive: (delta: string) => void) {
    this.#outputDir = outputDir;
    this.#onLive = onLive;
  }

  push(raw: string): void {
    const text = withoutAnsi(raw);
    this.#bytes += Buffer.byteLength(text);
    this.#breaks += text.split('\n').length - 1;
    const room = HEAD - this.#head.length;
    this.#tail += text.slice(Math.max(0, room));
    this.#head += text.slice(0, Math.max(0, room));
    this.#keepWhole(text);
    if (this.#tail.length > TAIL * 4) this.#tail = this.#tail.slice(-TAIL);
    this.#goLive(text);
  }

  async close(): Promise<KeptOutput> {
    if (this.#liveTimer !== null) this.#flushLive();
    await this.#opening;
    if (this.#file !== null) {
      this.#file.stream.end();
      await once(this.#file.stream, 'close');
    }
    const isLong = this.#head.length + this.#tail.length > HEAD + TAIL || this.#bytes > (HEAD + TAIL) * 4;
    const file = this.#file?.path ?? null;
    const text = isLong
      ? `${this.#head}\n... (${this.#bytes} bytes in all; the middle is left out here${file === null ? '' : `, the whole output is in ${file}`}) ...\n${this.#tail.slice(-TAIL)}`
      : this.#head + this.#tail;
    return { text, bytes: this.#bytes, lines: this.#bytes === 0 ? 0 : this.#breaks + (this.#endsLine() ? 0 : 1), file };
  }

  #endsLine(): boolean {
    return (this.#tail === '' ? this.#head : this.#tail).endsWith('\n');
  }

  #keepWhole(text: string): void {
    if (this.#written > MAX_FILE) return;
    if (this.#file !== null) {
      this.#write(text);
      return;
    }
    this.#waiting += text;
    if (this.#waiting.length > HEAD + TAIL && this.#opening === null) this.#opening = this.#openFile();
  }

  async #openFile(): Promise<void> {
    try {
      await mkdir(this.#outputDir, { recursive: true });
      const path = join(this.#outputDir, `shell-${randomBytes(6).toString('hex')}.txt`);
      const stream = createWriteStream(path, { mode: 0o600, flags: 'wx' });
      await once(stream, 'open');
      stream.on('error', () => {
        this.#file = null; // a full disk: the model still gets beginning and end
      });
      this.#file = { path, stream };
      this.#write(this.#waiting);
    } catch {
      this.#written = MAX_FILE + 1; // no place to keep it: beginning and end must do
    }
    this.#waiting = '';
  }

  #write(text: string): void {
    this.#written += text.length;
    this.#file?.stream.write(text);
  }

  #goLive(text: string): void {
    this.#live = (this.#live + text).slice(-LIVE_TAIL);
    this.#liveTimer ??= setTimeout(() => this.#flushLive(), LIVE_EVERY_MS);
  }

  #flushLive(): void {
    if (this.#liveTimer !== null) clearTimeout(this.#liveTimer);
    this.#liveTimer = null;
    const delta = this.#live;
    this.#live = '';
    if (delta !== '') this.#onLive(delta);
  }
}

/** Colours and cursor movements mean nothing to a model, and lines rewritten in place count as their last state. */
function withoutAnsi(text: string): string {
  return text
    .replace(ANSI, '')
    .replaceAll('\r\n', '\n')
    .replace(/[^\n]*\r(?=[^\n])/g, '');
}

// oxlint-disable-next-line no-control-regex -- escape sequences are control characters
const ANSI = /\u001B(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g;
