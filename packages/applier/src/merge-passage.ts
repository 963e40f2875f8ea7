import { alignRows, type Gap, gapsOf } from './align-rows.ts';
import { indentOf, isBlank, weightOf } from './canonical-line.ts';
import { type CharDrift, learnCharDrift } from './char-drift.ts';
import type { FileView } from './file-view.ts';
import { learnIndents } from './learn-indents.ts';
import type { IndentTranslation } from './indentation.ts';
import { mergeLine } from './merge-line.ts';
import type { BaseRow, Match, Merge } from './match.ts';
import type { Row } from './text-rows.ts';
import { shorten } from './shorten.ts';
import { sharesWords } from './word-drift.ts';

/** What a blank line counts for when lines are paired, to one that says something. */
const BLANK = 0.25;
const RUNS = /(?<=\S) {2,}(?=\S)/g;

interface Context {
  readonly base: readonly BaseRow[];
  readonly old: readonly string[];
  readonly edited: readonly string[];
  readonly phantoms: readonly Phantom[];
  readonly translate: IndentTranslation;
  readonly chars: CharDrift;
  /** Whether the model has white space at line ends that the file has not, and whether the file has some, too. */
  readonly stripsEnds: boolean;
  readonly hasOpenEnds: boolean;
  readonly spacing: Spacing;
  readonly eol: Row['eol'];
}

/** How the spaces within lines differ: the model has more of them somewhere, or fewer. */
interface Spacing {
  readonly hasMore: boolean;
  readonly hasFewer: boolean;
  /** Where spaces are doubled, see runKey(). */
  readonly doubled: ReadonlySet<string>;
  /** Whether lines with doubled spaces have no single ones. */
  readonly isAll: boolean;
}

/** A line of the old text that the file does not have. Beside its double it may as well be the double that the file does not have. */
interface Phantom {
  readonly text: string;
  /** The lines of `base` before which it may stand. */
  readonly first: number;
  readonly last: number;
  readonly isDouble: boolean;
}

/**
 * Merges three ways: what the edit changes from old to new is changed in the file's own lines; all that it keeps stays as it is in the file.
 * Refuses where it cannot be known what is meant.
 */
export function mergePassage(file: FileView, match: Match, old: readonly string[], edited: readonly string[]): Merge {
  const rows = file.content.rows.slice(match.firstRow, match.firstRow + match.partners.length);
  const base = rows.map((row, index): BaseRow => ({ row, old: old[match.partners[index] ?? -1] ?? null }));
  const translate = learnIndents(base, old, edited, () => file.indentStyle);
  if (typeof translate === 'string') return { type: 'refused', reason: translate };
  const seen = base.flatMap((one) => (one.old === null ? [] : [[one.old, one.row.text] as const]));
  const context: Context = {
    base,
    old,
    edited,
    translate,
    phantoms: phantomsOf(match, old),
    chars: learnCharDrift(isWrittenAsFile(seen, edited) ? [] : seen, file.text),
    spacing: spacingOf(seen),
    hasOpenEnds: seen.some(([, its]) => !isBlank(its) && endOf(its) !== ''),
    stripsEnds: seen.some(([mine, its]) => /\s$/.test(mine) && !/\s$/.test(its)),
    eol: file.content.eol,
  };
  const reason = findLostLine(context);
  if (reason !== null) return { type: 'refused', reason };
  const merged = mergeRows(context);
  if (typeof merged === 'string') return { type: 'refused', reason: merged };
  const miscount = findMiscount(context, merged);
  if (miscount !== null) return { type: 'refused', reason: miscount };
  return { type: 'merged', placement: { firstRow: match.firstRow, endRow: match.firstRow + rows.length, rows: merged } };
}

/** A new text that has kept lines as the file has them where the old text has not, and none as the old text has them, needs no change of characters. */
function isWrittenAsFile(seen: readonly (readonly [model: string, file: string])[], edited: readonly string[]): boolean {
  const lines = new Set(edited.map((line) => line.trim()));
  const drifted = seen.filter(([mine, its]) => mine.trim() !== its.trim());
  return drifted.some(([, its]) => lines.has(its.trim())) && !drifted.some(([mine]) => lines.has(mine.trim()));
}

