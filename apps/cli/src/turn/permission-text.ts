import type { Permission, PermissionOption } from '@boocode/contracts/permission.ts';
import { shortId } from '../connection/resolve-id.ts';
import type { Paint } from '../terminal/terminal.ts';
import { wrapIndented, wrapText } from '../terminal/wrap-text.ts';

const MAX_SUBJECT = 2_000;

/** A question with all that is needed to answer it. */
export function formatQuestion(permission: Permission, width: number, paint: Paint): string {
  const subject = permission.subject.length > MAX_SUBJECT ? `${permission.subject.slice(0, MAX_SUBJECT)} …` : permission.subject;
  const lines = [paint('yellow', wrapText(`? ${permission.title}`, width)), wrapIndented(subject, '    ', width)];
  if (permission.reason !== null && permission.reason !== '') lines.push(wrapIndented(permission.reason, '  ', width));
  return lines.filter((line) => line.trim() !== '').join('\n');
}

/** How a question is answered from elsewhere. */
export function formatAnswerHint(permission: Permission, width: number): string {
  const id = shortId(permission.id);
  if (width < 48) return wrapIndented(`boocode permit allow ${id}\nboocode permit deny ${id}`, '  ', width);
  return `  Answer it with: boocode permit allow ${id}\n              or: boocode permit deny ${id}`;
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

/** `y Allow once · a Allow always · n Reject`. */
export function formatChoices(options: readonly PermissionOption[]): string {
  return keysOf(options)
    .map(([key, option]) => `${key} ${option.label}`)
    .join(' · ');
}

export interface TypedAnswer {
  readonly option: PermissionOption;
  readonly note: string | null;
}

/** What was typed at the question, for instance `n use npm ci instead`; null when it is no answer. */
export function readAnswer(typed: string, options: readonly PermissionOption[]): TypedAnswer | null {
  const [word = '', ...rest] = typed.trim().split(/\s+/);
  const key = WORDS.get(word.toLowerCase()) ?? word.toLowerCase();
  const found = keysOf(options).find(([own]) => own === key);
  if (found === undefined) return null;
  const note = rest.join(' ');
  return { option: found[1], note: note === '' || key === 'y' || key === 'a' ? null : note };
}

/** The option of a kind, or the other one that says the same. */
export function findOption(options: readonly PermissionOption[], kinds: readonly PermissionOption['kind'][]): PermissionOption | null {
  return kinds.map((kind) => options.find((option) => option.kind === kind)).find((option) => option !== undefined) ?? null;
}

function keysOf(options: readonly PermissionOption[]): readonly (readonly [string, PermissionOption])[] {
  return KEYS.flatMap(([kind, key]) => {
    const option = findOption(options, [kind]);
    return option === null ? [] : [[key, option] as const];
  });
}
