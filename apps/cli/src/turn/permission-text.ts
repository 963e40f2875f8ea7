import type { Permission, PermissionOption } from '@boocode/contracts/permission.ts';
import { shortId } from '../connection/resolve-id.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import type { Paint } from '../terminal/terminal.ts';
import { wrapIndented, wrapText } from '../terminal/wrap-text.ts';

const MAX_SUBJECT = 2_000;

interface Asked {
  readonly kind: Permission['kind'];
  readonly options: readonly PermissionOption[];
}

/** A question with all that is needed to answer it. */
export function formatQuestion(permission: Permission, width: number, paint: Paint): string {
  const subject = permission.subject.length > MAX_SUBJECT ? `${permission.subject.slice(0, MAX_SUBJECT)} …` : permission.subject;
  const lines = [paint('yellow', wrapText(`? ${permission.title}`, width)), wrapIndented(subject, '    ', width)];
  if (permission.reason !== null && permission.reason !== '') lines.push(wrapIndented(permission.reason, '  ', width));
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** How a question is answered from elsewhere. */
export function formatAnswerHint(permission: Permission, width: number): string {
  const [first, second] = answerCommands(permission);
  const numbered = permission.kind === 'question' ? `${wrapIndented(formatOptions(permission.options), '  ', width)}\n` : '';
  if (width < 48 || second === undefined) return numbered + wrapIndented([first, second].filter((line) => line !== undefined).join('\n'), '  ', width);
  return `  Answer it with: ${first}\n              or: ${second}`;
}

/** The commands that answer a question: for leave one that gives it and one that does not, otherwise the one that takes a number. */
export function answerCommands({ id, kind }: Permission): readonly [string, string?] {
  const short = shortId(id);
  return kind === 'question' ? [`boocode permit answer ${short} NUMBER`] : [`boocode permit allow ${short}`, `boocode permit deny ${short}`];
}

/** `1 Allow once · 2 Deny`: what `permit answer` takes. */
export function formatOptions(options: readonly PermissionOption[]): string {
  return options.map((option, index) => `${index + 1} ${neutraliseLine(option.label)}`).join(' · ');
}

const KEYS: readonly (readonly [PermissionOption['kind'], string])[] = [
  ['allow_once', 'y'],
  ['allow_always', 'a'],
  ['reject_once', 'n'],
  ['reject_always', 'd'],
];

const WORDS = new Map([
  ['yes', 'y'],
  ['no', 'n'],
  ['always', 'a'],
]);

/** `y Allow once · a Always allow in this project · n Deny`; the answers of a question have numbers. */
export function formatChoices(asked: Asked): string {
  return keysOf(asked)
    .map(([key, option]) => `${key} ${option.label}`)
    .join(' · ');
}

export interface TypedAnswer {
  readonly option: PermissionOption;
  readonly note: string | null;
}

/** What was typed, for instance `n use npm ci instead`; null when it is no answer. Where a question has several answers, other words are an answer too. */
export function readAnswer(typed: string, asked: Asked): TypedAnswer | null {
  const [word = '', ...rest] = typed.trim().split(/\s+/);
  const isQuestion = asked.kind === 'question';
  const key = isQuestion ? word : (WORDS.get(word.toLowerCase()) ?? word.toLowerCase());
  const found = keysOf(asked).find(([own]) => own === key);
  if (found === undefined) return isQuestion ? answerInWords(typed.trim(), asked) : null;
  const note = rest.join(' ');
  return { option: found[1], note: note === '' || (!isQuestion && (key === 'y' || key === 'a')) ? null : note };
}

/** What agents call the answer that is made of words. */
const IN_WORDS = 'Answer';

function answerInWords(words: string, { options }: Asked): TypedAnswer | null {
  const [first, second] = options.filter(({ kind }) => kind === 'allow_once');
  const option = first?.label === IN_WORDS || second !== undefined ? first : undefined;
  return words === '' || option === undefined ? null : { option, note: words };
}

/** The option of a kind, or the other one that says the same. */
export function findOption(options: readonly PermissionOption[], kinds: readonly PermissionOption['kind'][]): PermissionOption | null {
  return kinds.map((kind) => options.find((option) => option.kind === kind)).find((option) => option !== undefined) ?? null;
}

/** The option that was named: by its number, its id, its label, or a beginning of the label that no other has. */
export function namedOption(options: readonly PermissionOption[], typed: string): PermissionOption | null {
  const name = typed.trim().toLowerCase();
  const exact = options.find((option, index) => option.id === typed || String(index + 1) === name || option.label.toLowerCase() === name);
  if (exact !== undefined || name === '') return exact ?? null;
  const [only, ...others] = options.filter((option) => option.label.toLowerCase().startsWith(name));
  return others.length === 0 ? (only ?? null) : null;
}

function keysOf({ kind: asked, options }: Asked): readonly (readonly [string, PermissionOption])[] {
  if (asked === 'question') return options.map((option, index) => [String(index + 1), option] as const);
  return KEYS.flatMap(([kind, key]) => {
    const option = findOption(options, [kind]);
    return option === null ? [] : [[key, option] as const];
  });
}
