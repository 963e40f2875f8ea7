import { COST_GROUPS, type CostItem } from '@boocode/contracts/cost.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { printList } from '../terminal/print-list.ts';
import { formatCount } from '../terminal/quantity.ts';

export const costs: Command = {
  name: 'costs',
  group: 'look',
  summary: 'Show what tasks used: tokens, and money where it has a price',
  args: [],
  options: {
    by: { value: 'GROUP', choices: COST_GROUPS, summary: 'What to add up by (default: project)' },
    from: { value: 'DAY', summary: 'Only tasks since this day, for instance 2026-01-31' },
    to: { value: 'DAY', summary: 'Only tasks until this day' },
    ...JSON_OPTION,
  },
  async run(context, given) {
    const { api } = await connect(context);
    const by = COST_GROUPS.find((group) => group === given.text('by')) ?? 'project';
    const [from, to] = [given.text('from'), given.text('to')];
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const { items } = await api.getCosts({ query: { group_by: by, timezone, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) } });
    printList(context, given.has('json'), items, {
      columns: [
        { title: by.toUpperCase(), flexible: true },
        { title: 'TASKS', align: 'end' },
        { title: 'TOKENS IN', align: 'end' },
        { title: 'TOKENS OUT', align: 'end' },
        { title: 'COST', align: 'end' },
      ],
      row: (item) => [item.label, formatCount(item.tasks), tokens(item.tokensIn), tokens(item.tokensOut), price(item)],
      empty: 'No task has run yet in this time.',
    });
    return EXIT.completed;
  },
};

function tokens(count: number | null): string {
  return count === null ? 'not told' : formatCount(count);
}

function price({ cost }: CostItem): string {
  return cost === null ? 'no price' : `$${cost.toFixed(cost > 0 && cost < 0.01 ? 4 : 2)}`;
}
