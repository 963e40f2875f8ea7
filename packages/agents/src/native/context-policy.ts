import { type ConversationItem, inputSize, sizeOf } from './conversation.ts';

/** Characters to a token before the first answer has told better. Low, so that the estimate errs on the safe side. */
export const DEFAULT_CHARS_PER_TOKEN = 3;

/** How much of the context is kept free for the answer. */
function outputReserve(contextSize: number): number {
  return Math.min(8_192, Math.floor(contextSize / 4));
}

/** How many characters of conversation fit beside the fixed part (system prompt and tools). */
export function conversationBudget(contextSize: number, charsPerToken: number, fixedChars: number): number {
  return Math.floor((contextSize - outputReserve(contextSize)) * charsPerToken) - fixedChars;
}

/** Corrects the estimate with what the server counted. */
export function learnCharsPerToken(before: number, chars: number, tokens: number): number {
  if (tokens < 200) return before;
  return Math.min(6, Math.max(1, (chars / tokens) * 0.95));
}

export interface Fitted {
  readonly items: readonly ConversationItem[];
  /** How many tool outputs were shortened and how many messages left out. */
  readonly outputsDropped: number;
  readonly messagesDropped: number;
  /** False = even the least that must be sent is too long. */
  readonly fits: boolean;
}

const DROPPED = '(This output was left out to save room. Run the tool again if you need it.)';
const CUT_TO = 2_000;
/** When something must go, this share of the budget is the aim, so that it need not happen again at every step (which would spoil the server's cache). */
const AIM = 0.75;

/**
 * Shortens a conversation to a number of characters: first the oldest tool outputs, then long inputs of old calls, then whole old messages, then
 * the newest outputs are cut to their beginning and end. The last prompt is never touched. Pure.
 */
export function fitConversation(items: readonly ConversationItem[], budget: number): Fitted {
  const counts = { outputs: 0, messages: 0 };
  let kept = items;
  let size = total(kept);
  if (size <= budget) return { items, outputsDropped: 0, messagesDropped: 0, fits: true };
  const aim = budget * AIM;
  const newest = items.length - 1;
  const shorten = (index: number, change: (item: ConversationItem) => ConversationItem): void => {
    const item = kept[index];
    if (item === undefined || size <= aim) return;
    const changed = change(item);
    const saved = sizeOf(item) - sizeOf(changed);
    if (saved <= 0) return;
    size -= saved;
    counts.outputs += 1;
    kept = kept.with(index, changed);
  };
  for (let index = 0; index < newest; index += 1) shorten(index, withoutOutputs);
  for (let index = 0; index < newest; index += 1) shorten(index, withoutInputs);
  const lastPrompt = items.findLastIndex((item) => item.role === 'user' && item.isSteered !== true);
  const end = firstKept(kept, lastPrompt, size, aim);
  if (end > 0) {
    counts.messages = end;
    kept = [
      { role: 'user', text: `(${end} older messages of this chat were left out to save room.)` },
      { role: 'assistant', text: 'Understood.', reasoning: '', calls: [] },
      ...kept.slice(end),
    ];
    size = total(kept);
  }
  for (let limit = 16_000; limit >= CUT_TO && size > budget; limit /= 2) {
    for (let index = 0; index < kept.length; index += 1) if (size > budget) shortenTo(index, limit);
  }
  return { items: kept, outputsDropped: counts.outputs, messagesDropped: counts.messages, fits: size <= budget };

  function shortenTo(index: number, limit: number): void {
    const item = kept[index];
    if (item?.role !== 'assistant') return;
    const changed = {
      ...item,
      reasoning: '',
      calls: item.calls.map((call) => ({ ...call, result: cutMiddle(call.result, limit), input: smallInput(call.input, limit) })),
    };
    if (sizeOf(changed) >= sizeOf(item)) return;
    size -= sizeOf(item) - sizeOf(changed);
    counts.outputs += 1;
    kept = kept.with(index, changed);
  }
}

/** Old messages go in whole exchanges: the first one kept is a prompt, at the latest the last one. */
function firstKept(items: readonly ConversationItem[], lastPrompt: number, size: number, aim: number): number {
  let left = size;
  let end = 0;
  for (const [index, item] of items.entries()) {
    if (index >= lastPrompt || (end === index && left <= aim)) break;
    left -= sizeOf(item);
    if (items[index + 1]?.role === 'user') end = index + 1;
  }
  return end;
}

function withoutOutputs(item: ConversationItem): ConversationItem {
  if (item.role === 'user') return item;
  return { ...item, calls: item.calls.map((call) => (call.result.length > DROPPED.length * 2 ? { ...call, result: DROPPED } : call)) };
}

function withoutInputs(item: ConversationItem): ConversationItem {
  if (item.role === 'user') return item;
  return { ...item, reasoning: '', calls: item.calls.map((call) => ({ ...call, input: smallInput(call.input, 400) })) };
}

/** Long texts among the arguments are cut; the shape stays, because servers check it. */
function smallInput(input: unknown, limit: number): unknown {
  if (inputSize(input) <= limit || typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, typeof value === 'string' ? cutMiddle(value, Math.floor(limit / 2)) : value]));
}

export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit + 80) return text;
  return `${text.slice(0, Math.ceil(limit / 2))}\n(... ${text.length - limit} characters left out to save room ...)\n${text.slice(-Math.floor(limit / 2))}`;
}

function total(items: readonly ConversationItem[]): number {
  return items.reduce((sum, item) => sum + sizeOf(item), 0);
}
