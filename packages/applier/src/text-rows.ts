export type LineEnding = '\n' | '\r\n';

/** A line and what ends it: nothing at the end of a file without a final newline. */
export interface Row {
  readonly text: string;
  readonly eol: LineEnding | '';
}

/** A text as lines. Byte order mark and lines with their endings are the text again, to the byte. */
export interface TextRows {
  readonly bom: string;
  readonly rows: readonly Row[];
  /** Where each line begins in the text. */
  readonly starts: readonly number[];
  /** What most lines end with. */
  readonly eol: LineEnding;
  readonly isMixed: boolean;
}

const BOM = '\uFEFF';

export function splitRows(text: string): TextRows {
  const bom = text.startsWith(BOM) ? BOM : '';
  const rows: Row[] = [];
  const starts: number[] = [];
  let crlf = 0;
  let lf = 0;
  let from = bom.length;
  for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', from)) {
    const isCrlf = at > from && text.charCodeAt(at - 1) === 13;
    if (isCrlf) crlf += 1;
    else lf += 1;
    starts.push(from);
    rows.push({ text: text.slice(from, isCrlf ? at - 1 : at), eol: isCrlf ? '\r\n' : '\n' });
    from = at + 1;
  }
  if (from < text.length) {
    starts.push(from);
    rows.push({ text: text.slice(from), eol: '' });
  }
  return { bom, rows, starts, eol: crlf > lf ? '\r\n' : '\n', isMixed: crlf > 0 && lf > 0 };
}

/** A passage of an edit as lines without their endings; what stands before the first and after the last line ending counts as a line. */
export interface Passage {
  readonly lines: readonly string[];
  /** Whether a line ending follows the last line. */
  readonly isTerminated: boolean;
}

export function splitPassage(text: string): Passage {
  const flat = flatten(text);
  if (flat === '') return { lines: [], isTerminated: false };
  const lines = flat.split('\n');
  const isTerminated = lines.at(-1) === '';
  return { lines: isTerminated ? lines.slice(0, -1) : lines, isTerminated };
}

/** Without byte order mark and carriage returns before line feeds. */
export function flatten(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}
