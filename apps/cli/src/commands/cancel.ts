import { hasEnded } from '@boocode/contracts/task.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT, ExitError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolveTask, shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';

export const cancel: Command = {
  name: 'cancel',
  group: 'tasks',
  summary: 'Cancel a task that has not ended',
  args: [{ name: 'ID', summary: 'The task; of a chat or session, the one that runs' }],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const task = await resolveTask(api, given.arg(0));
    if (hasEnded(task.state)) throw new ExitError(EXIT.failed, `Cannot cancel task ${shortId(task.id)}: it is already ${task.state}; there is nothing to do`);
    const cancelled = await api.cancelTask({ params: { id: task.id } });
    if (given.has('json')) context.out.write(jsonText(cancelled));
    else context.out.line(hasEnded(cancelled.state) ? `Task ${shortId(task.id)} is ${cancelled.state}` : `Task ${shortId(task.id)} is being cancelled`);
    return EXIT.completed;
  },
};
