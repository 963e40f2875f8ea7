import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Command } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolveChat } from '../connection/resolve-id.ts';
import { neutralise } from '../terminal/neutralise.ts';
import { mapChatMarkdown } from '../turn/map-chat-markdown.ts';

const PAGE = 200;

export const exportChat: Command = {
  name: 'export',
  group: 'look',
  summary: 'Print a whole chat as Markdown',
  args: [{ name: 'CHAT', summary: 'A chat, or a task or session of it' }],
  options: {},
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveChat(api, given.arg(0));
    const chat = await api.getChat({ params: { id } });
    const session = await api.getSession({ params: { id: chat.sessionId } });
    const text = mapChatMarkdown(`${session.title}: ${chat.title}`, await readAll(api, id));
    context.out.write(context.out.isTerminal ? neutralise(text) : text);
    return EXIT.completed;
  },
};

async function readAll(api: ApiClient, id: ChatId): Promise<readonly Message[]> {
  const pages: Message[][] = [];
  let before: number | null = null;
  for (;;) {
    const page: Awaited<ReturnType<ApiClient['listMessages']>> = await api.listMessages({
      params: { id },
      query: { limit: PAGE, ...(before === null ? {} : { before }) },
    });
    pages.unshift(page.items);
    if (page.nextCursor === null) return pages.flat();
    before = Number(page.nextCursor);
  }
}
