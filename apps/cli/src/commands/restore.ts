import type { RestoreResult } from '@boocode/contracts/checkpoint.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { findCheckpoint, shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { wrapIndented, wrapText } from '../terminal/wrap-text.ts';
import { bringBackDeleted } from './bring-back.ts';

const NAMED = 10;

export const restore: Command = {
  name: 'restore',
  group: 'changes',
  summary: 'Bring the files of a session and its conversation back to a checkpoint',
  args: [
    { name: 'CHECKPOINT', summary: 'As `boocode checkpoints` shows it' },
    { name: 'PATH', summary: 'Only these files or folders', isOptional: true, isRepeated: true },
  ],
  options: {
    files: { summary: 'Only the files; the conversation stays as it is' },
    chat: { summary: 'Only the conversation; the files stay as they are' },
    ...JSON_OPTION,
  },
  notes: ['A checkpoint of the present state is taken first: restoring that one undoes it.', 'The whole ID of a deleted session or chat brings that back.'],
  async run(context, given) {
    const paths = given.args.slice(1);
    if (given.has('chat') && (given.has('files') || paths.length > 0))
      throw usageError('Cannot restore: --chat leaves the files as they are, so it goes with neither --files nor a PATH');
    const { api } = await connect(context);
    const id = await findCheckpoint(api, given.arg(0));
    if (id === null) return bringBackDeleted(context, api, given.arg(0), given.has('json'));
    const what = given.has('chat') ? 'chat' : given.has('files') || paths.length > 0 ? 'files' : 'both';
    const result = await api.restoreCheckpoint({ params: { id }, body: { what, ...(paths.length === 0 ? {} : { paths }) } });
    if (given.has('json')) context.out.write(jsonText(result));
    else print(context, result, what);
    return EXIT.completed;
  },
};

function print({ out }: Context, result: RestoreResult, what: 'both' | 'files' | 'chat'): void {
  out.line(wrapText(`${neutraliseLine(result.message)}.`, out.width));
  for (const { path, reason } of result.leftAlone.slice(0, NAMED)) out.line(wrapIndented(neutraliseLine(`${path}: ${reason}`), '  ', out.width));
  if (result.leftAlone.length > NAMED) out.line(`  and ${result.leftAlone.length - NAMED} more`);
  if (result.prompt !== null) out.line(wrapIndented(`The first prompt that is gone: ${neutraliseLine(result.prompt.text)}`, '', out.width));
  out.line('Undo it with:');
  out.line(`  boocode restore ${shortId(result.safety)}${what === 'both' ? '' : ` --${what}`}`);
}
