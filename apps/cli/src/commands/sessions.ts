import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { findProject } from '../connection/find-project.ts';
import { shortId } from '../connection/resolve-id.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

export const sessions: Command = {
  name: 'sessions',
  group: 'look',
  summary: 'List sessions, newest first',
  args: [],
  options: { project: { value: 'DIR', summary: 'Only sessions of this folder' }, ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const folder = given.text('project');
    const project = folder === null ? null : await findProject(api, context.cwd, folder);
    const { items } = await api.listSessions({ query: { limit: 100, ...(project === null ? {} : { project: project.id }) } });
    const now = Date.now();
    printList(context, given.has('json'), items, {
      columns: [
        { title: 'ID' },
        { title: 'STATUS' },
        { title: 'CHATS', align: 'end' },
        { title: 'CHANGES', align: 'end' },
        { title: 'AGE', align: 'end' },
        { title: 'TITLE', flexible: true },
      ],
      row: (session) => [
        shortId(session.id),
        session.status,
        String(session.chats.length),
        String(session.pendingChanges),
        formatAge(session.updatedAt, now),
        session.title,
      ],
      empty: 'No sessions. Start one with `boocode run "..."`.',
    });
    return EXIT.completed;
  },
};
