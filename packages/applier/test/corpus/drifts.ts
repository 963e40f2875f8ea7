import { looselyAt } from './loosely-at.ts';
import type { Random } from './random.ts';
import type { EditLine, TrueEdit } from './true-edit.ts';

/** An edit as a model would have written it. */
export interface Written {
  readonly oldText: string;
  readonly newText: string;
  /** What the drift has taken away would decide between two meanings. */
  readonly isOpen?: boolean;
}

/** Turns a true edit into one that is a little off; null where this drift has nothing to take hold of. */
export type Drift = (edit: TrueEdit, random: Random) => Written | null;

type Lines = readonly EditLine[];

export function writeDown(lines: Lines): Written {
  const join = (without: string): string =>
    lines
      .filter(({ mark }) => mark !== without)
      .map(({ text }) => text)
      .join('\n');
  return { oldText: join('+'), newText: join('-') };
}

/** A drift of both texts in the same way; `salt` is a number that both share. */
function onText(change: (text: string, edit: TrueEdit, salt: number) => string): Drift {
  return (edit, random) => {
    const { oldText, newText } = writeDown(edit.lines);
    const salt = random.below(1_000);
    const drifted = change(oldText, edit, salt);
    return drifted === oldText ? null : { oldText: drifted, newText: newText === '' ? '' : change(newText, edit, salt) };
  };
}

/** A drift of the old text alone: the new one is written as the file is. */
function onOld(drift: Drift): Drift {
  return (edit, random) => {
    const written = drift(edit, random);
    return written === null ? null : { ...written, newText: writeDown(edit.lines).newText };
  };
}

/** A drift of any line of the old text, also of one that changes. What becomes of a lost one that changes is not known. */
function onAny(change: (lines: Lines, rows: readonly number[], random: Random) => Lines | null, isOpen: (lines: Lines, drifted: Lines) => boolean): Drift {
  return (edit, random) => {
    const rows = edit.lines.flatMap(({ mark, text }, index) => (mark !== '+' && text.trim() !== '' ? [index] : []));
    const drifted = change(edit.lines, rows, random);
    if (drifted === null || writeDown(drifted).oldText === writeDown(edit.lines).oldText || writeDown(drifted).oldText.trim() === '') return null;
    return { oldText: writeDown(drifted).oldText, newText: writeDown(edit.lines).newText, isOpen: isOpen(edit.lines, drifted) };
  };
}

/** A drift of lines that are kept, in both texts or in the old one alone. */
function onKept(
  change: (lines: Lines, kept: readonly number[], random: Random) => Lines | null,
  reach: 'both' | 'old',
  isOpen: (lines: Lines, drifted: Lines) => boolean = () => false,
): Drift {
  return (edit, random) => {
    const kept = edit.lines.flatMap(({ mark, text }, index) => (mark === ' ' && text.trim() !== '' ? [index] : []));
    const drifted = change(edit.lines, kept, random);
    if (drifted === null) return null;
    const written = writeDown(drifted);
    if (written.oldText === writeDown(edit.lines).oldText) return null;
    if (isOpen(edit.lines, drifted)) return { ...written, isOpen: true };
    return reach === 'both' ? written : { oldText: written.oldText, newText: writeDown(edit.lines).newText };
  };
}

const perLine =
  (change: (line: string) => string) =>
  (text: string): string =>
    text.split('\n').map(change).join('\n');
const indentWidth = (line: string): number => /^[ \t]*/.exec(line)?.[0].length ?? 0;

function misspell(word: string, random: Random): string {
  const at = random.between(1, word.length - 3);
  switch (random.below(4)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1);
    case 1:
      return word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2);
    case 2:
      return word.slice(0, at) + word[at]! + word.slice(at);
    default:
      return word.slice(0, at) + (word[at] === 'e' ? 'a' : 'e') + word.slice(at + 1);
  }
}

function misspellLine(text: string, random: Random): string | null {
  const words = [...text.matchAll(/[A-Za-z]{5,}/g)];
  if (words.length === 0) return null;
  const word = random.pick(words);
  const wrong = misspell(word[0], random);
  return wrong === word[0] ? null : text.slice(0, word.index) + wrong + text.slice(word.index + word[0].length);
}

function replaceAt(lines: Lines, index: number, texts: readonly string[]): Lines {
  const mark = lines[index]!.mark;
  return [...lines.slice(0, index), ...texts.map((text) => ({ mark, text })), ...lines.slice(index + 1)];
}

const misspelt = (lines: Lines, kept: readonly number[], random: Random): Lines | null => {
  if (kept.length === 0) return null;
  const index = random.pick(kept);
  const text = misspellLine(lines[index]!.text, random);
  return text === null ? null : replaceAt(lines, index, [text]);
};

