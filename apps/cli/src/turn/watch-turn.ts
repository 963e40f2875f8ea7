import { BooError } from '@boocode/contracts/error-code.ts';
import type { Change } from '@boocode/contracts/change.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Context } from '../command/context.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect, type Connection } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { jsonLine } from '../terminal/json-line.ts';
import { followTask } from './follow-task.ts';
import { HumanView } from './human-view.ts';
import { JsonView, taskLine } from './json-view.ts';
import type { TurnView } from './turn-view.ts';

export interface WatchOptions {
  readonly json: boolean;
  /** Say which task it is and leave it to itself. */
  readonly detach: boolean;
}

/** Streams a task to the terminal until it has ended; Ctrl-C cancels it. Resolves with the exit status that its end means. */
export async function watchTurn(context: Context, connection: Connection, task: Task, options: WatchOptions): Promise<number> {
  if (options.detach) return announce(context, task, options.json);
  const view: TurnView = options.json ? new JsonView(context.out, context.err) : new HumanView(context, connection);
  const watching = new AbortController();
  context.onInterrupt(cancelThenLeave(context, task, view), watching.signal);
  try {
    view.begin(task, await modelLabel(connection, task));
    const { update, connection: last } = await followTask(context, connection, task, view);
    view.end(update, await pendingChanges(last, update.task));
    return exitStatusOf(update.task);
  } finally {
    watching.abort();
    context.out.clearStatus();
  }
}

/** Its default is one of the models that the server lists; other agents choose for themselves. */
const NATIVE_AGENT = 'boocode';

/** What the end of a task means to the shell. */
export function exitStatusOf(task: Task): number {
  if (task.state === 'completed') return EXIT.completed;
  return task.state === 'cancelled' ? EXIT.cancelled : EXIT.failed;
}

function announce(context: Context, task: Task, json: boolean): number {
  if (json) context.out.write(jsonLine(taskLine(task)));
  else context.out.line(`Task ${shortId(task.id)} is on its way; watch it with \`boocode attach ${shortId(task.id)}\``);
  return EXIT.completed;
}

function cancelThenLeave(context: Context, task: Task, view: TurnView): () => void {
  let isCancelling = false;
  return () => {
    if (isCancelling) context.leave(EXIT.cancelled);
    isCancelling = true;
    view.cancelling();
    void cancel(context, task);
  };
}

async function cancel(context: Context, task: Task): Promise<void> {
  try {
    const { api } = await connect(context);
    await api.cancelTask({ params: { id: task.id } });
  } catch (error) {
    // a task that has just ended by itself needs no cancelling, and its end is already on the way
    if (!(error instanceof BooError && error.code === 'conflict'))
      context.err.line('Cannot cancel the task: the server did not answer; press Ctrl-C again to leave');
  }
}

/** The model's name, with the demo model marked as such wherever it appears. */
async function modelLabel({ api }: Connection, task: Task): Promise<string | null> {
  try {
    const { items } = await api.listModels();
    const model = items.find((one) => (task.model === null ? one.isDefault && task.agent === NATIVE_AGENT : one.id === task.model));
    if (model?.demo === true) return model.id === 'demo' ? 'demo model' : `${model.id} (demo model)`;
    return model?.id ?? task.model;
  } catch {
    return task.model; // only a label: the turn is watched all the same
  }
}

/** What waits for the person. A server that went away right after the end is no reason to fail the turn. */
async function pendingChanges(connection: Connection, task: Task): Promise<readonly Change[]> {
  try {
    return (await connection.api.listChanges({ params: { id: task.sessionId }, query: { state: 'pending' } })).items;
  } catch {
    return []; // the summary goes without them; `boocode changes` shows them later
  }
}
