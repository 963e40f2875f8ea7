import { reapplyDiff, type Reapplication } from '../../src/reapply-diff.ts';
import { Random } from './random.ts';
import { changeWord, makeEdit } from './true-edit.ts';
import type { Sources } from './sources.ts';

/** A change of a file, and the file as it is meanwhile. */
export interface ReapplyCase extends Reapplication {
  readonly seed: number;
  readonly kind: string;
  /** null: to be refused. */
  readonly wanted: string | null;
}

export interface JudgedReapply extends ReapplyCase {
  readonly verdict: 'right' | 'refused' | 'wrong';
  readonly answer: string;
}

/** What happened to the file since: rows of the base in, rows of now out, with and without the change. Null where it does not fit. */
type Since = (
  before: readonly string[],
  changed: Changed,
  random: Random,
) => { readonly ours: readonly string[]; readonly wanted: readonly string[] | null } | null;

interface Changed {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

const AWAY = 25;
const MAX_TRIES = 500;

function apply(rows: readonly string[], { from, to, lines }: Changed, moved = 0): readonly string[] {
  return [...rows.slice(0, from + moved), ...lines, ...rows.slice(to + moved)];
}

/** Everything that may have happened, by name. What is wanted follows from the change alone. */
const SINCE: Readonly<Record<string, Since>> = {
  nothing: (before, changed) => ({ ours: before, wanted: apply(before, changed) }),
  'lines added far above': (before, changed, random) => {
    if (changed.from < AWAY) return null;
    const more = Array.from({ length: random.between(1, 30) }, (_, index) => `// added ${index} ${random.below(1_000)}`);
    const at = random.below(changed.from - AWAY + 1);
    const ours = [...before.slice(0, at), ...more, ...before.slice(at)];
    return { ours, wanted: apply(ours, changed, more.length) };
  },
  'lines taken away far below': (before, changed, random) => {
    if (changed.to + AWAY >= before.length) return null;
    const at = random.between(changed.to + AWAY, before.length - 1);
    const cut = (rows: readonly string[], by: number): readonly string[] => [...rows.slice(0, at + by), ...rows.slice(at + by + 3)];
    return { ours: cut(before, 0), wanted: cut(apply(before, changed), changed.lines.length - (changed.to - changed.from)) };
  },
  'block moved': (before, changed, random) => {
    const [start, end] = [changed.from - 12, changed.to + 12];
    if (start < 0 || end > before.length - AWAY) return null;
    const at = random.between(end, before.length);
    const move = (block: readonly string[]): readonly string[] => [...before.slice(0, start), ...before.slice(end, at), ...block, ...before.slice(at)];
    const block = before.slice(start, end);
    return { ours: move(block), wanted: move(apply(block, { ...changed, from: 12, to: 12 + changed.to - changed.from })) };
  },
  'all indented': (before, changed) => {
    const indent = (line: string): string => (line === '' ? line : `    ${line}`);
    return { ours: before.map(indent), wanted: apply(before, changed).map(indent) };
  },
  'another change near': (before, changed, random) => {
    const at = changed.to + random.between(2, 4);
    const line = before[at];
    if (line === undefined || line.trim() === '' || before.slice(changed.to, at).some((one) => one.trim() === '')) return null;
    const other = changeWord(line, random);
    if (other === line) return null;
    const change = (rows: readonly string[], by: number): readonly string[] => rows.map((one, row) => (row === at + by ? other : one));
    return { ours: change(before, 0), wanted: change(apply(before, changed), changed.lines.length - (changed.to - changed.from)) };
  },
  'the same lines changed': (before, changed, random) => {
    if (changed.to === changed.from) return null;
    const row = random.between(changed.from, changed.to - 1);
    const other = changeWord(before[row] ?? '', random);
    if (other === before[row] || changed.lines.includes(other) || changed.lines.includes(before[row] ?? '')) return null;
    return { ours: before.map((line, index) => (index === row ? other : line)), wanted: null };
  },
  'passage gone': (before, changed) => {
    const [start, end] = [changed.from - 25, changed.to + 25];
    return start < 0 || end > before.length ? null : { ours: [...before.slice(0, start), ...before.slice(end)], wanted: null };
  },
};

export function makeReapplyCase(seed: number, sources: Sources): ReapplyCase {
  const random = new Random(seed);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const file = sources.pick(random);
    const edit = file === null ? null : makeEdit(file, random);
    if (edit === null) continue;
    const first = edit.lines.findIndex(({ mark }) => mark !== ' ');
    const marked = edit.lines.filter(({ mark }) => mark !== ' ');
    const from = edit.row + first;
    const changed = {
      from,
      to: from + marked.filter(({ mark }) => mark === '-').length,
      lines: marked.filter(({ mark }) => mark === '+').map(({ text }) => text),
    };
    const rows = edit.before.replace(/\n$/, '').split('\n');
    const kind = random.pick(Object.keys(SINCE));
    const since = SINCE[kind]!(rows, changed, random);
    if (since === null || (since.wanted === null && hasOnce(since.ours, rows.slice(changed.from - 3, changed.to + 3)))) continue;
    const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
    const [base, theirs] = [text(rows), text(apply(rows, changed))];
    return { seed, kind, base, theirs, ours: text(since.ours), wanted: since.wanted === null ? null : text(since.wanted) };
  }
  throw new Error(`Cannot make case ${seed}: the files allow none`);
}

/** Whether the passage stands there yet, in another place: then it is a change of that. */
function hasOnce(rows: readonly string[], passage: readonly string[]): boolean {
  return `\n${rows.join('\n')}\n`.includes(`\n${passage.join('\n')}\n`);
}

export function judgeReapply(one: ReapplyCase): JudgedReapply {
  const outcome = reapplyDiff(one);
  const verdict = outcome.kind === 'refused' ? 'refused' : outcome.text === one.wanted ? 'right' : 'wrong';
  return { ...one, verdict, answer: outcome.kind === 'refused' ? outcome.reason : outcome.explanations.join(' ') };
}
