import { type Drift, DRIFTS, writeDown, type Written } from './drifts.ts';
import type { Random } from './random.ts';
import { changeWord, type TrueEdit } from './true-edit.ts';

/** A case that nobody can decide: the only right answer is not to change anything. */
export interface Refusal extends Written {
  readonly before: string;
}

/** A dropped line is not among them: it may be the very one that tells the twins apart. */
const MILD: readonly string[] = [
  'none',
  'none',
  'white space added at line ends',
  'moved in by 2',
  'Windows line endings',
  'word misspelt',
  'line doubled',
  'line numbers 12|',
  'code fence',
];

function drifted(edit: TrueEdit, random: Random): Written {
  const drift: Drift = DRIFTS[random.pick(MILD)]!;
  return drift(edit, random) ?? writeDown(edit.lines);
}

function rowsOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

function oldLines(edit: TrueEdit): readonly string[] {
  return edit.lines.filter(({ mark }) => mark !== '+').map(({ text }) => text);
}

/** The file with other lines where the edit's old text was. */
function fileWith(edit: TrueEdit, lines: readonly string[], more: readonly string[] = []): string {
  const rows = rowsOf(edit.before);
  return `${[...rows.slice(0, edit.row), ...lines, ...rows.slice(edit.row + oldLines(edit).length), ...more].join('\n')}\n`;
}

/** Another form of the lines: one word or number of one line is another. */
function twinOf(lines: readonly string[], random: Random): readonly string[] | null {
  const index = random.below(lines.length);
  const twin = lines.map((line, at) => (at === index ? changeWord(line, random) : line));
  return twin.join('\n') === lines.join('\n') ? null : twin;
}

/** Every kind of case that must be refused, by name. */
export const REFUSALS: Readonly<Record<string, (edit: TrueEdit, random: Random) => Refusal | null>> = {
  'equal twins': (edit, random) => ({ before: fileWith(edit, oldLines(edit), oldLines(edit)), ...drifted(edit, random) }),
  'twins that are indented otherwise': (edit, random) => {
    const written = DRIFTS['moved in by 2']!(edit, random);
    if (written === null) return null;
    return {
      before: fileWith(
        edit,
        oldLines(edit),
        oldLines(edit).map((line) => (line === '' ? line : `      ${line}`)),
      ),
      ...written,
    };
  },
  'taken away': (edit, random) => ({ before: fileWith(edit, []), ...drifted(edit, random) }),
  'only a near twin': (edit, random) => {
    const twin = twinOf(oldLines(edit), random);
    return twin === null ? null : { before: fileWith(edit, twin), ...drifted(edit, random) };
  },
  'two near twins': (edit, random) => {
    const [one, other] = [twinOf(oldLines(edit), random), twinOf(oldLines(edit), random)];
    return one === null || other === null ? null : { before: fileWith(edit, one, other), ...drifted(edit, random) };
  },
  'changed line is another': (edit, random) => {
    const removed = edit.lines.flatMap(({ mark }, index) => (mark === '-' ? [index] : []));
    if (removed.length === 0) return null;
    const index = random.pick(removed);
    const lines = edit.lines.map((line, at) => (at === index ? changeWord(line.text, random) : line.text)).filter((_, at) => edit.lines[at]!.mark !== '+');
    return lines.join('\n') === oldLines(edit).join('\n') ? null : { before: fileWith(edit, lines), ...drifted(edit, random) };
  },
  applied: (edit, random) => ({ before: edit.after, ...drifted(edit, random) }),
};
