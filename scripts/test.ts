import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeAgents } from './agent-folders.ts';
import { type Runner, RUNNERS } from './test-runners.ts';
import { addTallies, exitStatus, summaryLine, type Tally } from './tally.ts';

const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false }, only: { type: 'string' } } });

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort(name));

const tally = await runAll(wantedRunners(values.only, values.fast), values.fast);
if (!values.fast) process.stdout.write(`\n${describeAgents()}\n`);
process.stdout.write(`\n${summaryLine(tally)}\n`);
process.exitCode = interruption.signal.aborted ? 130 : exitStatus(tally);

function wantedRunners(only: string | undefined, onlyFast: boolean): readonly Runner[] {
  const names = only?.split(',');
  return RUNNERS.filter((runner) => (names === undefined ? runner.isFast || !onlyFast : names.includes(runner.name)));
}

/** Runs everything, also after a failure: a person wants to see all of it at once. */
async function runAll(runners: readonly Runner[], onlyFast: boolean): Promise<Tally> {
  const reports = mkdtempSync(join(tmpdir(), 'boocode-reports-'));
  try {
    const tallies: Tally[] = [];
    for (const runner of runners) {
      if (!interruption.signal.aborted) tallies.push(await runOne(runner, reports, onlyFast));
    }
    return addTallies(tallies);
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

async function runOne(runner: Runner, reports: string, onlyFast: boolean): Promise<Tally> {
  const show = (text: string): void => void process.stdout.write(text);
  const onOutput = runner.isLive ? show : () => {};
  const { tally, output, seconds } = await runner.run({ cwd: process.cwd(), reports, onlyFast, onOutput, signal: interruption.signal });
  if (tally.failed > 0 && !runner.isLive) show(output.endsWith('\n') ? output : `${output}\n`);
  show(`${tally.failed === 0 ? 'ok    ' : 'FAILED'} ${runner.name.padEnd(8)} ${summaryLine(tally).padEnd(24)} ${seconds.toFixed(1)} s\n`);
  return tally;
}