function spacingOf(pairs: readonly (readonly [model: string, file: string])[]): Spacing {
  const runs = (line: string): number =>
    line
      .trim()
      .match(/\s{2,}/g)
      ?.join('').length ?? 0;
  const differ = pairs.filter(([mine, its]) => mine.trim() !== its.trim());
  return {
    hasMore: differ.some(([mine, its]) => runs(mine) > runs(its)),
    hasFewer: differ.some(([mine, its]) => runs(mine) < runs(its)),
    doubled: doubledIn(pairs),
    isAll: differ.every(([mine]) => !/\S \S/.test(mine)),
  };
}

/** What stands around doubled spaces in lines that are the same but for them. What the file itself has somewhere so is not among it. */
function doubledIn(pairs: readonly (readonly [model: string, file: string])[]): ReadonlySet<string> {
  const doubled = new Set<string>();
  for (const [mine, its] of pairs) if (mine.trim().replaceAll(RUNS, ' ') === its.trim()) for (const run of mine.matchAll(RUNS)) doubled.add(runKey(run));
  for (const [, its] of pairs) for (const run of its.matchAll(RUNS)) doubled.delete(runKey(run));
  return doubled;
}

/** Spaces within a line, two or more, by their number and what they stand between: a word or a sign. */
function runKey(run: RegExpMatchArray): string {
  const kindOf = (char: string | undefined): string => (char === undefined || /[\p{L}\p{N}_]/u.test(char) ? 'word' : char);
  const at = run.index ?? 0;
  return [kindOf(run.input?.[at - 1]), run[0].length, kindOf(run.input?.[at + run[0].length])].join(' ');
}

/** Without doubled spaces; null when other lines have all their spaces doubled and this one has not. */
function singleSpaced(line: string, { doubled, isAll }: Spacing): string | null {
  const runs = [...line.matchAll(RUNS)];
  if (runs.length === 0 || doubled.size === 0) return line;
  if (isAll && /\S \S/.test(line)) return null;
  let [result, at] = ['', 0];
  for (const run of runs) {
    result += line.slice(at, run.index) + (doubled.has(runKey(run)) ? ' ' : run[0]);
    at = run.index + run[0].length;
  }
  return result + line.slice(at);
}

function phantomsOf({ partners }: Match, old: readonly string[]): readonly Phantom[] {
  const taken = new Set(partners);
  const boundary = (index: number): number => {
    const before = partners.findIndex((partner) => partner !== null && partner >= index);
    return before < 0 ? partners.length : before;
  };
  return old.flatMap((text, index) => {
    if (taken.has(index)) return [];
    let [start, end] = [index, index];
    while (old[start - 1]?.trim() === text.trim()) start -= 1;
    while (old[end + 1]?.trim() === text.trim()) end += 1;
    const isDouble = Array.from({ length: end - start + 1 }, (_, offset) => start + offset).some((one) => taken.has(one));
    return [{ text: text.trim(), first: boundary(start), last: boundary(end + 1), isDouble }];
  });
}

/** A line of the old text that the file does not have must be a double or a blank one, and the file must have no other in its place. */
function findLostLine({ phantoms, base }: Context): string | null {
  const isOther = base.some((one) => one.old === null && !isBlank(one.row.text));
  const lost = phantoms.find(({ text, isDouble }) => text !== '' && (isOther || !isDouble));
  return lost === undefined ? null : `the line "${shorten(lost.text)}" of oldText is not there`;
}

/**
 * Where old text and file do not have the same lines, what became of each line must be what the edit does with it: as often more or less in the result
 * than in the file as in the new than in the old text. Only lines that one of the two has too many may stay as the file has them.
 */
function findMiscount({ base, old, edited, phantoms }: Context, result: readonly Row[]): string | null {
  const odd = new Set([...phantoms.map(({ text }) => text), ...base.flatMap((one) => (one.old === null ? [one.row.text.trim()] : []))]);
  if (odd.size === 0) return null;
  const asFile = new Map(base.flatMap((one) => (one.old === null ? [] : [[one.old.trim(), one.row.text.trim()] as const])));
  const count = (lines: readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const line of lines) counts.set(asFile.get(line.trim()) ?? line.trim(), (counts.get(asFile.get(line.trim()) ?? line.trim()) ?? 0) + 1);
    return counts;
  };
  const [before, after, was, is] = [old, edited, base.map((one) => one.row.text), result.map((row) => row.text)].map(count);
  const off = [...(was?.keys() ?? []), ...(before?.keys() ?? [])].find((line) => {
    const [meant, made] = [(after?.get(line) ?? 0) - (before?.get(line) ?? 0), (is?.get(line) ?? 0) - (was?.get(line) ?? 0)];
    return meant !== made && !(made === 0 && line !== '' && odd.has(line));
  });
  return off === undefined ? null : `oldText and the file do not have "${shorten(off)}" in the same places, beside the change`;
}

