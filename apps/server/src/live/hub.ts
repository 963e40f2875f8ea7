import { type Channel, ServerFrame, type Unnumbered } from '@boocode/contracts/frames.ts';
import type { Logger } from 'pino';

/** Frames kept per channel so that a client that lost its socket goes on where it was. */
const RING_FRAMES = 4_096;
const SNAPSHOT_TRIES = 50;

/** Sends one encoded frame. Must not throw. */
export type Send = (text: string) => void;

/**
 * Reads what a snapshot is made of, and returns a function that puts it together with what is alive in memory.
 * That function runs in the same tick in which the channel gives the snapshot its seq.
 */
export type ReadSnapshot = () => Promise<() => Unnumbered>;

/** Fans frames out to sockets: each subscriber sees every frame of a channel once, in order, without a gap. */
export class Hub {
  readonly #channels = new Map<Channel, HubChannel>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Numbers the frame and sends it. A frame that breaks its schema is logged and becomes `resync`: clients read the truth again. */
  publish(channel: Channel, frame: Unnumbered): void {
    this.#channel(channel).publish(frame);
  }

  /**
   * Sends what the client missed since `after`; where that cannot be told any more, `resync` and a snapshot. Then every later frame,
   * until the signal aborts. Rejects when the snapshot cannot be read.
   */
  async subscribe(channel: Channel, after: number | undefined, read: ReadSnapshot, send: Send, signal: AbortSignal): Promise<void> {
    await this.#channel(channel).subscribe(after, read, send, signal);
  }

  /** Forgets channels that nobody watches. Call now and then; a later subscriber gets a snapshot. */
  sweep(isAlive: (channel: Channel) => boolean): void {
    for (const [name, channel] of this.#channels) {
      if (!channel.isWatched && !isAlive(name)) this.#channels.delete(name);
    }
  }

  #channel(name: Channel): HubChannel {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const channel = new HubChannel(name, this.#log);
    this.#channels.set(name, channel);
    return channel;
  }
}

/** A sent frame. It is encoded when the first client needs it, and from then on only its text is kept. */
interface Numbered {
  readonly seq: number;
  frame: ServerFrame | null;
  text: string;
}

class HubChannel {
  readonly #name: Channel;
  readonly #log: Logger;
  readonly #subscribers = new Set<Send>();
  /** Microseconds at its birth: larger than any seq of this channel in an earlier life of the server. */
  #seq = Date.now() * 1_000;
  #firstSeq = this.#seq;
  #ring: Numbered[] = [];
  /** Counts frames that replace what a snapshot read from rows; text deltas are not among them, they live in memory. */
  #structural = 0;

  constructor(name: Channel, log: Logger) {
    this.#name = name;
    this.#log = log;
  }

  get isWatched(): boolean {
    return this.#subscribers.size > 0;
  }

  publish(unnumbered: Unnumbered): void {
    const seq = ++this.#seq;
    const frame: ServerFrame = { ...unnumbered, channel: this.#name, seq };
    const parsed = isPlainText(unnumbered) ? { success: true as const, data: frame } : ServerFrame.safeParse(frame);
    if (unnumbered.type !== 'chat_event') this.#structural++;
    if (!parsed.success) {
      this.#log.error({ channel: this.#name, frame: unnumbered.type, issues: parsed.error.issues }, 'frame breaks its schema: clients are told to read again');
      this.#ring = [];
      this.#firstSeq = seq;
      const text = JSON.stringify({ type: 'resync', channel: this.#name, reason: 'a frame could not be sent' } satisfies ServerFrame);
      for (const send of this.#subscribers) send(text);
      return;
    }
    const numbered: Numbered = { seq, frame: parsed.data, text: '' };
    this.#ring.push(numbered);
    if (this.#ring.length > RING_FRAMES * 2) this.#ring = this.#ring.slice(-RING_FRAMES);
    for (const send of this.#subscribers) send(encode(numbered));
  }

  async subscribe(after: number | undefined, read: ReadSnapshot, send: Send, signal: AbortSignal): Promise<void> {
    if (after !== undefined && this.#canContinue(after)) {
      for (const numbered of this.#ring) if (numbered.seq > after) send(encode(numbered));
      this.#add(send, signal);
      return;
    }
    if (after !== undefined) send(JSON.stringify({ type: 'resync', channel: this.#name, reason: 'too long ago' } satisfies ServerFrame));
    const finish = await this.#readStable(read);
    if (signal.aborted) return;
    send(JSON.stringify({ ...finish(), channel: this.#name, seq: this.#seq }));
    this.#add(send, signal);
  }

  /** Rows read while a row-changing frame went out may be older than that frame: read again until none did. */
  async #readStable(read: ReadSnapshot): Promise<() => Unnumbered> {
    for (let tries = 1; ; tries++) {
      const before = this.#structural;
      const finish = await read();
      if (this.#structural === before || tries === SNAPSHOT_TRIES) return finish;
    }
  }

  #canContinue(after: number): boolean {
    const oldest = this.#ring[0]?.seq ?? this.#seq + 1;
    return after <= this.#seq && after >= this.#firstSeq && after >= oldest - 1;
  }

  #add(send: Send, signal: AbortSignal): void {
    this.#subscribers.add(send);
    signal.addEventListener('abort', () => this.#subscribers.delete(send), { once: true });
  }
}

/** Nine of ten frames are a few words of text, which need no schema to be right: a look at the one field that could be wrong is enough. */
function isPlainText(frame: Unnumbered): boolean {
  return frame.type === 'chat_event' && (frame.event.type === 'text' || frame.event.type === 'reasoning') && typeof frame.event.delta === 'string';
}

function encode(numbered: Numbered): string {
  if (numbered.frame !== null) {
    numbered.text = JSON.stringify(numbered.frame);
    numbered.frame = null;
  }
  return numbered.text;
}
