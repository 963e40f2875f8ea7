import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolveTask, shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';

export const discard: Command = {
  name: 'discard',
  group: 'tasks',
  summary: 'Settle a failed or interrupted task: it leaves the inbox',
  args: [{ name: 'ID', summary: 'The task' }],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const { id } = await resolveTask(api, given.arg(0));
    const task = await api.discardTask({ params: { id } });
    if (given.has('json')) context.out.write(jsonText(task));
    else context.out.line(`Task ${shortId(id)} is settled`);
    return EXIT.completed;
  },
};
