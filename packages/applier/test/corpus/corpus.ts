import { applyEdit } from '../../src/apply-edit.ts';
import { DRIFTS, SECOND, writeDown, type Written } from './drifts.ts';
import { looselyAt } from './loosely-at.ts';
import { Random } from './random.ts';
import { REFUSALS } from './refusals.ts';
import type { History, Sources } from './sources.ts';
import { makeEdit, type TrueEdit } from './true-edit.ts';

/**
 * One drifted edit, and what must come of it: a text to the byte, or nothing at all. Both are known before the applier sees it. Where the drift has
 * taken away what would decide between two meanings the case is open: it may be refused as well as come out right, and is counted apart.
 */
export interface Case extends Written {
  readonly seed: number;
  readonly kind: string;
  readonly language: string;
  readonly before: string;
  /** null: to be refused. */
  readonly wanted: string | null;
  readonly isOpen: boolean;
}

export type Verdict = 'right' | 'refused' | 'wrong';

export interface Judged extends Case {
  readonly verdict: Verdict;
  /** What the applier answered. */
  readonly answer: string;
  readonly result: string | null;
  readonly ms: number;
}

const REFUSAL_SHARE = 0.2;
const SECOND_SHARE = 0.15;
const HISTORY_SHARE = 0.4;
const MAX_TRIES = 200;

/** Makes the case of a seed. The same seed over the same files is the same case. */
export function makeCase(seed: number, sources: Sources, histories: readonly History[]): Case {
  const random = new Random(seed);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const edit = pickEdit(random, sources, histories);
    const made = edit === null ? null : random.chance(REFUSAL_SHARE) ? makeRefusal(edit, random) : makeDrifted(edit, random);
    if (made !== null) return { seed, ...made };
  }
  throw new Error(`Cannot make case ${seed}: the files allow no edit`);
}

function pickEdit(random: Random, sources: Sources, histories: readonly History[]): TrueEdit | null {
  const known = histories.filter((history) => history.size > 0);
  if (known.length > 0 && random.chance(HISTORY_SHARE)) {
    const hunks = random.pick(known).pick(random);
    return hunks.length === 0 ? null : random.pick(hunks);
  }
  const file = sources.pick(random);
  return file === null ? null : makeEdit(file, random);
}

type Made = Omit<Case, 'seed'>;

function makeDrifted(edit: TrueEdit, random: Random): Made | null {
  const kind = random.pick(Object.keys(DRIFTS));
  const once = DRIFTS[kind]!(edit, random);
  if (once === null) return null;
  const second = random.chance(SECOND_SHARE) ? random.pick(Object.keys(SECOND)) : null;
  if (second === 'moved in by 4' && kind.endsWith('old text only')) return null; // the new text alone would be moved in
  const change = second === null || kind.startsWith(second) ? (text: string): string => text : SECOND[second]!;
  const written = { oldText: change(once.oldText), newText: once.newText === '' ? '' : change(once.newText) };
  if (second !== null && written.oldText === once.oldText && !kind.startsWith(second)) return null;
  const [before, wanted] = styled(edit, random);
  if (isUndecidable(before, wanted, written) && (second !== null || !/^(?:indentation lost|first line)/.test(kind) || !isExactlyThere(edit, before, written)))
    return null;
  const isOpen = once.isOpen === true || !isUnique(before, writeDown(edit.lines).oldText) || !isUnique(before, written.oldText, 0);
  return { kind: second === null || kind.startsWith(second) ? kind : `${kind} + ${second}`, language: edit.language, before, wanted, ...written, isOpen };
}

/** Whether the file has the lines once, white space and blank lines left out. Twins cannot be told apart by what a drift may have changed. */
function isUnique(before: string, oldText: string, least = 1): boolean {
  const places = looselyAt(before, oldText);
  return places >= least && places <= 1;
}

