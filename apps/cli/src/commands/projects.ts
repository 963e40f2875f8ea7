import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { printList } from '../terminal/print-list.ts';

export const projects: Command = {
  name: 'projects',
  group: 'look',
  summary: 'List the folders that BooCode knows',
  args: [],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.listProjects({ query: { limit: 500 } });
    printList(context, given.has('json'), items, {
      columns: [{ title: 'ID' }, { title: 'NAME' }, { title: 'FOLDER', flexible: true }],
      row: (project) => [shortId(project.id), project.name, project.path],
      empty: 'No projects. `boocode run "..."` makes one of the folder it is run in.',
    });
    return EXIT.completed;
  },
};
