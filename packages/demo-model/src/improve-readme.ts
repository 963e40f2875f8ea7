export interface Improvement {
  readonly path: string;
  /** The exact text to replace, found once in the file; null = the file does not exist yet. */
  readonly oldText: string | null;
  readonly newText: string;
  readonly reason: string;
  readonly intent: string;
  readonly summary: string;
}

/** One small change to a README that is true in any repository, or null when there is none left to make. */
export function improve(path: string, text: string, entries: readonly string[]): Improvement | null {
  return doubledWord(path, text) ?? layoutSection(path, text, entries);
}

const DOUBLED = /\b(the|an|of|to|and|for|with)[ \t]+\1\b/i;

function doubledWord(path: string, text: string): Improvement | null {
  const lines = proseLines(text);
  const line = lines.find((candidate) => DOUBLED.test(candidate) && occursOnce(text, candidate));
  const word = line === undefined ? undefined : DOUBLED.exec(line)?.[1];
  if (line === undefined || word === undefined) return null;
  return {
    path,
    oldText: line,
    newText: line.replace(DOUBLED, (_match, kept: string) => kept),
    reason: `A line of ${path} says "${word}" twice.`,
    intent: `One line says "${word}" twice in a row; I mend it.`,
    summary: `I took a doubled "${word}" out of \`${path}\`.`,
  };
}

function layoutSection(path: string, text: string, entries: readonly string[]): Improvement | null {
  const named = entries.filter((name) => !name.startsWith('.') && name !== path).slice(0, 12);
  if (named.length === 0 || /^#*\s*repository layout\s*$/im.test(text)) return null;
  const section = isMarkdown(path)
    ? ['## Repository layout', '', ...named.map((name) => `- \`${name}\``)]
    : ['Repository layout', '-----------------', '', ...named.map((name) => `* ${name}`)];
  const place = findPlace(path, text);
  if (place === null) return null;
  const newText = place.isHeading ? `${section.join('\n')}\n\n${place.line}` : `${place.line}\n\n${section.join('\n')}`;
  return {
    path,
    oldText: place.line,
    newText,
    reason: `${path} does not say what the top of the repository holds. A short list is true and helps a newcomer.`,
    intent: `\`${path}\` does not say what lies where; I add a short section.`,
    summary: `I added a section "Repository layout" to \`${path}\`: it lists ${named.length === 1 ? 'what is' : `the ${named.length} entries`} at the top of the repository.`,
  };
}

/** Before the last second-level heading that occurs once, otherwise after the last line that occurs once. */
function findPlace(path: string, text: string): { readonly line: string; readonly isHeading: boolean } | null {
  const prose = proseLines(text);
  const heading = isMarkdown(path) ? prose.findLast((line) => /^## \S/.test(line) && occursOnce(text, line)) : undefined;
  if (heading !== undefined) return { line: heading, isHeading: true };
  const last = text.split('\n').findLast((line) => line.trim() !== '' && occursOnce(text, line));
  return last === undefined ? null : { line: last, isHeading: false };
}

function proseLines(text: string): readonly string[] {
  let isCode = false;
  return text.split('\n').filter((line) => {
    if (/^\s*(```|~~~)/.test(line)) {
      isCode = !isCode;
      return false;
    }
    return !isCode;
  });
}

function occursOnce(text: string, part: string): boolean {
  return part.trim() !== '' && text.split(part).length === 2;
}

function isMarkdown(path: string): boolean {
  return !/\.(rst|txt|adoc)$/i.test(path) && /\./.test(path);
}
