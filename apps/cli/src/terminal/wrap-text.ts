import { neutralise } from './neutralise.ts';
import { graphemesOf, graphemeWidth, textWidth } from './text-width.ts';

/** Where a stream of text stands: what is on the current line, and what is held back until it is known where it goes. */
export interface WrapState {
  readonly column: number;
  /** Blanks that begin the line; its continuation lines begin with them too. */
  readonly indent: string;
  /** Blanks or line feeds since the last word. */
  readonly gap: string;
  /** The end of a word that may still go on. */
  readonly word: string;
  /** The word at the cursor was too long to be held back, and may still go on. */
  readonly isOpen: boolean;
  /** Nothing was written yet: leading blank lines are dropped. */
  readonly isEmpty: boolean;
}

export const EMPTY_WRAP: WrapState = { column: 0, indent: '', gap: '', word: '', isOpen: false, isEmpty: true };

/** A word without end (a file in base 64) is not held back for ever. */
const LONGEST_WORD = 4_096;

export interface Wrapped {
  readonly state: WrapState;
  readonly out: string;
}

/** Takes more text and gives what can be written now, no line wider than `width`. The last word is held back until it is known to be whole. */
export function wrapMore(state: WrapState, text: string, width: number): Wrapped {
  const pieces = splitPieces(state.word + text);
  const last = pieces.at(-1);
  const open = last === undefined || isBlank(last) ? '' : last;
  const [hasRoom, rest] = open === '' ? [pieces, ''] : [pieces.slice(0, -1), open];
  const written = writePieces({ ...state, word: '' }, hasRoom, width);
  if (rest.length <= LONGEST_WORD) return { state: { ...written.state, word: rest }, out: written.out };
  const more = writePieces(written.state, [rest], width);
  return { state: { ...more.state, isOpen: true }, out: written.out + more.out };
}

/** Writes what was held back and ends the line. */
export function wrapEnd(state: WrapState, width: number): Wrapped {
  const { state: next, out } = state.word === '' ? { state, out: '' } : writePieces({ ...state, word: '' }, [state.word], width);
  return { state: EMPTY_WRAP, out: next.column > 0 ? `${out}\n` : out };
}

/** A whole text at once, without a line feed at its end. */
export function wrapText(text: string, width: number): string {
  const first = wrapMore(EMPTY_WRAP, text, width);
  return (first.out + wrapEnd(first.state, width).out).replace(/\n$/, '');
}

/** A whole text with every line indented. */
export function wrapIndented(text: string, indent: string, width: number): string {
  const lines = wrapText(text, Math.max(8, width - textWidth(indent))).split('\n');
  return lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
}

function writePieces(from: WrapState, pieces: readonly string[], width: number): Wrapped {
  let state = from;
  let out = '';
  for (const piece of pieces) {
    if (isBlank(piece)) {
      state = { ...state, gap: state.gap + piece, isOpen: false };
      continue;
    }
    const step = writeWord(state, neutralise(piece).toWellFormed(), width);
    state = { ...step.state, isOpen: false };
    out += step.out;
  }
  return { state, out };
}

function writeWord(state: WrapState, word: string, width: number): Wrapped {
  if (state.isOpen) return placeWord(state, word, width);
  const feeds = state.isEmpty ? 0 : Math.min(2, countFeeds(state.gap));
  const blanks = expandTabs(state.gap.slice(state.gap.lastIndexOf('\n') + 1));
  const beginsLine = state.isEmpty || feeds > 0;
  if (beginsLine) {
    const indent = blanks.slice(0, Math.floor(width / 2));
    const begun = { ...state, column: indent.length, indent, gap: '', isEmpty: false };
    const placed = placeWord(begun, word, width);
    return { state: placed.state, out: '\n'.repeat(feeds) + indent + placed.out };
  }
  const wordWidth = textWidth(word);
  if (state.column === 0) {
    const placed = placeWord({ ...state, gap: '' }, word, width);
    return { state: placed.state, out: placed.out };
  }
  if (state.column + blanks.length + wordWidth <= width) {
    return { state: { ...state, column: state.column + blanks.length + wordWidth, gap: '' }, out: blanks + word };
  }
  const broken = placeWord({ ...state, column: state.indent.length, gap: '' }, word, width);
  return { state: broken.state, out: `\n${state.indent}${broken.out}` };
}

/** Writes a word at the beginning of a line; one that is wider than the line is cut between its characters. */
function placeWord(state: WrapState, word: string, width: number): Wrapped {
  let column = state.column;
  let out = '';
  for (const grapheme of graphemesOf(word)) {
    const columns = graphemeWidth(grapheme);
    if (column + columns > width && column > 0) {
      out += '\n';
      column = 0;
    }
    out += grapheme;
    column += columns;
  }
  return { state: { ...state, column }, out };
}

/** Blanks and words in turn; a line may also break around wide characters, which stand without blanks. */
function splitPieces(text: string): string[] {
  const pieces = text.match(/[ \t\n\r]+|[^ \t\n\r]+/g) ?? [];
  return pieces.flatMap((piece) => (isBlank(piece) || !MAY_BE_WIDE.test(piece) ? [piece] : splitWide(piece)));
}

function splitWide(word: string): string[] {
  const pieces: string[] = [];
  let wasWide = false;
  for (const grapheme of graphemesOf(word)) {
    const isWide = graphemeWidth(grapheme) > 1;
    const last = pieces.at(-1);
    if (last === undefined || ((isWide || wasWide) && !CLOSING.test(grapheme))) pieces.push(grapheme);
    else pieces[pieces.length - 1] = last + grapheme;
    wasWide = isWide;
  }
  return pieces;
}

const MAY_BE_WIDE = /[\u1100-\u{10ffff}]/u;
/** These never begin a line. */
const CLOSING = /^[、。，．：；！？）」』】〉》〕ー…\p{Pe}\p{Po}]/u;

function isBlank(piece: string): boolean {
  return /^[ \t\n\r]/.test(piece);
}

function countFeeds(gap: string): number {
  return gap.split('\n').length - 1;
}

function expandTabs(blanks: string): string {
  return blanks.replaceAll('\t', '    ').replaceAll('\r', '');
}
