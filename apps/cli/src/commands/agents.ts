import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
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
  notes: ['`--json` has a report of each, for when something is wrong. More agents: `boocode agents catalogue`.'],
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.listProviders();
    printList(context, given.has('json'), items, {
      columns: [{ title: 'AGENT' }, { title: 'STATUS' }, { title: 'VERSION' }, { title: 'MODELS', align: 'end' }, { title: 'NOTE', flexible: true }],
      row: (agent) => [agent.id, agent.status, agent.version ?? '', String(agent.models.length), noteOf(agent)],
      empty: 'No agents.',
    });
    return EXIT.completed;
  },
};

export const agentsRefresh: Command = {
  name: 'agents refresh',
  group: 'look',
  summary: 'Look for agents and models again',
  args: [],
  options: {},
  async run(context) {
    const { api } = await connect(context);
    await api.refreshProviders({ body: {} });
    context.out.line('Looking again; `boocode agents` shows what is found');
    return EXIT.completed;
  },
};

function noteOf({ message, label, transport, contained, status, installHint }: ProviderSnapshot): string {
  if (message !== null) return status === 'unavailable' && installHint !== null ? `${message}: ${installHint}` : message;
  return transport === 'native' || contained ? label : `${label}, not contained`;
}
