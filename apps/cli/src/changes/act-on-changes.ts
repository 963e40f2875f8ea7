import type { Change, ChangesResult, ChangeState, ChooseChanges } from '@boocode/contracts/change.ts';
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
import { choosePaths } from './choose-paths.ts';

export interface ChangeAction {
  readonly verb: 'apply' | 'reject' | 'rewind';
  /** The states of changes that it can act on. */
  readonly from: readonly ChangeState[];
  readonly nothing: string;
  act(api: ApiClient, id: SessionId, body: ChooseChanges): Promise<ChangesResult>;
}

/** Runs `apply`, `reject` or `rewind`: all that can be, or the named paths. Resolves with 1 when something is in conflict. */
export async function actOnChanges(context: Context, given: Given, action: ChangeAction, note: string | null): Promise<number> {
  const { api } = await connect(context);
  const id = await resolveSession(api, given.arg(0));
  const { items } = await api.listChanges({ params: { id }, query: { state: 'all' } });
  const possible = items.filter((change) => action.from.includes(change.state));
  const chosen = given.args.length > 1 ? choosePaths(possible, given.args.slice(1), action.verb) : possible;
  if (chosen.length === 0) {
    if (given.has('json')) context.out.write(jsonText({ items: [], message: action.nothing }));
    else context.err.line(action.nothing);
    return EXIT.completed;
  }
  const result = await act(context, action.verb, () => action.act(api, id, { ids: chosen.map((change) => change.id), ...(note === null ? {} : { note }) }));
  if (given.has('json')) context.out.write(jsonText(result));
  else printResult(context, result);
  return result.items.some((change) => change.state === 'conflict') ? EXIT.failed : EXIT.completed;
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
    const next = `name the other files to ${verb} them alone, or take your own edits there back first`;
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
