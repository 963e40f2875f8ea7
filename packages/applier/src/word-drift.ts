import { canonicalLine } from './canonical-line.ts';

/** Why a line of the model may be this line of the file though they differ. */
export type Drift = { readonly kind: 'spacing' } | { readonly kind: 'misspelt'; readonly words: readonly (readonly [model: string, file: string])[] };

const TOKEN = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
const MAX_MISSPELT = 2;

export function tokensOf(line: string): readonly string[] {
  return line.match(TOKEN) ?? [];
}

/**
 * Explains a difference as a slip of the pen: spacing, a comma or semicolon at the end, the kind of a quote, a letter too many, too few, exchanged
 * or swapped in a long word that the file does not know. A number, a name, an operator that differs is no slip: the line is another line. Null then.
 * Shorter words are believed where everything around is certain.
 */
export function explainDrift(model: string, file: string, isKnownWord: (word: string) => boolean, isCertain: boolean): Drift | null {
  const [a, b] = [withoutSpace(model), withoutSpace(file)];
  if (a.join('') === b.join('')) return { kind: 'spacing' };
  if (a.length !== b.length) return null;
  const words: (readonly [string, string])[] = [];
  for (const [index, mine] of a.entries()) {
    const its = b[index] ?? '';
    if (mine === its) continue;
    if (!isMisspelt(mine, its, isCertain) || isKnownWord(mine)) return null;
    words.push([mine, its]);
  }
  const distinct = new Set(words.map(([word]) => word)).size;
  return distinct > MAX_MISSPELT || distinct * (isCertain ? 1 : 3) > a.length ? null : { kind: 'misspelt', words };
}

function withoutSpace(line: string): readonly string[] {
  const tokens = tokensOf(canonicalLine(line, 'unicode')).filter((token) => token !== ' ');
  return /^[,;]$/.test(tokens.at(-1) ?? '') ? tokens.slice(0, -1) : tokens;
}

/** True for words that one slip of one letter turns into each other, but not for pairs of words as programs have them (get and set, user and users). */
export function isMisspelt(model: string, file: string, isCertain: boolean): boolean {
  const start = commonPrefix(model, file);
  const end = commonSuffix(model.slice(start), file.slice(start));
  const [mine, its] = [model.slice(start, model.length - end), file.slice(start, file.length - end)];
  if (!/^\p{L}*$/u.test(mine + its) || mine.toLowerCase() === its.toLowerCase()) return false;
  const part = partAround(file, start, file.length - end);
  if (part.length < (isCertain ? 3 : 4)) return false;
  if (mine.length === 2 && its.length === 2) return mine[0] === its[1] && mine[1] === its[0];
  if (mine.length === 1 && its.length === 1) return part.length >= (isCertain ? 4 : 6) && start > 0 && !isPartStart(file, start);
  if (mine.length + its.length !== 1) return false;
  return !(end === 0 && (mine + its).toLowerCase() === 's');
}

/** Whether one line may be a new form of the other: half of their words are the same. */
export function sharesWords(a: string, b: string): boolean {
  const words = (text: string): readonly string[] => tokensOf(text).filter((token) => /[\p{L}\p{N}]/u.test(token));
  const [mine, its] = [words(a), words(b)];
  return its.length > 0 && its.filter((word) => mine.includes(word)).length * 2 >= Math.max(mine.length, its.length);
}

/** The letters of a name that belong together: `Name` in `userName2`. */
function partAround(word: string, from: number, to: number): string {
  let [start, stop] = [from, to];
  while (start > 0 && /\p{L}/u.test(word[start - 1] ?? '') && !isPartStart(word, start)) start -= 1;
  while (stop < word.length && /\p{L}/u.test(word[stop] ?? '') && !isPartStart(word, stop)) stop += 1;
  return word.slice(start, stop);
}

function isPartStart(word: string, at: number): boolean {
  return at === 0 || !/\p{L}/u.test(word[at - 1] ?? '') || (/\p{Lu}/u.test(word[at] ?? '') && /\p{Ll}/u.test(word[at - 1] ?? ''));
}

export function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

export function commonSuffix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  return length;
}
