import { Lexer, type Token } from 'marked';

/** A top-level piece of a document: a fenced code block, or anything else as marked's token. */
export type Block =
  | { readonly kind: 'code'; readonly raw: string; readonly language: string; readonly code: string }
  | { readonly kind: 'other'; readonly raw: string; readonly token: Token };

/** A document as it is split so far. Closed blocks never change again while text is only appended. */
export interface MarkdownState {
  readonly text: string;
  readonly closed: readonly Block[];
  readonly closedLength: number;
  readonly open: readonly Block[];
}

export const EMPTY_MARKDOWN: MarkdownState = { text: '', closed: [], closedLength: 0, open: [] };

/** Later text can still change the last tokens (loose lists, setext headings, tables): three are enough in all but link definitions. */
const HELD_BACK_TOKENS = 3;

/** Takes the document's text so far. Work is bounded by what was appended and the few open blocks, not by the document's length. */
export function growMarkdown(state: MarkdownState, text: string): MarkdownState {
  if (text === state.text) return state;
  const base = text.length > state.text.length && text.startsWith(state.text) ? state : EMPTY_MARKDOWN;
  const tokens = lex(text.slice(base.closedLength));
  const closing = tokens.slice(0, Math.max(0, tokens.length - HELD_BACK_TOKENS));
  const length = closing.reduce((sum, token) => sum + token.raw.length, 0);
  const open = tokens.slice(closing.length).map(toBlock);
  if (closing.length === 0) return { ...base, text, open };
  return { text, closed: [...base.closed, ...closing.map(toBlock)], closedLength: base.closedLength + length, open };
}

/** Splits a finished document in one go, which also resolves links that are defined at its end. */
export function splitMarkdown(text: string): readonly Block[] {
  return lex(text).map(toBlock);
}

function lex(text: string): Token[] {
  // carriage returns would be normalised by the lexer and break the sum of raw lengths
  return new Lexer({ gfm: true }).lex(text.replaceAll('\r', ' '));
}

function toBlock(token: Token): Block {
  if (token.type !== 'code') return { kind: 'other', raw: token.raw, token };
  const language = typeof token['lang'] === 'string' ? (token['lang'].split(/\s/)[0] ?? '') : '';
  return { kind: 'code', raw: token.raw, language, code: String(token['text']) };
}
