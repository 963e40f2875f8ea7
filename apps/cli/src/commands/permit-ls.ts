import type { Permission } from '@boocode/contracts/permission.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { formatColumns } from '../terminal/columns.ts';
import { jsonText } from '../terminal/json-line.ts';
import { formatAge } from '../terminal/quantity.ts';
import { wrapIndented } from '../terminal/wrap-text.ts';
import { formatOptions } from '../turn/permission-text.ts';

export const permitLs: Command = {
  name: 'permit ls',
  alias: 'permit',
  group: 'tasks',
  summary: 'List open questions of agents, with their answers',
  args: [],
  options: { ...JSON_OPTION },
  notes: [
    'Answer with `boocode permit allow ID`, `boocode permit deny ID` or `boocode permit answer ID NUMBER`. What you allow for good is in `boocode permit rules`.',
  ],
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.listPermissions();
    if (given.has('json')) context.out.write(jsonText(items));
    else if (items.length === 0) context.err.line('No open questions.');
    else printQuestions(context, items, Date.now());
    return EXIT.completed;
  },
};

/** The table, with a line of answers below each question. */
function printQuestions({ out }: Context, items: readonly Permission[], now: number): void {
  const table = formatColumns(
    [{ title: 'ID' }, { title: 'TASK' }, { title: 'AGENT' }, { title: 'KIND' }, { title: 'AGE', align: 'end' }, { title: 'QUESTION', flexible: true }],
    items.map(({ id, taskId, agent, kind, createdAt, title, subject }) => [
      shortId(id),
      shortId(taskId),
      agent,
      kind,
      formatAge(createdAt, now),
      `${title} ${subject}`,
    ]),
    out.width,
  );
  const [head = '', ...lines] = table.trimEnd().split('\n');
  out.line(head);
  for (const [index, line] of lines.entries()) {
    out.line(line);
    const options = items[index]?.options ?? [];
    if (options.length > 0) out.line(wrapIndented(formatOptions(options), '          ', out.width));
  }
}
