import { StringDecoder } from 'node:string_decoder';
import { JsonLines } from '../json-lines.ts';
import { StreamMessage } from './stream-message.ts';
import { TerminalText } from './terminal-text.ts';

/** So much may come before the first message: banners, warnings. With more the output is no stream of messages. */
const MAX_BANNER_BYTES = 16 * 1024;

export interface MixedHandlers {
  readonly onMessage: (message: StreamMessage) => void;
  readonly onText: (text: string) => void;
}

/**
 * The output of a command of which nothing is known: messages, one JSON object per line, perhaps after a banner, or else plain text.
 * Text for a terminal is cleaned, and given line by line.
 */
export class MixedOutput {
  readonly #handlers: MixedHandlers;
  readonly #decoder = new StringDecoder('utf8');
  readonly #cleaner = new TerminalText();
  readonly #lines: JsonLines;
  #kind: 'unknown' | 'messages' | 'text';
  #banner: Buffer[] = [];
  #bannerBytes = 0;

  /** `isTerminal`: it is text from the beginning. */
  constructor(handlers: MixedHandlers, isTerminal: boolean) {
    this.#handlers = handlers;
    this.#kind = isTerminal ? 'text' : 'unknown';
    this.#lines = new JsonLines({ onObject: (value) => this.#look(value) });
  }

  push(chunk: Buffer): void {
    if (this.#kind === 'text') return this.#say(this.#decoder.write(chunk));
    if (this.#kind === 'unknown') {
      this.#banner.push(chunk);
      this.#bannerBytes += chunk.length;
    }
    this.#lines.push(chunk);
    if (this.#kind === 'unknown' && this.#bannerBytes > MAX_BANNER_BYTES) this.#decideText();
  }

  end(): void {
    if (this.#kind !== 'text') this.#lines.end();
    if (this.#kind === 'unknown') this.#decideText();
    if (this.#kind !== 'text') return;
    this.#say(this.#decoder.end());
    const rest = this.#cleaner.end();
    if (rest !== '') this.#handlers.onText(rest);
  }

  #look(value: object): void {
    const parsed = StreamMessage.safeParse(value);
    if (!parsed.success || this.#kind === 'text') return;
    this.#kind = 'messages';
    this.#banner = [];
    this.#handlers.onMessage(parsed.data);
  }

  #decideText(): void {
    this.#kind = 'text';
    const kept = Buffer.concat(this.#banner);
    this.#banner = [];
    this.#say(this.#decoder.write(kept));
  }

  #say(text: string): void {
    const clean = this.#cleaner.push(text);
    if (clean !== '') this.#handlers.onText(clean);
  }
}
