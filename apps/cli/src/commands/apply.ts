import { type ChangeAction, actOnChanges, CHOICE_OPTIONS, chooseTyped, CONFIRM_OPTION } from '../changes/act-on-changes.ts';
import { runCheck } from '../changes/run-check.ts';
import { type Command, type Given, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { wrapText } from '../terminal/wrap-text.ts';

const ACTION: ChangeAction = {
  verb: 'apply',
  from: ['pending', 'conflict'],
  nothing: 'Nothing to apply: no changes are pending.',
  act: (api, id, body) => api.applyChanges({ params: { id }, body }),
};

export const apply: Command = {
  name: 'apply',
  group: 'changes',
  summary: 'Take pending changes into your folder, all or none',
  args: [
    { name: 'ID', summary: 'A session, or a task of it' },
    { name: 'PATH', summary: 'Only these files or folders, as `boocode changes` shows them', isOptional: true, isRepeated: true },
  ],
  options: {
    ...CHOICE_OPTIONS,
    check: { value: 'COMMAND', summary: 'First run this on your folder as it would be, in a place of its own; only when it passes they are applied' },
    commit: { value: 'MESSAGE', summary: 'Commit just these changes on the branch that is checked out' },
    branch: { value: 'NAME', summary: 'Put them on a new branch instead; your folder stays as it is' },
    ...CONFIRM_OPTION,
    ...JSON_OPTION,
  },
  notes: [
    '`--branch` takes its message from `--commit`.',
    '`--check .` runs the command that `.boocode/project.json` names as "check", once you have trusted it.',
  ],
  async run(context, given) {
    if (given.has('dry-run')) return actOnChanges(context, given, ACTION, {});
    if (given.has('commit') || given.has('branch')) return deliver(context, given);
    const checkId = given.has('check') ? await check(context, given) : null;
    if (given.has('check') && checkId === null) return EXIT.failed;
    return actOnChanges(context, given, ACTION, checkId === null ? {} : { checkId });
  },
};

/** The check's id once it has passed; null when it has not. */
async function check(context: Context, given: Given): Promise<string | null> {
  const typed = await chooseTyped(context, given, ACTION);
  if (typed === null) return null;
  const { api, id, choice } = typed;
  const command = given.text('check');
  return runCheck(context, api, id, { ...choice, ...(command === null || command === '.' ? {} : { command }) });
}

async function deliver(context: Context, given: Given): Promise<number> {
  const message = given.text('commit');
  const branch = given.text('branch');
  for (const other of ['check', 'confirm'])
    if (given.has(other)) throw usageError(`Cannot use --${other} with --commit or --branch: apply first, then commit yourself`);
  if (message === null) throw usageError('Cannot make a branch without a message; add --commit MESSAGE');
  const typed = await chooseTyped(context, given, ACTION);
  if (typed === null) return EXIT.completed;
  const { api, id, choice } = typed;
  const made =
    branch === null
      ? await api.commitChanges({ params: { id }, body: { ...choice, message } })
      : await api.branchChanges({ params: { id }, body: { ...choice, message, branch } });
  if (given.has('json')) context.out.write(jsonText(made));
  else context.out.line(wrapText(neutraliseLine(made.message), context.out.width));
  return EXIT.completed;
}
