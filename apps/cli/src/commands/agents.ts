import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { printList } from '../terminal/print-list.ts';

export const agents: Command = {
  name: 'agents',
  group: 'look',
  summary: 'List agents and whether they can be used',
  args: [],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.listProviders();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'AGENT' }, { title: 'STATUS' }, { title: 'VERSION' }, { title: 'MODELS', align: 'end' }, { title: 'NOTE', flexible: true }],
      row: (agent) => [agent.id, agent.status, agent.version ?? '', String(agent.models.length), agent.message ?? agent.label],
      empty: 'No agents.',
    });
    return EXIT.completed;
  },
};
