import { isBlank } from './canonical-line.ts';
import { type FileView } from './file-view.ts';

/** Both texts of an edit as they may have been meant. */
export interface Reading {
  readonly oldText: string;
  readonly newText: string;
  /** What was undone, for a person. */
  readonly undone: readonly string[];
  /** When line numbers were taken away: the first of them, which says where the passage should be. */
  readonly firstNumber: number | null;
}

type Decode = (reading: Reading, file: FileView) => readonly Reading[];

const MAX_READINGS = 24;
const DEPTH = 2;

/** All readings of an edit in which something that a file does not have was undone in the old and the new text together. */
export function decodeEdit(oldText: string, newText: string, file: FileView): readonly Reading[] {
  const first: Reading = { oldText, newText, undone: [], firstNumber: null };
  const readings = new Map<string, Reading>();
  let latest: readonly Reading[] = [first];
  for (let depth = 0; depth < DEPTH; depth += 1) {
    latest = latest.flatMap((reading) => DECODERS.flatMap((decode) => decode(reading, file)));
    for (const reading of latest) {
      const key = `${reading.oldText}\0${reading.newText}`;
      const isChanged = reading.oldText !== oldText && reading.oldText.trim() !== '';
      if (isChanged && readings.size < MAX_READINGS && !readings.has(key)) readings.set(key, reading);
    }
  }
  return [...readings.values()];
}

const DECODERS: readonly Decode[] = [
  withoutFence,
  withoutLineNumbers,
  withoutDiffMarkers,
  withoutJsonEscapes,
  withoutQuoteEscapes,
  withoutEntities,
  withoutAngleEntities,
];

function undo(reading: Reading, what: string, oldText: string, newText: string, firstNumber: number | null = reading.firstNumber): Reading {
  return { oldText, newText, undone: [...reading.undone, what], firstNumber };
}

/** A fence around the whole text. In a file that has fences itself it must not be one of these. */
function withoutFence(reading: Reading, file: FileView): readonly Reading[] {
  const inner = unfence(reading.oldText);
  if (inner === null || isFenceOf(reading.oldText, file)) return [];
  return [undo(reading, 'code fence', inner, unfence(reading.newText) ?? reading.newText)];
}

