import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { changeRow, changeTotals } from '../changes/change-rows.ts';
import { formatPatch } from '../changes/format-patch.ts';
import { connect } from '../connection/connect.ts';
import { resolveSession } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { formatPlural } from '../terminal/quantity.ts';
import { wrapIndented } from '../terminal/wrap-text.ts';

const STATES = ['pending', 'applied', 'rejected', 'all'] as const;

export const changes: Command = {
  name: 'changes',
  group: 'changes',
  summary: 'Show the changes that wait for you',
  args: [{ name: 'ID', summary: 'A session, or a task of it' }],
  options: {
    diff: { summary: 'Show the changed lines too' },
    state: { value: 'STATE', choices: STATES, summary: 'Which ones (default: pending and in conflict)' },
    ...JSON_OPTION,
  },
  async run(context, given) {
    const { out } = context;
    const { api } = await connect(context);
    const id = await resolveSession(api, given.arg(0));
    const state = STATES.find((one) => one === given.text('state'));
    const { items } = await api.listChanges({ params: { id }, query: { state: state ?? 'all' } });
    const shown = state === undefined ? items.filter((change) => change.state === 'pending' || change.state === 'conflict') : items;
    if (given.has('json')) out.write(jsonText(shown));
    else if (shown.length === 0) context.err.line('No changes wait for you.');
    else if (given.has('diff')) for (const change of shown) out.write(formatPatch(change, out));
    else {
      out.line(`${formatPlural(shown.length, 'changed file')} (${changeTotals(shown)}):`);
      for (const change of shown) {
        out.line(changeRow(change, out.width, out.paint));
        if (change.note !== null) out.line(wrapIndented(neutraliseLine(change.note), '    ', out.width));
      }
    }
    return EXIT.completed;
  },
};
