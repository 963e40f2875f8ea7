import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { Baseline, type CreateTask } from '@boocode/contracts/task.ts';
import { type Command, type Given, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { usageError } from '../command/exit-error.ts';
import { connectOrStart } from '../connection/connect.ts';
import { checkAgent, TURN_OPTIONS, turnChoice } from '../turn/turn-options.ts';
import { watchTurn } from '../turn/watch-turn.ts';

export const run: Command = {
  name: 'run',
  group: 'tasks',
  summary: 'Give an agent a task in a folder and watch it work',
  args: [{ name: 'TASK', summary: 'What to do, in quotes; - reads it from the standard input' }],
  options: {
    project: { value: 'DIR', summary: 'The folder to work on (default: the current one)' },
    ...TURN_OPTIONS,
    baseline: { value: 'BASELINE', choices: ['head', 'uncommitted'], summary: 'Start from the last commit or with your uncommitted changes' },
    detach: { summary: 'Do not wait for the end' },
    ...JSON_OPTION,
  },
  notes: [
    'The agent works in its own copy of the repository: your files stay as they are until you apply its changes. Ctrl-C cancels the task, twice leaves at once.',
    'Without a running server one is started in the background.',
  ],
  async run(context, given) {
    const body = await readTask(context, given);
    const connection = await connectOrStart(context);
    await checkAgent(connection.api, given);
    const task = await connection.api.createTask({ body });
    return watchTurn(context, connection, task, { json: given.has('json'), detach: given.has('detach') });
  },
};

async function readTask(context: Context, given: Given): Promise<CreateTask> {
  const baseline = given.text('baseline');
  return {
    input: await readInput(context, given.arg(0)),
    projectPath: resolve(context.cwd, given.text('project') ?? '.'),
    ...turnChoice(given),
    ...(baseline === null ? {} : { baseline: Baseline.parse(baseline) }),
  };
}

/** The argument itself, or with `-` all of the standard input. */
async function readInput(context: Context, argument: string): Promise<string> {
  if (argument !== '-') return argument;
  const input = (await text(context.input)).trim();
  if (input === '') throw usageError('Cannot run a task: the standard input is empty; pipe the task into `boocode run -`');
  return input;
}
