import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { jsonText } from '../terminal/json-line.ts';

export const bringBack: Command = {
  name: 'bring-back',
  group: 'tasks',
  summary: 'Bring a deleted session or chat back',
  args: [{ name: 'ID', summary: 'Its whole id, as `boocode delete` said it' }],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    return bringBackDeleted(context, api, given.arg(0), given.has('json'));
  },
};

/** Brings a deleted session or chat back by its whole id, and says so. */
export async function bringBackDeleted({ out }: Pick<Context, 'out'>, api: ApiClient, typed: string, isJson: boolean): Promise<number> {
  const name = typed.toLowerCase();
  const id = { session: SessionId.safeParse(name).data, chat: ChatId.safeParse(name).data };
  if (id.session === undefined || id.chat === undefined)
    throw usageError(
      `Cannot restore "${typed}": no checkpoint has this id, and a deleted session or chat is named by its whole id, as \`boocode delete\` said it; \`boocode checkpoints ID\` lists checkpoints`,
    );
  const session = await api.restoreSession({ params: { id: id.session } }).catch(unlessMissing);
  const restored = session ?? (await api.restoreChat({ params: { id: id.chat } }));
  if (isJson) out.write(jsonText(restored));
  else out.line(`The ${session === null ? 'chat' : 'session'} "${restored.title}" is back`);
  return EXIT.completed;
}

function unlessMissing(error: unknown): null {
  if (error instanceof BooError && error.code === 'not_found') return null; // then it is a chat's id
  throw error;
}