/** Some files have Windows line endings, a byte order mark, or no final newline. */
function styled(edit: TrueEdit, random: Random): readonly [string, string] {
  const style = random.below(12);
  const write = (text: string): string => {
    if (style === 0) return text.replaceAll('\n', '\r\n');
    if (style === 1) return `\uFEFF${text}`;
    return style === 2 ? text.replace(/\n$/, '') : text;
  };
  return [write(edit.before), write(edit.after)];
}

/**
 * A text that is in the file letter by letter means that place: where replacing it there gives another file than the true edit, or where it is there
 * more than once, the drift has made another edit, and the case is not counted at all. This rule was found while looking at first results, not before
 * them. Lost indentation is not excused so: there the applier must see it and refuse.
 */
function isUndecidable(before: string, wanted: string, written: Written): boolean {
  const [file, goal, old, now] = [before, wanted, written.oldText, written.newText].map((text) => text.replaceAll('\r\n', '\n').replace(/^\uFEFF/, ''));
  const at = file!.indexOf(old!);
  if (at < 0) return false;
  return file!.indexOf(old!, at + 1) >= 0 || file!.slice(0, at) + now! + file!.slice(at + old!.length) !== goal;
}

/** Whether the drifted text stands letter by letter where the true edit is. */
function isExactlyThere(edit: TrueEdit, before: string, { oldText }: Written): boolean {
  const flat = before.replaceAll('\r\n', '\n');
  const row = flat.slice(0, Math.max(0, flat.indexOf(oldText))).split('\n').length - 1;
  return flat.includes(oldText) && row >= edit.row && row < edit.row + edit.lines.length;
}

function makeRefusal(edit: TrueEdit, random: Random): Made | null {
  const kind = random.pick(Object.keys(REFUSALS));
  const made = REFUSALS[kind]!(edit, random);
  if (made === null) return null;
  const [flat, old] = [made.before, made.oldText.replaceAll('\r\n', '\n')];
  const bare = old.replaceAll(/[ \t]+$/gm, '');
  const isThere = flat.includes(bare) && flat.indexOf(bare) === flat.lastIndexOf(bare);
  if (kind !== 'applied' && (isThere || hasLoosely(flat, old) || hasLoosely(flat, writeDown(edit.lines).oldText))) return null;
  if (kind === 'applied' && !made.newText.includes(old) && looselyAt(flat, writeDown(edit.lines).oldText) > 0) return null;
  if (kind === 'applied' && isThere && !made.newText.replaceAll('\r\n', '\n').includes(old)) return null;
  return { kind: `refuse: ${kind}`, language: edit.language, wanted: null, isOpen: false, ...made };
}

/** Whether the lines are in the file once but for white space: then it is an edit of that place. */
function hasLoosely(flat: string, old: string): boolean {
  return looselyAt(flat, old) === 1;
}

/** Applies a case and says what came of it. */
export function judge(one: Case): Judged {
  const startedAt = performance.now();
  const outcome = applyEdit(one.before, { oldText: one.oldText, newText: one.newText, isForAll: false });
  const ms = performance.now() - startedAt;
  const result = outcome.type === 'edited' ? outcome.text : null;
  const verdict = result === null ? 'refused' : result === one.wanted ? 'right' : 'wrong';
  const answer =
    outcome.type === 'edited'
      ? `${outcome.stage}: ${outcome.explanation}`
      : outcome.type === 'refused' || outcome.type === 'absent'
        ? `${outcome.type}: ${outcome.reason}`
        : outcome.type;
  return { ...one, verdict, answer, result, ms };
}

export interface Tally {
  right: number;
  refused: number;
  wrong: number;
}

export function tallyBy(judged: readonly Judged[], key: (one: Judged) => string): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const one of judged) {
    const tally = tallies.get(key(one)) ?? { right: 0, refused: 0, wrong: 0 };
    tally[one.verdict] += 1;
    tallies.set(key(one), tally);
  }
  return tallies;
}
