import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { findProject } from '../connection/find-project.ts';
import { shortId } from '../connection/resolve-id.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

export const search: Command = {
  name: 'search',
  group: 'look',
  summary: 'Find messages of all chats, newest first',
  args: [{ name: 'TEXT', summary: 'Words or beginnings of words; a message holds all of them' }],
  options: {
    project: { value: 'DIR', summary: 'Only chats of this folder' },
    limit: { value: 'N', range: [1, 500], summary: 'How many at most, up to 500 (default 50)' },
    ...JSON_OPTION,
  },
  notes: ['`boocode export CHAT` prints the whole chat.'],
  async run(context, given) {
    const { api } = await connect(context);
    const [folder, limit] = [given.text('project'), given.text('limit')];
    const project = folder === null ? null : await findProject(api, context.cwd, folder);
    const { items } = await api.search({ query: { q: given.arg(0), limit: limit ?? 50, ...(project === null ? {} : { project: project.id }) } });
    const now = Date.now();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'CHAT' }, { title: 'SESSION' }, { title: 'WHO' }, { title: 'AGE', align: 'end' }, { title: 'TEXT', flexible: true }],
      row: (hit) => [
        shortId(hit.chatId),
        hit.sessionTitle.slice(0, 24),
        hit.role === 'user' ? 'you' : 'agent',
        formatAge(hit.createdAt, now),
        hit.snippet.map((piece) => piece.text).join(''),
      ],
      empty: 'No message holds all of these words.',
    });
    return EXIT.completed;
  },
};
