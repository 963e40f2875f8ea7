import { randomBytes } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TICKS_PER_MS = 0x1000n;
const BITS = 0xffff_ffff_ffffn;

/** An id as opencode makes them: they sort by their time, by which opencode and we know what came after what. It sorts before all that opencode makes in the same millisecond. */
export function newMessageId(now: number): string {
  const time = ((BigInt(now) * TICKS_PER_MS) & BITS).toString(16).padStart(12, '0');
  return `msg_${time}${[...randomBytes(14)].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}