function mergeRows(context: Context): readonly Row[] | string {
  const { base, edited } = context;
  const [left, right] = [base.map((_, index) => index), edited.map((_, index) => index)];
  const isSameLine = (a: number, b: number): boolean => isKept(context, a, b) && hasSameIndent(context, a, b);
  const weight = (b: number): number => (isBlank(edited[b] ?? '') ? BLANK : 1);
  const sure = alignRows(left, right, isSameLine, weight);
  const pairs = gapsOf(left, right, sure).flatMap((gap) => [
    ...alignRows(gap.left, gap.right, (a, b) => base[a]?.old !== null && isKept(context, a, b), weight),
    ...(gap.next === null ? [] : [gap.next]),
  ]);
  const rows: Row[] = [];
  for (const gap of gapsOf(left, right, pairs)) {
    const changed = mergeGap(context, gap);
    if (typeof changed === 'string') return changed;
    rows.push(...changed);
    if (gap.next === null) continue;
    const kept = keepRow(context, gap.next[0], gap.next[1]);
    if (typeof kept === 'string') return kept;
    rows.push(kept);
  }
  return rows;
}

/** Whether the new text has this line as the old text had it, or as the file has it. White space around it is another matter. */
function isKept({ base, edited }: Context, baseIndex: number, newIndex: number): boolean {
  const [one, line] = [base[baseIndex], edited[newIndex]?.trim()];
  return one !== undefined && (line === one.old?.trim() || line === one.row.text.trim());
}

function hasSameIndent({ base, edited, translate }: Context, baseIndex: number, newIndex: number): boolean {
  const [one, line] = [base[baseIndex], edited[newIndex]];
  if (one === undefined || line === undefined) return false;
  if (isBlank(line)) return true;
  return one.old === null
    ? translate(indentOf(line)) === indentOf(one.row.text)
    : indentOf(line) === indentOf(one.old) || translate(indentOf(line)) === indentOf(one.row.text);
}

/** A line that stays, with the indentation that it gets and the white space at its end that it loses. */
function keepRow({ base, edited, translate }: Context, baseIndex: number, newIndex: number): Row | string {
  const [one, line] = [base[baseIndex], edited[newIndex]];
  if (one === undefined || line === undefined) throw new TypeError('a pair is a line of each side');
  const { row, old } = one;
  if (old === null || isBlank(line)) return row;
  const [mine, its, wanted] = [old, row.text, line].map((text) => text.slice(text.trimEnd().length));
  const isEndMeant = wanted !== mine && mine === its;
  if (isEndMeant && (wanted ?? '').length > (mine ?? '').length)
    return `newText has more white space at the end of "${shorten(line)}" than oldText; that may be meant or not`;
  const text = isEndMeant ? row.text.trimEnd() + (wanted ?? '') : row.text;
  if (indentOf(line) === indentOf(old)) return { ...row, text };
  const indent = translate(indentOf(line));
  return indent === null ? unclearIndent(line) : { ...row, text: indent + text.slice(indentOf(text).length) };
}

/** What the edit does between two lines that stay. */
function mergeGap(context: Context, gap: Gap): readonly Row[] | string {
  const { base, edited, phantoms } = context;
  const { head, removed, tail } = withoutBlankEdges(gap.left.flatMap((index) => base[index] ?? []));
  const end = gap.next?.[0] ?? base.length;
  const start = gap.left[0] ?? end;
  const here = phantoms.filter((phantom) => phantom.first <= end && phantom.last >= start);
  const added = withoutPhantoms(
    gap.right.flatMap((index) => edited[index] ?? []),
    here.map(({ text }) => text),
  );
  if (added === null) return 'oldText has a line beside the change that the file does not have';
  if (removed.length === 0 && added.length === 0) return [...head, ...tail];
  const overlooked = removed.filter((one) => one.old === null);
  if (overlooked.length > 0 && overlooked.length === removed.length && added.length === 0) return removed.map((one) => one.row);
  const [lost] = overlooked;
  if (lost !== undefined) return `the file has "${shorten(lost.row.text)}" beside the change and oldText has not`;
  const isPinned = isReplaced(removed, added);
  const rest = head.length > 0 || tail.length > 0;
  if ((rest && !isPinned) || isBesideDoubt(context, start, end, isPinned))
    return 'blank lines or brackets beside the change are not the same in oldText and in the file';
  if (isFlat(context) && removed.length !== added.length && isDeeper(edited, gap.right))
    return 'oldText and newText are not indented at all, and it is not clear how deep new lines are';
  const changed = changedRows(context, removed, added);
  return typeof changed === 'string' ? changed : [...head, ...changed, ...tail];
}

