import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { runTool, type ToolOptions } from './run-tool.ts';
import { type Tally, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from './tally.ts';

const LONGEST_SILENCE_MS = 300_000;

/** One line of `npm test`. `isFast` ones are `npm run check` as well. */
export interface Runner {
  readonly name: string;
  readonly isFast: boolean;
  /** Shown while it runs; the others only when they fail. */
  readonly isLive: boolean;
  run(context: RunnerContext): Promise<{ readonly tally: Tally; readonly output: string; readonly seconds: number }>;
}

export interface RunnerContext {
  readonly cwd: string;
  /** A folder for reports. */
  readonly reports: string;
  /** Leaves out what needs a database, starts agents or the tools themselves, or goes through whole repositories. */
  readonly onlyFast: boolean;
  readonly onOutput: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Everything that must hold, cheapest first. */
export const RUNNERS: readonly Runner[] = [
  check('format', true, 'oxfmt', ['--check', '.']),
  check('lint', true, 'oxlint', ['--type-aware', '--deny-warnings', '--report-unused-disable-directives']),
  check('types', true, 'tsc', ['-p', '.']),
  check('unused', false, 'knip', ['--no-progress', '--no-config-hints']),
  { name: 'tests', isFast: true, isLive: true, run: runVitest },
  { name: 'browser', isFast: false, isLive: true, run: runPlaywright },
];

function check(name: string, isFast: boolean, tool: string, args: readonly string[]): Runner {
  return {
    name,
    isFast,
    isLive: false,
    async run(context) {
      const { status, output, seconds } = await runTool(tool, args, toolOptions(context, {}));
      return { tally: tallyOfCheck(status), output: stripVTControlCharacters(output), seconds };
    },
  };
}

async function runVitest(context: RunnerContext): Promise<{ tally: Tally; output: string; seconds: number }> {
  const report = join(context.reports, 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  if (context.onlyFast) args.push('--project=beside');
  const { status, output, seconds } = await runTool('vitest', args, toolOptions(context, { NO_COLOR: '1' }));
  return { tally: tallyOfVitest(status, readReport(report)), output, seconds };
}

async function runPlaywright(context: RunnerContext): Promise<{ tally: Tally; output: string; seconds: number }> {
  const report = join(context.reports, 'playwright.json');
  const options = toolOptions(context, { PLAYWRIGHT_JSON_OUTPUT_FILE: report });
  const { status, output, seconds } = await runTool('playwright', ['test', '--reporter=list,json'], options);
  return { tally: tallyOfPlaywright(status, readReport(report)), output, seconds };
}

function toolOptions(context: RunnerContext, env: Readonly<Record<string, string>>): ToolOptions {
  return { cwd: context.cwd, env, silenceMs: LONGEST_SILENCE_MS, onOutput: context.onOutput, signal: context.signal };
}

function readReport(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
