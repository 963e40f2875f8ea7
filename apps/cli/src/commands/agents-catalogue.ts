import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { printList } from '../terminal/print-list.ts';

export const agentsCatalogue: Command = {
  name: 'agents catalogue',
  group: 'look',
  summary: 'List agents that can be added, each tried with exactly this version',
  args: [],
  options: { ...JSON_OPTION },
  notes: ['Install one as its last column says, then `boocode agents add ID`.'],
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.listCatalogue();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'ID' }, { title: 'AGENT' }, { title: 'ADDED' }, { title: 'TRIED' }, { title: 'INSTALL', flexible: true }],
      row: (agent) => [agent.id, agent.label, agent.isAdded ? 'yes' : '', agent.testedOn, agent.installHint],
      empty: 'The catalogue is empty.',
    });
    return EXIT.completed;
  },
};

export const agentsAdd: Command = {
  name: 'agents add',
  group: 'look',
  summary: 'Add an agent of the catalogue to config.json',
  args: [{ name: 'ID', summary: 'The agent, as `boocode agents catalogue` lists it' }],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const agent = await api.addProvider({ body: { fromCatalogue: given.arg(0) } });
    if (given.has('json')) context.out.line(JSON.stringify(agent));
    else context.out.line(neutraliseLine(`Added ${agent.label}; \`boocode agents\` shows whether it is installed`));
    return EXIT.completed;
  },
};
