import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolveNamed } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';

export const rename: Command = {
  name: 'rename',
  group: 'tasks',
  summary: 'Give a session or a chat another title',
  args: [
    { name: 'ID', summary: 'The session or the chat' },
    { name: 'TITLE', summary: 'The new title' },
  ],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const named = await resolveNamed(api, given.arg(0));
    const body = { title: given.arg(1) };
    const renamed =
      named.kind === 'chat' ? await api.patchChat({ params: { id: named.id }, body }) : await api.patchSession({ params: { id: named.id }, body });
    if (given.has('json')) context.out.write(jsonText(renamed));
    else context.out.line(`The ${named.kind} is called "${renamed.title}" now`);
    return EXIT.completed;
  },
};
