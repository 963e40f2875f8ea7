import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

export const permitLs: Command = {
  name: 'permit ls',
  alias: 'permit',
  group: 'tasks',
  summary: 'List open permission questions',
  args: [],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.listPermissions();
    const now = Date.now();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'ID' }, { title: 'TASK' }, { title: 'AGENT' }, { title: 'AGE', align: 'end' }, { title: 'QUESTION', flexible: true }],
      row: (permission) => [
        shortId(permission.id),
        shortId(permission.taskId),
        permission.agent,
        formatAge(permission.createdAt, now),
        `${permission.title} ${permission.subject}`,
      ],
      empty: 'No open questions.',
    });
    return EXIT.completed;
  },
};
