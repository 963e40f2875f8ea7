import type { Status } from '@boocode/contracts/health.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { formatAge, formatBytes } from '../terminal/quantity.ts';
import { wrapText } from '../terminal/wrap-text.ts';

export const status: Command = {
  name: 'status',
  group: 'server',
  summary: 'Show the running server, its database and its problems',
  args: [],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const answer = await api.status();
    if (given.has('json')) context.out.write(jsonText(answer));
    else for (const line of statusLines(answer, Date.now())) context.out.line(wrapText(neutraliseLine(line), context.out.width));
    return EXIT.completed;
  },
};

function statusLines(answer: Status, now: number): string[] {
  const { database, tasks } = answer;
  return [
    `BooCode ${answer.version} runs at ${answer.url} (process ${answer.pid}, for ${formatAge(answer.startedAt, now)}, ${formatBytes(answer.rssBytes)})`,
    `Home: ${answer.home}`,
    `Database: PostgreSQL ${database.version}, ${database.kind}${database.message === null ? '' : `; ${database.message}`}`,
    `Tasks: ${tasks.running} running, ${tasks.blocked} waiting for you, ${tasks.pending} waiting`,
    answer.contained ? 'Agents are contained' : 'Agents are not contained: an agent could approve itself; install bubblewrap',
    ...answer.problems.map((problem) => `! ${problem.text}`),
  ];
}