/** Blank lines of the file that oldText leaves out before or after what it changes. They stay. */
function withoutBlankEdges(rows: readonly BaseRow[]): { readonly head: readonly Row[]; readonly removed: readonly BaseRow[]; readonly tail: readonly Row[] } {
  const isOverlooked = ({ row, old }: BaseRow): boolean => old === null && isBlank(row.text);
  let [start, end] = [0, rows.length];
  while (start < end && rows.slice(start, start + 1).some(isOverlooked)) start += 1;
  while (start < end && rows.slice(end - 1, end).some(isOverlooked)) end -= 1;
  const textsOf = (part: readonly BaseRow[]): readonly Row[] => part.map((one) => one.row);
  return { head: textsOf(rows.slice(0, start)), removed: rows.slice(start, end), tail: textsOf(rows.slice(end)) };
}

/** Whether the first and the last line are new forms of lines of the file: then they say themselves where they stand. */
function isReplaced(removed: readonly BaseRow[], added: readonly string[]): boolean {
  const isFormOf = (one: BaseRow | undefined, line: string | undefined): boolean => line !== undefined && likePartner(one, line) !== null;
  return isFormOf(removed[0], added[0]) && isFormOf(removed.at(-1), added.at(-1));
}

/** All indentation is lost, in both texts. */
function isFlat({ old, edited, base }: Context): boolean {
  return [...old, ...edited].every((line) => isBlank(line) || indentOf(line) === '') && base.some(({ row }) => indentOf(row.text) !== '');
}

/** Whether one of these lines, or what stands around them, opens or closes a block. */
function isDeeper(edited: readonly string[], indices: readonly number[]): boolean {
  const [first, last] = [indices[0] ?? 0, indices.at(-1) ?? 0];
  const before = edited.slice(0, first).findLast((line) => !isBlank(line));
  const lines = [before ?? '', ...edited.slice(first, last + 1)].filter((line) => !isBlank(line));
  const after = edited.slice(last + 1).find((line) => !isBlank(line)) ?? '';
  return (
    lines.some(opensBlock) ||
    [...lines.slice(before === undefined ? 0 : 1), after].some((line) => /^(?:[)\]}]|<\/|(?:end|else|elif|except|fi|done)\b)/.test(line))
  );
}

function opensBlock(line: string): boolean {
  const open = (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0);
  return (
    open > 0 ||
    /^<[A-Za-z](?:[^<>]*[^<>/])?>$/.test(line.trim()) ||
    /(?:[:=]|[-=]>|\b(?:then|do|else|begin|try))$/.test(line.trim()) ||
    /^(?:[}\s]*else\s+)?(?:if|for|while)\b.*\)$/.test(line.trim())
  );
}

/** Whether a line that says little is missing or too many on one side right beside the change: what the change stands before or after is not known then. */
function isBesideDoubt({ base, phantoms }: Context, start: number, end: number, isPinned: boolean): boolean {
  const isWeak = (text: string): boolean => weightOf(text) < 4;
  const isCounted = (text: string): boolean => !isPinned || !isBlank(text);
  let [low, high] = [start, end];
  while (low > 0 && isWeak(base[low - 1]?.row.text ?? '')) low -= 1;
  while (high < base.length && isWeak(base[high]?.row.text ?? '')) high += 1;
  const around = [...base.slice(low, start), ...base.slice(end, high)];
  const isBlankBeside = !isPinned && around.some(({ row }) => isBlank(row.text));
  return (
    around.some((one) => one.old === null && isCounted(one.row.text)) ||
    phantoms.some(({ text, first, last }) => (text === '' ? isBlankBeside : isWeak(text)) && first <= high && last >= low)
  );
}

