import type { Checkpoint, Comparison } from '@boocode/contracts/checkpoint.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { formatPatch } from '../changes/format-patch.ts';
import { connect } from '../connection/connect.ts';
import { resolveCheckpoint, resolveSession, shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

const NOW = 'now';

export const checkpoints: Command = {
  name: 'checkpoints',
  group: 'changes',
  summary: 'List the checkpoints of a session, compare two, or take one',
  args: [
    { name: 'ID', summary: 'A session, or a task of it' },
    { name: 'B', summary: 'With --compare: the later one, or `now` for the files as they are (the default)', isOptional: true },
  ],
  options: {
    compare: { value: 'A', summary: 'Show what is different since this checkpoint' },
    take: { value: 'LABEL', summary: 'Keep the files as they are now, under this label' },
    ...JSON_OPTION,
  },
  notes: ['`boocode restore CHECKPOINT` brings files and conversation back to one.'],
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveSession(api, given.arg(0));
    const label = given.text('take');
    const from = given.text('compare');
    const later = given.args[1];
    if (label !== null) {
      const taken = await api.createCheckpoint({ params: { id }, body: { label } });
      if (given.has('json')) context.out.write(jsonText(taken));
      else context.out.line(`Checkpoint ${shortId(taken.id)} is taken`);
      return EXIT.completed;
    }
    if (from !== null) {
      const to = later === undefined || later === NOW ? 'worktree' : await resolveCheckpoint(api, later);
      printComparison(context, await api.compareCheckpoints({ params: { id: await resolveCheckpoint(api, from) }, query: { to } }), given.has('json'));
      return EXIT.completed;
    }
    if (later !== undefined) throw usageError(`Cannot list the checkpoints of two sessions: "${later}" is one too many; compare with --compare A B`);
    const { items } = await api.listCheckpoints({ params: { id }, query: { limit: 500 } });
    printCheckpoints(context, items, given.has('json'));
    return EXIT.completed;
  },
};

function printCheckpoints(context: Context, items: readonly Checkpoint[], isJson: boolean): void {
  const now = Date.now();
  printList(context, isJson, items, {
    columns: [
      { title: 'ID' },
      { title: 'KIND' },
      { title: 'FILES', align: 'end' },
      { title: 'LINES', align: 'end' },
      { title: 'AGE', align: 'end' },
      { title: 'AGENT' },
      { title: 'WHAT', flexible: true },
    ],
    row: (one) => [
      shortId(one.id),
      one.kind,
      String(one.files),
      `+${one.additions} -${one.deletions}`,
      formatAge(one.createdAt, now),
      one.agent ?? '-',
      neutraliseLine(one.label) + (one.skipped.length === 0 ? '' : ` (without ${one.skipped.length} files)`),
    ],
    empty: 'No checkpoints: the first turn that may edit files takes one.',
  });
}

function printComparison({ out, err }: Context, comparison: Comparison, isJson: boolean): void {
  if (isJson) out.write(jsonText(comparison.items));
  else if (comparison.items.length === 0) err.line('No difference.');
  else for (const file of comparison.items) out.write(formatPatch(file, out));
  for (const { path, reason } of comparison.leftOut) err.line(neutraliseLine(`Not compared: ${path}: ${reason}`));
}
