import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { ServerFrame } from '@boocode/contracts/frames.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';

/**
 * The end of a text that grows by deltas. Reading a long text at every delta would copy all of it each time (it is a chain of its deltas until then):
 * who follows it reads only what came since.
 */
export interface TextGrowth {
  /** The same object for all states of one text that only grew. */
  readonly lineage: object;
  readonly length: number;
  /** The last characters of the text, at least as many as came lately. */
  readonly tail: string;
}

const TAIL_LENGTH = 4_096;
const growths = new WeakMap<Part, TextGrowth>();

/** How a part's text came to be, when it came by deltas. */
export function textGrowth(part: Part): TextGrowth | null {
  return growths.get(part) ?? null;
}

/** What was appended after the first `length` characters of the same text; null = unknown, read the whole. */
export function appendedSince(growth: TextGrowth, length: number): string | null {
  const missing = growth.length - length;
  return missing < 0 || missing > growth.tail.length ? null : growth.tail.slice(growth.tail.length - missing);
}

/** Remembers what one frame appended to a text. `before` and `after` are the chat on both sides of it. */
export function noteGrowth(before: ChatState, after: ChatState, frame: ServerFrame): void {
  if (frame.type !== 'chat_event' || after === before || (frame.event.type !== 'text' && frame.event.type !== 'reasoning')) return;
  const grown = lastPart(after, frame.messageId);
  if (grown === null || growths.has(grown)) return;
  const origin = lastPart(before, frame.messageId);
  const known = origin !== null && origin.type === grown.type ? growths.get(origin) : undefined;
  const tail = (known?.tail ?? '') + frame.event.delta;
  const isLong = tail.length > 2 * TAIL_LENGTH;
  growths.set(grown, { lineage: known?.lineage ?? {}, length: grown.text.length, tail: isLong ? tail.slice(-TAIL_LENGTH) : tail });
}

function lastPart(state: ChatState, messageId: string): Extract<Part, { text: string }> | null {
  const part = state.messages.findLast((message) => message.id === messageId)?.parts.at(-1);
  return part?.type === 'text' || part?.type === 'reasoning' ? part : null;
}
