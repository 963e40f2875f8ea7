import { canonicalLine, type Looseness } from './canonical-line.ts';
import { type IndentStyle, indentStyleOf } from './indentation.ts';
import { rowAt } from './row-at.ts';
import { splitRows, type TextRows } from './text-rows.ts';

/** The file's lines in one canonical form, joined for searching. */
export interface Canonical {
  readonly lines: readonly string[];
  readonly joined: string;
  /** Where each line begins in `joined`. */
  readonly starts: readonly number[];
}

/** A file as the stages look at it. What a stage needs is made when it is first asked for. */
export class FileView {
  readonly text: string;
  readonly content: TextRows;
  readonly lines: readonly string[];
  readonly #forms = new Map<Looseness | 'exact', Canonical>();
  readonly #words = new Map<string, boolean>();
  #style: IndentStyle | null | undefined;
  #places: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(text: string) {
    this.text = text;
    this.content = splitRows(text);
    this.lines = this.content.rows.map((row) => row.text);
  }

  get indentStyle(): IndentStyle | null {
    if (this.#style === undefined) this.#style = indentStyleOf(this.lines);
    return this.#style;
  }

  /** The lines of each canonical form, but for blank ones. */
  get places(): ReadonlyMap<string, readonly number[]> {
    this.#places ??= placesOf(this.canonical('unicode').lines);
    return this.#places;
  }

  canonical(looseness: Looseness | 'exact'): Canonical {
    const known = this.#forms.get(looseness);
    if (known !== undefined) return known;
    const form = this.#makeForm(looseness);
    this.#forms.set(looseness, form);
    return form;
  }

  /** Most files have nothing that the first two forms leave out; they are the text as it is. */
  #makeForm(looseness: Looseness | 'exact'): Canonical {
    const { bom, starts } = this.content;
    if (looseness === 'exact') {
      return bom === '' && !this.text.includes('\r\n') ? { lines: this.lines, joined: this.text, starts } : join(this.lines, this.hasFinalNewline);
    }
    if (looseness === 'line ends' && !/[^\S\n]\n/.test(this.text) && !/\s$/.test(this.lines.at(-1) ?? '')) return this.canonical('exact');
    return join(
      this.lines.map((line) => canonicalLine(line, looseness)),
      this.hasFinalNewline,
    );
  }

  get hasFinalNewline(): boolean {
    return this.content.rows.at(-1)?.eol !== '';
  }

  /** The rows that have the word, in part of a word too; none when there are more than `most`. */
  rowsWith(word: string, most: number): readonly number[] {
    const { joined, starts } = this.canonical('unicode');
    const rows: number[] = [];
    for (let at = joined.indexOf(word); at >= 0; at = joined.indexOf(word, at + word.length)) {
      const row = rowAt(starts, at);
      if (rows.at(-1) !== row) rows.push(row);
      if (rows.length > most) return [];
    }
    return rows;
  }

  /** Whether the word stands anywhere in the file by itself. */
  knows(word: string): boolean {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const found = hasWord(this.text, word);
    this.#words.set(word, found);
    return found;
  }
}

function join(lines: readonly string[], isTerminated: boolean): Canonical {
  const starts: number[] = [];
  let at = 0;
  for (const line of lines) {
    starts.push(at);
    at += line.length + 1;
  }
  return { lines, joined: lines.join('\n') + (isTerminated && lines.length > 0 ? '\n' : ''), starts };
}

function placesOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [row, line] of lines.entries()) {
    if (line === '') continue;
    const known = places.get(line);
    if (known === undefined) places.set(line, [row]);
    else known.push(row);
  }
  return places;
}

function hasWord(text: string, word: string): boolean {
  const isPart = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}_]/u.test(char);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + word.length])) return true;
  }
  return false;
}
