import { TASK_STATES, TaskState } from '@boocode/contracts/task.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { findProject } from '../connection/find-project.ts';
import { shortId } from '../connection/resolve-id.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

export const ls: Command = {
  name: 'ls',
  group: 'tasks',
  summary: 'List tasks, newest first',
  args: [],
  options: {
    state: { value: 'STATE', choices: TASK_STATES, summary: 'Only tasks in this state' },
    project: { value: 'DIR', summary: 'Only tasks of this folder' },
    limit: { value: 'N', range: [1, 500], summary: 'How many at most, up to 500 (default 50)' },
    ...JSON_OPTION,
  },
  async run(context, given) {
    const { api } = await connect(context);
    const [state, folder, limit] = [given.text('state'), given.text('project'), given.text('limit')];
    const project = folder === null ? null : await findProject(api, context.cwd, folder);
    const { items } = await api.listTasks({
      query: { limit: limit ?? 50, ...(state === null ? {} : { state: TaskState.parse(state) }), ...(project === null ? {} : { project: project.id }) },
    });
    const now = Date.now();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'ID' }, { title: 'STATE' }, { title: 'AGENT' }, { title: 'AGE', align: 'end' }, { title: 'TASK', flexible: true }],
      row: (task) => [shortId(task.id), task.state, task.agent, formatAge(task.createdAt, now), task.input],
      empty: 'No tasks. Start one with `boocode run "..."`.',
    });
    return EXIT.completed;
  },
};