function isFenceOf(text: string, file: FileView): boolean {
  if (!/^ *(?:```|~~~)/m.test(file.text)) return false;
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.trimEnd());
  const { joined } = file.canonical('line ends');
  return [lines.slice(0, 2), lines.slice(-2)].some((pair) => joined.includes(pair.join('\n')));
}

function unfence(text: string): string | null {
  const match = /^\s*(```+|~~~+)[^\n`]*\n([^]*?)\n?[ \t]*\1\s*$/.exec(text);
  return match === null ? null : (match[2] ?? '');
}

const NUMBERED = [
  /^[ \t]*(\d+)[ \t]*\| ?/,
  /^[ \t]*(\d+)[ \t]*\|/,
  /^[ \t]*(\d+)\t/,
  /^[ \t]*(\d+)\u2192/,
  /^[ \t]*(\d+): /,
  /^[ \t]*(\d+):/,
  /^[ \t]*(\d+)\) /,
  /^[ \t]*(\d+)\. /,
  /^[ \t]*(\d+)- /,
  /^[ \t]*(\d+) {2}/,
  /^[ \t]*(\d+) /,
  /^[ \t]*L(\d+): ?/,
  /^[ \t]*[Ll]ine (\d+): ?/,
  /^[ \t]*#(\d+):? /,
  /^[ \t]*\[(\d+)\] /,
  /^[ \t]*\[(\d+)\]/,
  /^[ \t]*\((\d+)\) /,
  /^[ \t]*(\d+)[ \t]*[\u2502\u2503\u00A6] ?/,
] as const;

function withoutLineNumbers(reading: Reading, file: FileView): readonly Reading[] {
  const readings = NUMBERED.flatMap((pattern) => {
    const old = unnumber(reading.oldText, pattern, true);
    if (old === null || old.first === null) return [];
    const isOfFile = file.lines.some((line) => pattern.test(line));
    if (isOfFile && !isNear(old.first, old.lines, file)) return [];
    const edited = unnumber(reading.newText, pattern, false);
    if (edited === null) return [];
    return [{ ...undo(reading, 'line numbers', old.lines.join('\n'), edited.lines.join('\n'), old.first), isPlain: edited.first === null }];
  });
  const plain = readings.find((one) => one.isPlain);
  return plain === undefined ? readings : [plain];
}

interface Unnumbered {
  readonly lines: readonly string[];
  readonly first: number | null;
}

/** Every line of the old text has a number, one more than the line before. In the new text added lines may have none; null when it does not fit. */
function unnumber(text: string, pattern: RegExp, isOld: boolean): Unnumbered | null {
  let [first, last, unnumbered]: [number | null, number | null, number] = [null, null, 0];
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const match = pattern.exec(line) ?? pattern.exec(`${line} `);
    if (match === null) {
      if (isOld && !isBlank(line)) return null;
      if (isBlank(line) && isOld && last !== null) last += 1;
      if (!isBlank(line)) unnumbered += 1;
      lines.push(line);
      continue;
    }
    const number = Number(match[1]);
    if (last !== null && (isOld ? number !== last + 1 : number < last)) return null;
    [first, last] = [first ?? number, number];
    lines.push(line.slice(match[0].length));
  }
  return first !== null && unnumbered > 0 && isOld ? null : { lines, first };
}

function isNear(number: number, lines: readonly string[], file: FileView): boolean {
  return lines.length > 1 && (file.lines[number - 1] ?? '').trim() === (lines[0] ?? '').trim();
}

/** Lines marked as in a diff: kept ones the same in both texts, removed ones in the old, added ones in the new text. */
function withoutDiffMarkers(reading: Reading): readonly Reading[] {
  const old = reading.oldText.split('\n').filter((line) => !/^@@ .*@@/.test(line));
  const edited = reading.newText.split('\n').filter((line) => !/^@@ .*@@/.test(line));
  const isMarked = (lines: readonly string[], marks: string): boolean => lines.every((line) => line === '' || marks.includes(line[0] ?? ''));
  const strip = (lines: readonly string[]): string => lines.map((line) => line.slice(1)).join('\n');
  const kept = (lines: readonly string[]): string =>
    lines
      .filter((line) => line.startsWith(' '))
      .map((line) => line.trimEnd())
      .join('\n');
  if (!isMarked(old, ' -') || old.every((line) => line === '')) return [];
  const hasMinus = old.some((line) => line.startsWith('-'));
  if (isMarked(edited, ' +') && reading.newText !== '') {
    const hasPlus = edited.some((line) => line.startsWith('+'));
    if ((hasMinus || hasPlus) && (kept(old) === kept(edited) || (hasMinus && hasPlus))) return [undo(reading, 'diff markers', strip(old), strip(edited))];
  }
  if (!hasMinus || reading.newText === '') return [];
  const plain = edited.map((line) => line.trimEnd());
  const keptOld = old.filter((line) => line.startsWith(' ')).map((line) => line.slice(1).trimEnd());
  let from = 0;
  const isInOrder = keptOld.every((line) => (from = plain.indexOf(line, from) + 1) > 0);
  const isPlain = edited.every((line) => !/^[-+]/.test(line));
  return isInOrder && keptOld.length > 0 && isPlain ? [undo(reading, 'diff markers', strip(old), reading.newText)] : [];
}

/** A text as it stands between the quotes of a JSON string. Both texts must be such, or the new one have nothing to undo. */
function withoutJsonEscapes(reading: Reading, file: FileView): readonly Reading[] {
  const old = readJson(reading.oldText);
  if (old === null || old === reading.oldText) return [];
  const edited = readJson(reading.newText);
  const isPlain = hasNoOtherEscapes(reading.newText, old, file);
  if (edited === null && !isPlain) return [];
  return [undo(reading, 'JSON escapes', old, edited ?? reading.newText)];
}

/** No line with a backslash but those of the old text and of the file: the new text has no escapes of its own. */
function hasNoOtherEscapes(newText: string, old: string, file: FileView): boolean {
  if (!newText.includes('\\')) return true;
  const known = new Set([...old.split('\n'), ...file.lines].map((line) => line.trim()));
  return newText.split('\n').every((line) => !line.includes('\\') || known.has(line.trim()));
}

function readJson(text: string): string | null {
  const inner = /^"[^]*"$/.test(text) && text.length > 2 ? text.slice(1, -1) : text;
  try {
    const value: unknown = JSON.parse(`"${inner}"`);
    return typeof value === 'string' ? value : null;
  } catch {
    return null; // no JSON string
  }
}

/** Quotes alone are escaped, as within a string. */
function withoutQuoteEscapes(reading: Reading): readonly Reading[] {
  return [/\\"/g, /\\'/g, /\\`/g, /\\(["'`])/g].flatMap((pattern) => {
    if (!pattern.test(reading.oldText)) return [];
    pattern.lastIndex = 0;
    const unescape = (text: string): string => text.replaceAll(pattern, (all) => all.slice(1));
    const hasBare = reading.oldText.replaceAll(pattern, '').match(pattern.source.includes('[') ? /["'`]/ : new RegExp(pattern.source.at(-1) ?? '"'));
    return hasBare === null ? [undo(reading, 'escaped quotes', unescape(reading.oldText), unescape(reading.newText))] : [];
  });
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#34;', '"'],
  ['&#x22;', '"'],
  ['&#39;', "'"],
  ['&#x27;', "'"],
  ['&apos;', "'"],
  ['&#96;', '`'],
  ['&nbsp;', ' '],
  ['&#x2F;', '/'],
  ['&amp;', '&'],
]);

function withoutEntities(reading: Reading): readonly Reading[] {
  return undoEntities(reading, /&(?:lt|gt|quot|apos|nbsp|amp|#34|#39|#96|#x22|#x27|#x2F);/g, /[<>]|&(?!#?\w+;)/);
}

/** Angle brackets alone are escaped, and quotes stand as they are. */
function withoutAngleEntities(reading: Reading): readonly Reading[] {
  const texts = reading.oldText + reading.newText;
  if (/&(?:quot|#34|#x22);/.test(texts) && !texts.includes('"')) return [];
  return undoEntities(reading, /&(?:lt|gt);/g, /[<>]/);
}

function undoEntities(reading: Reading, pattern: RegExp, bare: RegExp): readonly Reading[] {
  if (reading.oldText.search(pattern) < 0 || bare.test(reading.oldText)) return [];
  const decode = (text: string): string => text.replaceAll(pattern, (entity) => ENTITIES.get(entity) ?? entity);
  const readings = [undo(reading, 'HTML entities', decode(reading.oldText), decode(reading.newText))];
  if (bare.test(reading.newText) && reading.newText.search(pattern) >= 0)
    readings.push(undo(reading, 'HTML entities', decode(reading.oldText), reading.newText));
  return readings;
}
