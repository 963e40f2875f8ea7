import { type Command, JSON_OPTION } from '../command/command.ts';
import { connect } from '../connection/connect.ts';
import { resolveTask } from '../connection/resolve-id.ts';
import { watchTurn } from '../turn/watch-turn.ts';

export const attach: Command = {
  name: 'attach',
  group: 'tasks',
  summary: 'Watch a task from its beginning to its end',
  args: [{ name: 'ID', summary: 'A task; of a chat or session, the one that runs or the newest' }],
  options: { ...JSON_OPTION },
  notes: ['Ctrl-C cancels the task, twice leaves at once.'],
  async run(context, given) {
    const connection = await connect(context);
    const task = await resolveTask(connection.api, given.arg(0));
    return watchTurn(context, connection, task, { json: given.has('json'), detach: false });
  },
};
