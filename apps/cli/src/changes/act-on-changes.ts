import type { Change, ChangesPreview, ChangesResult, ChangeState, ChooseChanges } from '@boocode/contracts/change.ts';
import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import * as z from 'zod/mini';
import type { Given } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolveSession } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { wrapIndented, wrapText } from '../terminal/wrap-text.ts';
import { changeRow } from './change-rows.ts';
import { chooseHunks } from './choose-hunks.ts';
import { choosePaths } from './choose-paths.ts';
import { formatPatch } from './format-patch.ts';

export interface ChangeAction {
  readonly verb: 'apply' | 'reject' | 'rewind';
  /** The states of changes that it can act on. */
  readonly from: readonly ChangeState[];
  readonly nothing: string;
  act(api: ApiClient, id: SessionId, body: ChooseChanges): Promise<ChangesResult>;
}

/** What `apply`, `reject` and `rewind` have in common, beside their names. */
export const CHOICE_OPTIONS = {
  hunk: { value: 'HUNK,...', summary: 'Only these hunks, as `boocode changes ID --hunks` names them' },
  marked: { summary: 'Only what is marked as accepted' },
  'dry-run': { summary: 'Show what would happen, and touch nothing' },
} as const;

export const CONFIRM_OPTION = { confirm: { summary: 'Where a change does not fit, take the place that `--dry-run` proposes' } } as const;

/** The session and the choice that were typed; null (and it was said) when there is nothing to act on. */
export async function chooseTyped(context: Context, given: Given, action: Pick<ChangeAction, 'verb' | 'from' | 'nothing'>): Promise<Typed | null> {
  const { api } = await connect(context);
  const id = await resolveSession(api, given.arg(0));
  const { items } = await api.listChanges({ params: { id }, query: { state: 'all' } });
  const possible = items.filter((change) => action.from.includes(change.state));
  const chosen = given.args.length > 1 ? choosePaths(possible, given.args.slice(1), action.verb) : possible;
  const typedHunks = given.text('hunk');
  const hunks = typedHunks === null ? null : chooseHunks(chosen, typedHunks.split(','), action.verb);
  if (chosen.length === 0) {
    if (given.has('json')) context.out.write(jsonText({ items: [], message: action.nothing }));
    else context.err.line(action.nothing);
    return null;
  }
  const choice = {
    // Hunks say for themselves which changes they are of.
    ...(hunks === null ? { ids: chosen.map((change) => change.id) } : { hunks: [...hunks] }),
    ...(given.has('marked') ? { marked: true as const } : {}),
  };
  return { api, id, choice };
}

interface Typed {
  readonly api: ApiClient;
  readonly id: SessionId;
  readonly choice: Pick<ChooseChanges, 'ids' | 'hunks' | 'marked'>;
}

/** Runs `apply`, `reject` or `rewind`: all that can be, or what was named. Resolves with 1 when something is in conflict. */
export async function actOnChanges(
  context: Context,
  given: Given,
  action: ChangeAction,
  more: Pick<ChooseChanges, 'note' | 'confirm' | 'checkId'>,
): Promise<number> {
  const typed = await chooseTyped(context, given, action);
  if (typed === null) return EXIT.completed;
  const { api, id, choice } = typed;
  if (given.has('dry-run')) return showPreview(context, given, await api.previewChanges({ params: { id }, body: { ...choice, action: action.verb } }));
  const confirm = await confirmed(typed, given, action.verb);
  const result = await act(context, action.verb, () => action.act(api, id, { ...choice, ...more, ...confirm }));
  if (given.has('json')) context.out.write(jsonText(result));
  else printResult(context, result);
  return result.items.some((change) => change.state === 'conflict') ? EXIT.failed : EXIT.completed;
}

/** The places that the preview proposes, where a person takes them unseen or has seen them by `--dry-run`. */
async function confirmed({ api, id, choice }: Typed, given: Given, action: ChangeAction['verb']): Promise<Pick<ChooseChanges, 'confirm'>> {
  if (action === 'reject' || !given.has('confirm')) return {};
  const { conflicts } = await api.previewChanges({ params: { id }, body: { ...choice, action } });
  return { confirm: conflicts.flatMap(({ path, proposal }) => (proposal === null ? [] : [{ path, blob: proposal.blob }])) };
}

/** Says what would happen, file by file; 1 when it could not. */
export function showPreview({ out }: Context, given: Given, preview: ChangesPreview): number {
  if (given.has('json')) out.write(jsonText(preview));
  else {
    out.line(wrapText(neutraliseLine(preview.message), out.width));
    for (const file of preview.files) out.line(`  ${file.outcome.padEnd(9)}  ${neutraliseLine(file.path)}`);
    for (const conflict of preview.conflicts) {
      out.line(wrapIndented(neutraliseLine(`! ${conflict.message}`), '    ', out.width).trimStart());
      const { proposal } = conflict;
      if (proposal === null) continue;
      out.line(wrapIndented(neutraliseLine(`It seems to belong elsewhere: ${proposal.explanation} \`--confirm\` takes it there:`), '    ', out.width));
      if (proposal.patch !== null) out.write(formatPatch({ path: conflict.path, patch: proposal.patch, binary: false, patchTruncated: false }, out));
    }
    for (const collision of preview.collisions) out.line(wrapText(neutraliseLine(`! ${collision.message}`), out.width));
  }
  return preview.conflicts.length > 0 ? EXIT.failed : EXIT.completed;
}

const Conflicts = z.array(z.object({ message: z.string() }));

/** The server names the first few files that do not fit; when there are more, every one is said here. */
const NAMED = 3;

/** A conflict says what to do about it. */
async function act({ out }: Context, verb: string, send: () => Promise<ChangesResult>): Promise<ChangesResult> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof BooError) || error.code !== 'change_conflict') throw error;
    const conflicts = Conflicts.safeParse(error.details).data ?? [];
    if (conflicts.length > NAMED) for (const { message } of conflicts) out.line(wrapText(`! ${neutraliseLine(message)}`, out.width));
    const next = `\`--dry-run\` shows where; name the other files to ${verb} them alone, or take your own edits there back first`;
    throw new BooError('change_conflict', `${error.message}; ${next}`, { cause: error });
  }
}

function printResult({ out }: Context, result: ChangesResult): void {
  out.line(wrapText(neutraliseLine(result.message), out.width));
  for (const change of result.items) {
    out.line(changeRow(asListed(change), out.width, out.paint));
    if (change.state === 'conflict' && change.note !== null) out.line(wrapIndented(neutraliseLine(change.note), '    ', out.width));
  }
}

/** The message says what became of them: only a conflict is worth repeating in the row. */
function asListed(change: Change): Change {
  return change.state === 'conflict' ? change : { ...change, state: 'pending' };
}