const dropped = (lines: Lines, kept: readonly number[], random: Random): Lines | null =>
  kept.length < 3 ? null : replaceAt(lines, random.pick(kept.slice(1, -1)), []);

/** A line lost beside the change: it may as well be meant to be changed, and what is added may stand before or after it. */
function isLostBeside(lines: Lines, drifted: Lines): boolean {
  const found = drifted.findIndex((line, index) => line !== lines[index]);
  const at = found < 0 ? lines.length - 1 : found;
  if (lines[at]?.mark !== ' ') return true;
  const before = lines.slice(0, at).findLast(({ text }) => text.trim() !== '');
  const after = lines.slice(at + 1).find(({ text }) => text.trim() !== '');
  return (before?.mark ?? ' ') !== ' ' || (after?.mark ?? ' ') !== ' ';
}

/** Lines that are added beyond those that they replace: nothing but their indentation says how deep they are. */
function addsMore(lines: Lines): boolean {
  return runsOf(lines).some((run) => run.filter(({ mark }) => mark === '+').length > run.filter(({ mark }) => mark === '-').length);
}

/** Something is only added, or only taken away, where blank lines stood beside: before, after or with them is not known then. */
function losesBlankBeside(lines: Lines): boolean {
  return lines.some(({ mark, text }, index) => {
    if (mark !== ' ' || text.trim() !== '') return false;
    let [start, end] = [index, index];
    while (lines[start]?.mark === ' ' && lines[start]?.text.trim() === '') start -= 1;
    while (lines[end]?.mark === ' ' && lines[end]?.text.trim() === '') end += 1;
    return [start, end].some(
      (at) => (lines[at]?.mark ?? ' ') !== ' ' && runsOf(lines).some((run) => run.includes(lines[at]!) && new Set(run.map((line) => line.mark)).size === 1),
    );
  });
}

/** Changed lines that stand together. */
function runsOf(lines: Lines): readonly Lines[] {
  const runs: EditLine[][] = [[]];
  for (const line of lines) {
    if (line.mark === ' ') runs.push([]);
    else runs.at(-1)?.push(line);
  }
  return runs.filter((run) => run.length > 0);
}

const doubled = (lines: Lines, kept: readonly number[], random: Random): Lines | null => {
  if (kept.length === 0) return null;
  const index = random.pick(kept);
  return replaceAt(lines, index, [lines[index]!.text, lines[index]!.text]);
};

const swapped = (lines: Lines, kept: readonly number[], random: Random): Lines | null => {
  const pairs = kept.filter((index) => kept.includes(index + 1) && lines[index]!.text !== lines[index + 1]!.text);
  if (pairs.length === 0) return null;
  const index = random.pick(pairs);
  return [...lines.slice(0, index), lines[index + 1]!, lines[index]!, ...lines.slice(index + 2)];
};

function numbered(format: (number: number) => string, fromOne: boolean): Drift {
  return (edit) => {
    const number = (mark: '-' | '+'): string => {
      let at = fromOne ? 0 : edit.row;
      return edit.lines
        .filter((line) => line.mark === ' ' || line.mark === mark)
        .map((line) => `${format((at += 1))}${line.text}`)
        .join('\n');
    };
    return { oldText: number('-'), newText: number('+') };
  };
}

function elided(marker: string): Drift {
  return (edit, random) => {
    const { lines } = edit;
    const runs = lines
      .flatMap((_, start) => Array.from({ length: lines.length - start - 1 }, (_unused, extra) => [start, start + extra + 2] as const))
      .filter(([start, end]) => start >= 1 && end <= lines.length - 1 && lines.slice(start, end).every(({ mark }) => mark === ' '));
    if (runs.length === 0) return null;
    const [start, end] = random.pick(runs);
    const indent = /^[ \t]*/.exec(lines[start]!.text)?.[0] ?? '';
    const isOpen = [lines.slice(0, start), lines.slice(end)].some((part) => looselyAt(edit.before, writeDown(part).oldText) !== 1);
    return { ...writeDown([...lines.slice(0, start), { mark: ' ', text: indent + marker }, ...lines.slice(end)]), isOpen };
  };
}

