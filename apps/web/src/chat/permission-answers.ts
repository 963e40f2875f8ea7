import type { Permission, PermissionOption } from '@boocode/contracts/permission.ts';

/** One way to answer, with the words of its button. */
export interface Answer {
  readonly option: PermissionOption;
  readonly label: string;
}

export interface PermissionAnswers {
  /** What says yes, the plainest first; of a question, its answers. */
  readonly yes: readonly Answer[];
  /** What says yes for good. */
  readonly always: readonly Answer[];
  readonly no: readonly Answer[];
  /** The one that takes an answer in words alone; null where words can only go with one of the answers. */
  readonly inWords: PermissionOption | null;
}

/** What agents call the answer that is made of words. */
const IN_WORDS = 'Answer';

/** The ways to answer, by kind. Asked for leave, the first of a kind is called alike for every agent; answers to a question keep their words. */
export function permissionAnswers({ kind, options }: Pick<Permission, 'kind' | 'options'>): PermissionAnswers {
  const of = (wanted: PermissionOption['kind'], word: string | null) =>
    options.filter((option) => option.kind === wanted).map((option, index): Answer => ({ option, label: index === 0 && word !== null ? word : option.label }));
  const isQuestion = kind === 'question';
  const yes = of('allow_once', isQuestion ? null : 'Allow once');
  const open = isQuestion ? (yes.find(({ label }) => label === IN_WORDS) ?? null) : null;
  const once = of('reject_once', isQuestion ? null : 'Deny');
  return {
    yes: yes.filter((answer) => answer !== open),
    always: of('allow_always', null),
    no: [...once, ...of('reject_always', once.length === 0 && !isQuestion ? 'Deny' : null)],
    inWords: isQuestion && (open !== null || yes.length > 1) ? ((open ?? yes[0])?.option ?? null) : null,
  };
}
