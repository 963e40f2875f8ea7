import { type Command, JSON_OPTION } from '../command/command.ts';
import { connect } from '../connection/connect.ts';
import { resolveTask } from '../connection/resolve-id.ts';
import { watchTurn } from '../turn/watch-turn.ts';

export const retry: Command = {
  name: 'retry',
  group: 'tasks',
  summary: 'Give the prompt of a task again',
  args: [{ name: 'ID', summary: 'The task; of a chat or session, the newest' }],
  options: { detach: { summary: 'Do not wait for the end' }, ...JSON_OPTION },
  async run(context, given) {
    const connection = await connect(context);
    const ended = await resolveTask(connection.api, given.arg(0));
    const task = await connection.api.retryTask({ params: { id: ended.id } });
    return watchTurn(context, connection, task, { json: given.has('json'), detach: given.has('detach') });
  },
};
