import { BooError } from '@boocode/contracts/error-code.ts';
import { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { jsonText } from '../terminal/json-line.ts';

export const restore: Command = {
  name: 'restore',
  group: 'tasks',
  summary: 'Bring a deleted session or chat back',
  args: [{ name: 'ID', summary: 'Its whole id, as `boocode delete` said it' }],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const typed = given.arg(0).toLowerCase();
    const id = { session: SessionId.safeParse(typed).data, chat: ChatId.safeParse(typed).data };
    if (id.session === undefined || id.chat === undefined)
      throw usageError(`Cannot restore "${typed}": a deleted session or chat is named by its whole id, as \`boocode delete\` said it`);
    const session = await api.restoreSession({ params: { id: id.session } }).catch(unlessMissing);
    const restored = session ?? (await api.restoreChat({ params: { id: id.chat } }));
    if (given.has('json')) context.out.write(jsonText(restored));
    else context.out.line(`The ${session === null ? 'chat' : 'session'} "${restored.title}" is back`);
    return EXIT.completed;
  },
};

function unlessMissing(error: unknown): null {
  if (error instanceof BooError && error.code === 'not_found') return null; // then it is a chat's id
  throw error;
}
