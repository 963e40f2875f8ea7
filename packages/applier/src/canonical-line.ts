/** What is ignored when lines are compared, each with all before it. */
export type Looseness = 'line ends' | 'indentation' | 'unicode';

/** One character with its combining marks: as it is written, and what stands for it in a comparison. */
export interface Piece {
  readonly written: string;
  readonly canonical: string;
}

const SINGLE_QUOTES = '\u2018\u2019\u201A\u201B\u2032';
const DOUBLE_QUOTES = '\u201C\u201D\u201E\u201F\u2033';
const DASHES = '\u2010\u2011\u2012\u2013\u2014\u2015\u2212';
const SPACES = '\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000';
const NOTHING = '\u200B\u200C\u200D\u2060\uFEFF\u00AD';

const STANDS_FOR: ReadonlyMap<string, string> = new Map([
  ...[...SINGLE_QUOTES].map((char) => [char, "'"] as const),
  ...[...DOUBLE_QUOTES].map((char) => [char, '"'] as const),
  ...[...DASHES].map((char) => [char, '-'] as const),
  ...[...SPACES].map((char) => [char, ' '] as const),
  ...[...NOTHING].map((char) => [char, ''] as const),
  ['\u2026', '...'],
  ['\t', ' '],
  ['\v', ' '],
  ['\f', ' '],
]);

const ASCII = /^[\0-\x7f]*$/;

/** A line as it is compared: two lines that differ only in what is ignored have one canonical form. */
export function canonicalLine(line: string, looseness: Looseness): string {
  switch (looseness) {
    case 'line ends':
      return line.trimEnd();
    case 'indentation':
      return line.trim();
    case 'unicode':
      return ASCII.test(line)
        ? withSingleSpaces(line.trim())
        : piecesOf(line)
            .map((piece) => piece.canonical)
            .join('')
            .replace(/ +/g, ' ')
            .trim();
  }
}

function withSingleSpaces(line: string): string {
  return line.includes('  ') || line.includes('\t') || line.includes('\f') || line.includes('\v') ? line.replace(/[ \t\v\f]+/g, ' ') : line;
}

/** A line in characters, each with its combining marks. */
export function piecesOf(line: string): readonly Piece[] {
  return (line.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []).map((written) => ({ written, canonical: STANDS_FOR.get(written) ?? canonicalCluster(written) }));
}

function canonicalCluster(written: string): string {
  const composed = written.length === 1 && written < '\u0300' ? written : written.normalize('NFC');
  return STANDS_FOR.get(composed) ?? composed;
}

/** Where in the line the canonical form has reached this many characters. */
export function offsetInLine(line: string, looseness: Looseness, canonicalOffset: number): number {
  const start = looseness === 'line ends' ? 0 : line.length - line.trimStart().length;
  if (looseness !== 'unicode') return start + canonicalOffset;
  let [at, reached, wasSpace] = [0, 0, true];
  for (const { written, canonical } of piecesOf(line)) {
    if (reached >= canonicalOffset && !(canonical === '' || (canonical === ' ' && wasSpace))) break;
    if (canonical === ' ') reached += wasSpace ? 0 : 1;
    else reached += canonical.length;
    if (canonical !== '') wasSpace = canonical === ' ';
    at += written.length;
  }
  return at;
}

/** How much a line says: letters, digits and signs of any language. */
export function weightOf(line: string): number {
  return line.match(/[\p{L}\p{N}_]/gu)?.length ?? 0;
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}

export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}
