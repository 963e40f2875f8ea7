import { piecesOf } from './canonical-line.ts';

/** What characters of the model were found to be in the file. */
export interface CharDrift {
  /** True when nothing of the kind was seen. */
  readonly isNone: boolean;
  /** A text of the model as the file would write it; null when that is not certain. */
  restore(text: string): string | null;
}

const NO_DRIFT: CharDrift = { isNone: true, restore: (text) => text };
export const TYPOGRAPHIC = /[\u2018-\u201F\u2010-\u2015\u2026\u00A0\u200B-\u200D\u2212\uFEFF]/;

const INVISIBLE = /[\u00A0\u2000-\u200D\u202F\u205F\u2060\u3000\u00AD\uFEFF]/g;

/** Learns from pairs of lines that are canonically equal. `fileText` says which characters the file uses at all. */
export function learnCharDrift(pairs: readonly (readonly [model: string, file: string])[], fileText: string): CharDrift {
  const meanings = new Map<string, Set<string>>();
  for (const [model, file] of pairs) {
    if (model === file) continue;
    learn(model.trim(), file.trim(), meanings);
    for (const [char] of model.matchAll(INVISIBLE)) if (!file.includes(char)) note(meanings, char, canonicalOf(char));
  }
  const changed = [...meanings].filter(([model, file]) => [...file].some((one) => one !== model));
  if (changed.length === 0) return NO_DRIFT;
  for (const [model, file] of pairs) {
    if (model === file) learn(model.trim(), file.trim(), meanings);
  }
  const forms = (['NFC', 'NFD'] as const).filter((form) => changed.some(([model, file]) => file.has(model.normalize(form))));
  const isTypographic = changed.some(([model]) => TYPOGRAPHIC.test(model));
  const isPlainFile = !TYPOGRAPHIC.test(fileText);
  return {
    isNone: false,
    restore(text) {
      if (meanings.get('...')?.has('\u2026') === true && text.includes('...')) return null;
      let result = '';
      for (const { written, canonical } of piecesOf(text)) {
        const known = meanings.get(written);
        if (known !== undefined && known.size > 1) return null;
        const isInWord = written === '-' && !result.endsWith(' ');
        if (isInWord && known !== undefined && !known.has('-')) return null;
        const [only] = known ?? [];
        if (only !== undefined) result += only;
        else if (isTypographic && TYPOGRAPHIC.test(written)) {
          if (!isPlainFile) return null;
          result += canonical;
        } else result += forms[0] === undefined ? written : written.normalize(forms[0]);
      }
      return result;
    },
  };
}

/** Walks two canonically equal lines side by side. White space is another matter than characters and left out, but for special spaces. */
function learn(model: string, file: string, meanings: Map<string, Set<string>>): void {
  const [a, b] = [visible(model), visible(file)];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [mine, its] = [a[i], b[j]];
    if (mine === undefined || its === undefined) return;
    if (mine.canonical === its.canonical) {
      note(meanings, mine.written, its.written);
      [i, j] = [i + 1, j + 1];
    } else if (mine.canonical === '...' && its.canonical === '.') {
      note(meanings, mine.written, '...');
      [i, j] = [i + 1, j + 3];
    } else if (mine.canonical === '.' && its.canonical === '...') {
      note(meanings, '...', its.written);
      [i, j] = [i + 3, j + 1];
    } else return;
  }
}

function visible(line: string): readonly { readonly written: string; readonly canonical: string }[] {
  return piecesOf(line).filter(({ written, canonical }) => canonical !== '' && !(canonical === ' ' && /^[\s]$/.test(written)));
}

function note(meanings: Map<string, Set<string>>, model: string, file: string): void {
  const known = meanings.get(model);
  if (known === undefined) meanings.set(model, new Set([file]));
  else known.add(file);
}

function canonicalOf(char: string): string {
  return piecesOf(char)[0]?.canonical ?? char;
}
