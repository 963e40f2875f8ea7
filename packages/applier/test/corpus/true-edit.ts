import type { Random } from './random.ts';
import type { SourceFile } from './source-file.ts';

/** A line of an edit: kept, removed or added. */
export interface EditLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** An edit whose place and result are known: the lines stand at `row` of `before`, and `after` is the file with it. */
export interface TrueEdit {
  readonly language: string;
  readonly before: string;
  readonly after: string;
  readonly row: number;
  readonly lines: readonly EditLine[];
}

/** Makes an edit of a real file: lines changed, added, taken away or wrapped, with neighbours around them. */
export function makeEdit(file: SourceFile, random: Random): TrueEdit | null {
  const rows = file.text.split('\n');
  const hasEnd = rows.at(-1) === '';
  if (hasEnd) rows.pop();
  if (rows.length < 4) return null;
  const start = random.below(rows.length);
  const count = Math.min(random.pick([0, 1, 1, 1, 2, 3, 5]), rows.length - start);
  const changed = change(rows, start, count, random);
  if (changed === null) return null;
  const [before, after] = [random.pick([0, 1, 2, 3, 3, 4]), random.pick([0, 1, 2, 3, 3, 4])];
  const from = Math.max(0, start - before);
  const to = Math.min(rows.length, start + count + after);
  if (count === 0 && from === start && to === start) return null;
  const kept = (lines: readonly string[]): EditLine[] => lines.map((text) => ({ mark: ' ', text }));
  const lines: EditLine[] = [
    ...kept(rows.slice(from, start)),
    ...rows.slice(start, start + count).map((text): EditLine => ({ mark: '-', text })),
    ...changed.map((text): EditLine => ({ mark: '+', text })),
    ...kept(rows.slice(start + count, to)),
  ];
  return edited(file, rows, from, lines, hasEnd);
}

export function edited(file: SourceFile, rows: readonly string[], row: number, lines: readonly EditLine[], hasEnd: boolean): TrueEdit | null {
  const old = lines.filter(({ mark }) => mark !== '+').map(({ text }) => text);
  const now = lines.filter(({ mark }) => mark !== '-').map(({ text }) => text);
  if (old.join('\n') === now.join('\n') || old.join('').trim() === '' || now.length === 0) return null;
  const result = [...rows.slice(0, row), ...now, ...rows.slice(row + old.length)];
  const end = hasEnd ? '\n' : '';
  return { language: file.language, before: rows.join('\n') + end, after: result.join('\n') + end, row, lines };
}

function change(rows: readonly string[], start: number, count: number, random: Random): readonly string[] | null {
  const removed = rows.slice(start, start + count);
  if (count === 0) return added(rows, start, random);
  switch (random.below(6)) {
    case 0:
      return [];
    case 1:
      return [...removed, ...added(rows, start, random)];
    case 2:
      return [...added(rows, start, random), ...removed.map((line) => changeWord(line, random))];
    default: {
      const changed = removed.map((line) => changeWord(line, random));
      return changed.join('\n') === removed.join('\n') ? null : changed;
    }
  }
}

/** Lines like others of the file, with other words, indented as the place is. */
function added(rows: readonly string[], start: number, random: Random): readonly string[] {
  const indent = /^[ \t]*/.exec(rows[Math.min(start, rows.length - 1)] ?? '')?.[0] ?? '';
  return Array.from({ length: random.pick([1, 1, 2, 3]) }, () => {
    const like = random.pick(rows).trim();
    const text = like === '' ? `added_${random.below(1_000)}` : changeWord(changeWord(like, random), random);
    return (indent + text).trimEnd();
  });
}

const OTHER_WORDS = ['alpha', 'total', 'index', 'buffer', 'result', 'offset', 'limit', 'names', 'value2', 'isReady', 'next_item', 'config'];

export function changeWord(line: string, random: Random): string {
  const words = [...line.matchAll(/[A-Za-z_]\w*|\d+/g)];
  if (words.length === 0) return line;
  const word = random.pick(words);
  const other = /^\d/.test(word[0])
    ? String(Number(word[0]) + random.between(1, 9))
    : random.pick([`${word[0]}_x`, random.pick(OTHER_WORDS), `${random.pick(OTHER_WORDS)}(${word[0]})`]);
  return line.slice(0, word.index) + other + line.slice(word.index + word[0].length);
}
