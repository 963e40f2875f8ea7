import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolveNamed } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';

export const deleteCommand: Command = {
  name: 'delete',
  group: 'tasks',
  summary: 'Delete a session or a chat; `boocode bring-back` undoes it',
  args: [{ name: 'ID', summary: 'The session or the chat' }],
  options: { force: { summary: 'Also when a turn has not ended (it is stopped) or changes are not applied' }, ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const named = await resolveNamed(api, given.arg(0));
    const query = given.has('force') ? { force: 'true' as const } : {};
    if (named.kind === 'chat') await api.deleteChat({ params: { id: named.id }, query });
    else await api.deleteSession({ params: { id: named.id }, query });
    if (given.has('json')) context.out.write(jsonText({ deleted: named }));
    else {
      context.out.line(`The ${named.kind} is deleted. Bring it back with:`);
      context.out.line(`  boocode bring-back ${named.id}`);
    }
    return EXIT.completed;
  },
};
