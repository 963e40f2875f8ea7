import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { changeRow, changeTotals, hunkRow } from '../changes/change-rows.ts';
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
    hunks: { summary: 'Show the hunks of each change: their names, lines, authors, and which are marked' },
    patch: { summary: 'Print one patch that `git apply` takes, binary files included' },
    state: { value: 'STATE', choices: STATES, summary: 'Which ones (default: pending and in conflict)' },
    ...JSON_OPTION,
  },
  async run(context, given) {
    const { out } = context;
    const { api } = await connect(context);
    const id = await resolveSession(api, given.arg(0));
    const state = STATES.find((one) => one === given.text('state'));
    if (given.has('patch')) {
      if (state === 'rejected' || state === 'all')
        throw usageError(`Cannot print a patch of --state ${state}: it is made of what is pending, or of what was applied`);
      const { patch, base64 } = await api.exportChanges({ params: { id }, body: { state: state ?? 'pending' } });
      if (given.has('json')) out.write(jsonText({ patch, base64 }));
      else if (base64 === undefined) out.write(patch);
      else context.output.write(Buffer.from(base64, 'base64'));
      return EXIT.completed;
    }
    const { items } = await api.listChanges({ params: { id }, query: { state: state ?? 'all' } });
    const shown = state === undefined ? items.filter((change) => change.state === 'pending' || change.state === 'conflict') : items;
    if (given.has('json')) out.write(jsonText(shown));
    else if (shown.length === 0) context.err.line('No changes wait for you.');
    else if (given.has('diff')) for (const change of shown) out.write(formatPatch(change, out));
    else {
      out.line(`${formatPlural(shown.length, 'changed file')} (${changeTotals(shown)}):`);
      for (const change of shown) {
        out.line(changeRow(change, out.width, out.paint));
        if (given.has('hunks')) for (const hunk of change.hunks) out.line(hunkRow(hunk, out.paint));
        for (const other of change.others ?? []) out.line(wrapIndented(neutraliseLine(`also changed in "${other.sessionTitle}"`), '    ', out.width));
        if (change.note !== null) out.line(wrapIndented(neutraliseLine(change.note), '    ', out.width));
      }
    }
    return EXIT.completed;
  },
};