function curl(text: string): string {
  return text
    .replaceAll(/(^|[\s([{=:,])"/g, '$1\u201C')
    .replaceAll('"', '\u201D')
    .replaceAll(/(^|[\s([{=:,])'/g, '$1\u2018')
    .replaceAll("'", '\u2019');
}

function uncurl(text: string): string {
  return text
    .replaceAll(/[\u201C\u201D]/g, '"')
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u2013\u2014]/g, '-')
    .replaceAll('\u00A0', ' ');
}

function commonIndent(text: string): number {
  return Math.min(
    ...text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(indentWidth),
  );
}

const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1);
const entityText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Every drift by name. */
export const DRIFTS: Readonly<Record<string, Drift>> = {
  none: ({ lines }) => writeDown(lines),
  'white space added at line ends': onText((text, _edit, salt) => perLine((line) => (line.length % 2 === salt % 2 ? `${line}  ` : line))(text)),
  'white space lost at line ends': onKept((lines) => lines.map((line) => (line.mark === '+' ? line : { ...line, text: line.text.trimEnd() })), 'both'),
  'spaces within kept lines': onKept(
    (lines, kept) =>
      lines.map((line, index) =>
        kept.includes(index)
          ? { ...line, text: line.text.replaceAll(/(\S) +(?=\S)/g, (all, char: string) => (all.length > 2 ? `${char} ` : `${char}  `)) }
          : line,
      ),
    'both',
  ),
  'spaces doubled': onText(perLine((line) => line.replaceAll(/(\w) = (?=\w)/g, '$1  =  '))),
  'spaces for tabs, 4': onText(perLine((line) => line.replace(/^\t+/, (tabs) => '    '.repeat(tabs.length)))),
  'spaces for tabs, 2': onText(perLine((line) => line.replace(/^\t+/, (tabs) => '  '.repeat(tabs.length)))),
  'tabs for spaces': onText((text, edit) => {
    const widths = edit.before
      .split('\n')
      .map(indentWidth)
      .filter((width) => width > 0);
    const unit = widths.every((width) => width % 4 === 0) ? 4 : 2;
    return perLine((line) => line.replace(/^ +/, (spaces) => '\t'.repeat(Math.floor(spaces.length / unit)) + ' '.repeat(spaces.length % unit)))(text);
  }),
  'indentation doubled': onText(perLine((line) => line.replace(/^[ \t]+/, (indent) => indent + indent))),
  'indentation lost in common': (edit) => {
    const { oldText, newText } = writeDown(edit.lines);
    const width = Math.min(commonIndent(oldText), newText.trim() === '' ? 99 : commonIndent(newText));
    if (width === 0) return null;
    const cut = perLine((line) => line.slice(Math.min(width, indentWidth(line))));
    return { oldText: cut(oldText), newText: cut(newText) };
  },
  'indentation lost in common, old text only': (edit) => {
    const { oldText, newText } = writeDown(edit.lines);
    const width = commonIndent(oldText);
    return width === 0 ? null : { oldText: perLine((line) => line.slice(Math.min(width, indentWidth(line))))(oldText), newText };
  },
  'indentation lost altogether': (edit, random) => {
    const written = onText(perLine((line) => line.trimStart()))(edit, random);
    return written === null ? null : { ...written, isOpen: addsMore(edit.lines) };
  },
  'first line clipped': onText((text) => text.trimStart()),
  'moved in by 2': onText(perLine((line) => (line === '' ? line : `  ${line}`))),
  'Windows line endings': onText((text) => text.replaceAll('\n', '\r\n')),
  'final line break added': ({ lines }) => {
    const { oldText, newText } = writeDown(lines);
    return { oldText: `${oldText}\n`, newText: newText === '' ? '' : `${newText}\n` };
  },
  'blank lines around': ({ lines }) => {
    const { oldText, newText } = writeDown(lines);
    return { oldText: `\n${oldText}\n\n`, newText: `\n${newText}\n\n` };
  },
  'curly quotes': onText(curl),
  'straight quotes and dashes': onText(uncurl),
  dashes: onText((text) => text.replaceAll(' - ', ' \u2013 ').replaceAll(/(?<=\w)-(?=\w)/g, '\u2010')),
  'special spaces': onText(perLine((line) => line.replaceAll(/(?<=\S) (?=\S)/g, '\u00A0'))),
  'zero width': onText((text) => text.replaceAll(/(?<=[a-z])(?=[A-Z_])/g, '\u200B')),
  decomposed: onText((text) => text.normalize('NFD')),
  'line numbers 12|': numbered((number) => `${String(number).padStart(4)}| `, false),
  'line numbers tab': numbered((number) => `${number}\t`, false),
  'line numbers 12:': numbered((number) => `  ${number}: `, false),
  'line numbers arrow from 1': numbered((number) => `${String(number).padStart(6)}\u2192`, true),
  'diff markers': ({ lines }) => {
    const join = (without: string): string =>
      lines
        .filter(({ mark }) => mark !== without)
        .map(({ mark, text }) => mark + text)
        .join('\n');
    return { oldText: join('+'), newText: join('-') };
  },
  'minus and plus on all lines': ({ lines }) => {
    const { oldText, newText } = writeDown(lines);
    return { oldText: perLine((line) => `-${line}`)(oldText), newText: newText === '' ? '' : perLine((line) => `+${line}`)(newText) };
  },
  'code fence': onText((text, edit) => `\`\`\`${edit.language}\n${text}\n\`\`\``),
  'JSON escapes': onText(jsonText),
  'escaped quotes': onText((text) => text.replaceAll('"', '\\"')),
  'HTML entities': onText(entityText),
  'escaped angle brackets': onText((text) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
  'elided ...': elided('...'),
  'elided comment': elided('// ... existing code ...'),
  'elided hash': elided('# ... rest of the code ...'),
  'elided, new text written out': (edit, random) => {
    const written = elided('...')(edit, random);
    return written === null ? null : { ...written, newText: writeDown(edit.lines).newText };
  },
  'word misspelt': onKept(misspelt, 'both'),
  'word misspelt in old': onKept(misspelt, 'old'),
  'word misspelt in a changed line': (edit, random) => {
    const removed = edit.lines.flatMap(({ mark }, index) => (mark === '-' ? [index] : []));
    const drifted = misspelt(edit.lines, removed, random);
    return drifted === null ? null : { oldText: writeDown(drifted).oldText, newText: writeDown(edit.lines).newText };
  },
  'word misspelt everywhere': (edit, random) => {
    const { oldText, newText } = writeDown(edit.lines);
    const words = [...oldText.matchAll(/[A-Za-z]{5,}/g)].map(([word]) => word);
    if (words.length === 0) return null;
    const word = random.pick(words);
    const wrong = misspell(word, random);
    return wrong === word ? null : { oldText: oldText.replaceAll(word, wrong), newText: newText.replaceAll(word, wrong) };
  },
  'line dropped': onKept(dropped, 'both', isLostBeside),
  'line dropped from old': onKept(dropped, 'old'),
  'line doubled': onKept(doubled, 'both'),
  'line doubled in old': onKept(doubled, 'old'),
  'neighbours swapped': onKept(swapped, 'both'),
  'neighbours swapped in old': onKept(swapped, 'old'),
  'any line lost from old': onAny((lines, rows, random) => (rows.length < 2 ? null : replaceAt(lines, random.pick(rows), [])), isLostBeside),
  'any line doubled in old': onAny(doubled, () => false),
  'any word misspelt in old': onAny(misspelt, () => false),
  'any neighbours swapped in old': onAny(swapped, () => false),
  'white space at line ends, old text only': onOld(onText(perLine((line) => `${line} `))),
  'tabs for spaces, old text only': onOld(onText(perLine((line) => line.replace(/^(?: {2})+/, (spaces) => '\t'.repeat(spaces.length / 2))))),
  'moved in by 4, old text only': onOld(onText(perLine((line) => (line === '' ? line : `    ${line}`)))),
  'Windows line endings, old text only': onOld(onText((text) => text.replaceAll('\n', '\r\n'))),
  'curly quotes, old text only': onOld(onText(curl)),
  'straight quotes and dashes, old text only': onOld(onText(uncurl)),
  'line numbers 12: , old text only': onOld(numbered((number) => `${number}: `, false)),
  'line numbers [12]': numbered((number) => `[${number}] `, false),
  'line numbers 12.': numbered((number) => `${number}. `, false),
  'line numbers L12:': numbered((number) => `L${number}: `, false),
  'line numbers 00012|': numbered((number) => `${String(number).padStart(5, '0')}| `, false),
  'line numbers (12)': numbered((number) => `(${number}) `, false),
  'code fence, old text only': onOld(onText((text) => `\`\`\`\n${text}\n\`\`\``)),
  'JSON escapes, old text only': onOld(onText(jsonText)),
  'HTML entities, old text only': onOld(onText(entityText)),
  'blank lines lost': (edit) => {
    const lines = edit.lines.filter(({ mark, text }) => mark !== ' ' || text.trim() !== '');
    return lines.length === edit.lines.length ? null : { ...writeDown(lines), isOpen: losesBlankBeside(edit.lines) };
  },
  'blank line added': onKept((lines, kept, random) => {
    const inner = kept.filter((at) => lines.slice(at + 1).some(({ mark, text }) => mark === ' ' && text.trim() !== ''));
    const index = inner.length === 0 ? -1 : random.pick(inner);
    return index < 0 ? null : replaceAt(lines, index, [lines[index]!.text, '']);
  }, 'both'),
};

/** Drifts that go well together, the second on top of the first. */
export const SECOND: Readonly<Record<string, (text: string) => string>> = {
  'white space at line ends': perLine((line) => `${line} `),
  'Windows line endings': (text) => text.replaceAll('\n', '\r\n'),
  'curly quotes': curl,
  'moved in by 4': perLine((line) => (line === '' ? line : `    ${line}`)),
  'code fence': (text) => `\`\`\`\n${text}\n\`\`\``,
  'JSON escapes': jsonText,
  'HTML entities': entityText,
};
