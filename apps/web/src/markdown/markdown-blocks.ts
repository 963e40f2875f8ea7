import { Lexer, type Token } from 'marked';
import { appendChunks, type Chunks, NO_CHUNKS } from './text-chunks.ts';

/** A top-level piece of a document: a fenced code block, or anything else as marked's token. */
export type Block =
  | {
      readonly kind: 'code';
      readonly raw: string;
      readonly language: string;
      readonly code: string;
      /** The code in pieces while it is being written; null = finished. */
      readonly written: Chunks | null;
    }
  | { readonly kind: 'other'; readonly raw: string; readonly token: Token };

/** A document as it is split so far. Closed blocks never change again while text is only appended. */
export interface MarkdownState {
  readonly length: number;
  readonly closed: readonly Block[];
  readonly closedLength: number;
  readonly open: readonly Block[];
  /** What `open` was made from. */
  readonly tail: string;
  /** Appended to the tail, and not lexed yet. */
  readonly pending: string;
  readonly fence: OpenFence | null;
  /** How many characters the lexer was given to come here. */
  readonly lexed: number;
}

/** A fenced block at the very end whose closing line has not come: its text is only appended to. */
interface OpenFence {
  readonly opening: string;
  readonly language: string;
  readonly closing: RegExp;
  readonly code: string;
  readonly chunks: Chunks;
  readonly lastLine: string;
}

export const EMPTY_MARKDOWN: MarkdownState = { length: 0, closed: [], closedLength: 0, open: [], tail: '', pending: '', fence: null, lexed: 0 };

/** Later text can still change the last tokens (loose lists, setext headings, tables): three are enough in all but link definitions. */
const HELD_BACK_TOKENS = 3;
/** An open tail longer than this (a list of hundreds of items) is lexed again only when it grew by an eighth. */
const LONG_TAIL = 4_096;

/** Appends to a document. Work is bounded by what is appended and the few open blocks: the document's text is never touched as a whole. */
export function appendMarkdown(state: MarkdownState, appended: string): MarkdownState {
  if (appended === '') return state;
  const next = { ...state, length: state.length + appended.length };
  const text = appended.replaceAll('\r', ' '); // the lexer would normalise them and break the sum of raw lengths
  return appendToFence(next, text) ?? appendToLongTail(next, text) ?? lexTail(next, state.tail + state.pending + text);
}

/** Splits a finished document in one go, which also resolves links that are defined at its end. */
export function splitMarkdown(text: string): readonly Block[] {
  return lex(text.replaceAll('\r', ' ')).map(toBlock);
}

function lexTail(base: MarkdownState, text: string): MarkdownState {
  const lexed = base.lexed + text.length;
  const tokens = lex(withoutHalfMarker(text));
  const count = Math.max(0, tokens.length - HELD_BACK_TOKENS, closedFences(tokens));
  const length = tokens.slice(0, count).reduce((sum, token) => sum + token.raw.length, 0);
  const open = tokens.slice(count).map(toBlock);
  const tail = text.slice(length);
  const closed = count === 0 ? base.closed : [...base.closed, ...tokens.slice(0, count).map(toBlock)];
  const last = open.at(-1);
  const fence = last?.kind === 'code' ? openFence(tail.slice(open.slice(0, -1).reduce((sum, block) => sum + block.raw.length, 0))) : null;
  const shown = fence === null ? open : [...open.slice(0, -1), fenceBlock(fence)];
  return { ...base, closed, closedLength: base.closedLength + length, open: shown, tail, pending: '', fence, lexed };
}

/** The count of tokens up to the last fenced block that something follows: nothing can change those any more. */
function closedFences(tokens: readonly Token[]): number {
  return tokens.findLastIndex((token, index) => token.type === 'code' && /^[`~]/.test(token.raw) && isFollowed(tokens[index + 1])) + 1;
}

/** A single line break still moves into the token before it. */
function isFollowed(next: Token | undefined): boolean {
  return next !== undefined && (next.type !== 'space' || /\n.*\n/.test(next.raw));
}

/** Appends to an open fenced block without the lexer; null when there is none, or when it is closed now. */
function appendToFence(base: MarkdownState, text: string): MarkdownState | null {
  if (base.fence === null) return null;
  const line = base.fence.lastLine + text;
  if (base.fence.closing.test(line)) return null;
  const { fence } = base;
  const grown = { ...fence, code: fence.code + text, chunks: appendChunks(fence.chunks, text), lastLine: line.slice(line.lastIndexOf('\n') + 1) };
  return { ...base, tail: base.tail + text, open: [...base.open.slice(0, -1), fenceBlock(grown)], fence: grown };
}

/** Shows what came after a long open tail as it is, until enough has come to lex it again. */
function appendToLongTail(base: MarkdownState, text: string): MarkdownState | null {
  const pending = base.pending + text;
  if (base.fence !== null || base.tail.length < LONG_TAIL || pending.length > base.tail.length / 8) return null;
  const token: Token = { type: 'text', raw: pending, text: pending, tokens: [{ type: 'text', raw: pending, text: pending, escaped: false }] };
  const lexed = base.pending === '' ? base.open : base.open.slice(0, -1);
  return { ...base, pending, open: [...lexed, { kind: 'other', raw: pending, token }] };
}

function openFence(raw: string): OpenFence | null {
  const [opening, marker, info] = /^(`{3,}|~{3,})([^\n`]*)\n/.exec(raw) ?? [];
  if (opening === undefined || marker === undefined || info === undefined) return null;
  const closing = new RegExp(`^ {0,3}${marker}[~\`]* *$`, 'm');
  const code = raw.slice(opening.length);
  if (closing.test(code)) return null;
  return {
    opening,
    language: info.trim().split(/\s/)[0] ?? '',
    closing,
    code,
    chunks: appendChunks(NO_CHUNKS, code),
    lastLine: code.slice(code.lastIndexOf('\n') + 1),
  };
}

function fenceBlock({ opening, language, code, chunks }: OpenFence): Block {
  return { kind: 'code', raw: opening + code, language, code, written: chunks };
}

function lex(text: string): Token[] {
  return new Lexer({ gfm: true }).lex(text);
}

function toBlock(token: Token): Block {
  if (token.type !== 'code') return { kind: 'other', raw: token.raw, token };
  const language = typeof token['lang'] === 'string' ? (token['lang'].split(/\s/)[0] ?? '') : '';
  return { kind: 'code', raw: token.raw, language, code: String(token['text']), written: null };
}

/** The beginning of a marker at the very end would flash as text. */
function withoutHalfMarker(text: string): string {
  let end = text.length;
  while (end > text.length - 3 && MARKERS.has(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

const MARKERS = new Set(['*', '_', '~', '`']);
