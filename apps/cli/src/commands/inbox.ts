import type { InboxItem } from '@boocode/contracts/inbox.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

export const inbox: Command = {
  name: 'inbox',
  group: 'tasks',
  summary: 'List what needs you: open questions, then failed and interrupted tasks',
  args: [],
  options: { ...JSON_OPTION },
  notes: [
    'Answer a question with `boocode permit allow ID` or `boocode permit deny ID`; settle a task with `boocode continue ID`, `boocode retry ID` or `boocode discard ID`.',
  ],
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.getInbox();
    const now = Date.now();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'ID' }, { title: 'WHAT' }, { title: 'AGE', align: 'end' }, { title: 'ABOUT', flexible: true }],
      row: (item) => rowOf(item, now),
      empty: 'Nothing needs you.',
    });
    return EXIT.completed;
  },
};

function rowOf(item: InboxItem, now: number): readonly string[] {
  switch (item.type) {
    case 'permission':
      return [shortId(item.permission.id), 'question', formatAge(item.permission.createdAt, now), `${item.permission.title} ${item.permission.subject}`];
    case 'task':
      return [shortId(item.task.id), item.task.state, formatAge(item.task.endedAt ?? item.task.createdAt, now), item.task.error?.message ?? item.task.input];
  }
}
