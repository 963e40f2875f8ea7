/** A text with its left-out middles: the parts that were written down. */
export type Segments = readonly (readonly string[])[];

const BARE = /^(?:\.{3,}|\u2026|\[\.{3}\]|\(\.{3}\))$/;
const COMMENT = /^(?:\/\/+|#+|--|;+|%+|\/\*+|<!--+|\{\/\*|\*|""")\s*(?<text>.*?)\s*(?:\*\/\}?|--+>|""")?$/;
const WORDS = /^(?:\.{3,}|\u2026).*$|(?:\.{3,}|\u2026)\s*[)\]]?$/;

/** Whether a line stands for lines that were left out: "...", "// ... existing code ...". */
export function isElision(line: string): boolean {
  const text = line.trim();
  if (BARE.test(text)) return true;
  const comment = COMMENT.exec(text)?.groups?.['text'];
  return (
    comment !== undefined &&
    WORDS.test(comment) &&
    (comment.length <= 5 || /^(?:\.{3,}|\u2026)/.test(comment) || /existing|rest|unchanged|same|remain|other|omitted|code/i.test(comment))
  );
}

/** Null when nothing is left out. */
export function splitAtElisions(lines: readonly string[]): Segments | null {
  if (!lines.some(isElision)) return null;
  const segments: string[][] = [[]];
  for (const line of lines) {
    if (isElision(line)) segments.push([]);
    else segments.at(-1)?.push(line);
  }
  return segments;
}