/** The added lines without those that the old text has, too, and the file has not; null when they stand among what is really new. */
function withoutPhantoms(added: readonly string[], phantoms: readonly string[]): readonly string[] | null {
  const blanks = added.filter(isBlank).length;
  if (phantoms.includes('') && blanks !== 0 && blanks !== phantoms.filter((text) => text === '').length) return null;
  const left = [...phantoms];
  const takes = (line: string | undefined): boolean => {
    const index = line === undefined ? -1 : left.indexOf(line.trim());
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  };
  let [start, end] = [0, added.length];
  while (start < end && takes(added[start])) start += 1;
  while (start < end && takes(added[end - 1])) end -= 1;
  const inner = added.slice(start, end);
  return inner.some((line) => phantoms.includes(line.trim())) ? null : inner;
}

function changedRows(context: Context, removed: readonly BaseRow[], added: readonly string[]): readonly Row[] | string {
  const partners = partnersOf(removed, added);
  const rows: Row[] = [];
  for (const [index, line] of added.entries()) {
    const text = writeLine(context, line, partners[index] ?? null);
    if (text === null) return unclearIndent(line);
    if (typeof text !== 'string') return text.conflict;
    const eol = removed.length === added.length ? removed[index]?.row.eol : undefined;
    rows.push({ text, eol: eol ?? context.eol });
  }
  return rows;
}

/** A new line as the file would have it; null when its indentation is not known. */
function writeLine(
  { translate, chars, stripsEnds, hasOpenEnds, spacing }: Context,
  line: string,
  partner: BaseRow | null,
): string | null | { readonly conflict: string } {
  if (isBlank(line)) return '';
  const old = partner?.old ?? null;
  const isLikePartner = partner !== null && old !== null && indentOf(old) === indentOf(line);
  const indent = translate(indentOf(line)) ?? (isLikePartner ? indentOf(partner.row.text) : null);
  if (indent === null) return null;
  const restore = (text: string): string | null => {
    const restored = chars.restore(text);
    return restored === null ? null : singleSpaced(restored, spacing);
  };
  const content = restore(line.trimStart());
  if (content === null) return { conflict: `it is not clear which quotes or dashes "${shorten(line)}" is to have in this file` };
  const [mine, its] = [restore(old?.trim() ?? '') ?? '', partner?.row.text.trim() ?? ''];
  const isSpacingUnclear = (spacing.hasMore && /\S\s{2,}\S/.test(content)) || (spacing.hasFewer && partner === null);
  if (isSpacingUnclear) return { conflict: `it is not clear how "${shorten(line)}" is to be spaced in this file` };
  const merged = partner === null || mine === its ? content : mergeLine(mine, its, content);
  if (merged === null) return { conflict: `oldText differs from the file in the very place that is to change: the file has "${shorten(its)}"` };
  if (old !== null && partner !== null && endOf(old) === endOf(line)) {
    if (endOf(old) === endOf(partner.row.text) || endOf(partner.row.text) === '') return indent + merged.trimEnd() + endOf(partner.row.text);
    return { conflict: `it is not clear whether "${shorten(line)}" is to end with white space as the line in the file does` };
  }
  if (!stripsEnds) return indent + merged;
  if (partner === null && hasOpenEnds && merged !== merged.trimEnd())
    return { conflict: `it is not clear whether "${shorten(line)}" is to end with white space in this file` };
  return indent + merged.trimEnd();
}

/** For each added line the removed one that it is a new form of. */
function partnersOf(removed: readonly BaseRow[], added: readonly string[]): readonly (BaseRow | null)[] {
  if (removed.length === added.length) return added.map((line, index) => likePartner(removed[index], line));
  let from = 0;
  return added.map((line) => {
    const index = removed.findIndex((one, at) => at >= from && likePartner(one, line) !== null);
    if (index < 0) return null;
    from = index + 1;
    return removed[index] ?? null;
  });
}

function likePartner(one: BaseRow | undefined, line: string): BaseRow | null {
  return one !== undefined && one.old !== null && sharesWords(one.old, line) ? one : null;
}

function endOf(line: string): string {
  return line.slice(line.trimEnd().length);
}

function unclearIndent(line: string): string {
  return `the indentation of "${shorten(line)}" in this file is not clear`;
}
