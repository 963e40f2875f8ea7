import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commands } from './commands.ts';
import { ExitError } from './exit-error.ts';
import { formatCommandHelp, formatHelp, usageOf } from './help.ts';
import { parseCommandLine } from './parse-command-line.ts';

function read(...argv: string[]): string {
  try {
    const line = parseCommandLine(argv, commands);
    return line.kind === 'run'
      ? `${line.command.name} ${JSON.stringify(line.given.args)}`
      : `${line.kind} ${line.kind === 'help' ? (line.command?.name ?? '') : ''}`.trim();
  } catch (error) {
    if (error instanceof ExitError) return `${error.status}: ${error.message}`;
    throw error;
  }
}

it.each([
  [[], 'help'],
  [['--help'], 'help'],
  [['help', 'run'], 'help run'],
  [['run', '-h'], 'help run'],
  [['permit', 'allow', '--help'], 'help permit allow'],
  [['--version'], 'version'],
  [['run', 'do it', '--access', 'full'], 'run ["do it"]'],
  [['run', '--', '--not-an-option'], 'run ["--not-an-option"]'],
  [['permit'], 'permit ls []'],
  [['permit', '--json'], 'permit ls []'],
  [['permit', 'ls'], 'permit ls []'],
  [['permit', 'deny', 'a1'], 'permit deny ["a1"]'],
  [['apply', 'a1', 'x', 'y'], 'apply ["a1","x","y"]'],
  [['changez', 'a1'], '2: Cannot run "changez": there is no such command; did you mean `boocode changes`?'],
  [['permit', 'alow', 'a1'], '2: Cannot run "permit alow": there is no such command; did you mean `boocode permit allow`?'],
  [['quux'], '2: Cannot run "quux": there is no such command; see `boocode --help`'],
  [['--json'], '2: Cannot use "--json" here: options come after a command; see `boocode --help`'],
  [['run', 'x', '--acess', 'full'], '2: Cannot use --acess with `boocode run`: there is no such option; did you mean --access?'],
  [['run', 'x', '--access', 'all'], '2: Cannot use "all" for --access: it is not one of read-only, ask, edits, full'],
  [['ls', '--limit', '501'], '2: Cannot use "501" for --limit: it is not a number from 1 to 500'],
  [['ls', '--limit', '1e2'], '2: Cannot use "1e2" for --limit: it is not a number from 1 to 500'],
  [['serve', '--port', '0'], 'serve []'],
  [['run', 'x', '--model'], '2: Cannot read --model: its value is missing; write --model MODEL'],
  [['run', 'x', '--model', '--json'], '2: Cannot read --model: its value is missing; a value that begins with a dash is written --model=--json'],
  [['run', 'x', '--json=yes'], '2: Cannot read --json: it takes no value; write it alone'],
  [['run'], '2: Cannot run `boocode run`: TASK is missing; see `boocode run --help`'],
  [['run', ''], '2: Cannot run `boocode run`: an argument is empty; see `boocode run --help`'],
  [['run', 'fix', 'this'], '2: Cannot run `boocode run`: "this" is one word too many; put the text in quotes'],
  [['run', 'x', '--__proto__'], '2: Cannot use --__proto__ with `boocode run`: there is no such option; see `boocode run --help`'],
])('boocode %j', (argv, means) => {
  expect(read(...argv)).toBe(means);
});

it('the options of a command are read as they were typed, and an undeclared one is a mistake of ours', () => {
  const line = parseCommandLine(['run', 'x', '--model=-odd', '--json'], commands);
  if (line.kind !== 'run') throw new Error('expected a command');
  expect([line.given.text('model'), line.given.has('json'), line.given.has('detach'), line.given.text('agent')]).toEqual(['-odd', true, false, null]);
  expect(() => line.given.has('verbose')).toThrow('has no option --verbose');
});

it('help names every command and every option, within the width', () => {
  const help = formatHelp(commands, 80);
  for (const command of commands) {
    const own = formatCommandHelp(command, 60);
    expect(help).toContain(`  ${usageOf(command)} `);
    for (const name of Object.keys(command.options)) expect(own).toContain(`--${name}`);
    expect(own.split('\n').filter((line) => line.length > 60 && !line.startsWith('Usage:'))).toEqual([]);
  }
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('docs/user/command-line.md names every command and every option', () => {
  const page = readFileSync(new URL('../../../../docs/user/command-line.md', import.meta.url), 'utf8');
  const missing = commands.flatMap((command) => [
    ...(page.includes(`| \`boocode ${usageOf(command)}\` |`) ? [] : [usageOf(command)]),
    ...Object.keys(command.options).filter((name) => !page.includes(`--${name}`)),
  ]);
  expect(missing).toEqual([]);
});
