import { type Command, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { homeOf } from '../connection/find-server.ts';
import type { Check } from '../doctor/check.ts';
import { checkGit, checkHome, checkNode, checkSandbox } from '../doctor/check-machine.ts';
import { checkServer } from '../doctor/check-server.ts';
import { printReapReport } from '../doctor/check-worktrees.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import type { Look } from '../terminal/terminal.ts';
import { wrapIndented } from '../terminal/wrap-text.ts';

const LOOKS: Record<Check['level'], Look> = { ok: 'green', warn: 'yellow', fail: 'red' };

export const doctor: Command = {
  name: 'doctor',
  group: 'server',
  summary: 'Check this machine and the server, and say what to do',
  args: [],
  options: { worktrees: { summary: 'What the reaper would do with each worktree, and why; nothing is done' }, ...JSON_OPTION },
  notes: ['Exit status 1 when a line says fail.'],
  async run(context, given) {
    if (given.has('worktrees')) return doctorWorktrees(context, given.has('json'));
    const home = homeOf(context.env);
    const machine = await Promise.all([checkGit(context.env), checkHome(home), checkSandbox(context.env)]);
    const checks = [checkNode(process.versions.node), ...machine, ...(await checkServer(context.env))];
    if (given.has('json')) context.out.write(jsonText(checks));
    else
      for (const check of checks)
        context.out.line(formatCheck(check, context.out.width).replace(check.level, context.out.paint(LOOKS[check.level], check.level)));
    return checks.some((check) => check.level === 'fail') ? EXIT.failed : EXIT.completed;
  },
};

async function doctorWorktrees(context: Context, json: boolean): Promise<number> {
  const { api } = await connect(context);
  const report = await api.planReap();
  if (json) context.out.write(jsonText(report));
  else printReapReport(context, report, Date.now());
  return EXIT.completed;
}

function formatCheck(check: Check, width: number): string {
  return check.level.padEnd(6) + wrapIndented(neutraliseLine(`${check.name}: ${check.text}`), '      ', width).trimStart();
}
