import { padText } from '../terminal/text-width.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { ArgumentSpec, Command, OptionSpec } from './command.ts';

const GROUPS: readonly (readonly [Command['group'], string])[] = [
  ['tasks', 'Work'],
  ['changes', 'Changes'],
  ['look', 'Look things up'],
  ['server', 'The program'],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['BOOCODE_HOME', 'Where BooCode keeps its things (default ~/.boocode)'],
  ['BOOCODE_URL', 'The server to use instead of the one of BOOCODE_HOME'],
  ['BOOCODE_TOKEN', 'Its token (default: the file `token` in BOOCODE_HOME)'],
  ['BOOCODE_MODEL_URL', 'Base URL of an OpenAI-compatible model server, with /v1'],
];

/** `boocode --help`, made from the table. */
export function formatHelp(commands: readonly Command[], width: number): string {
  const sections = GROUPS.map(([group, title]) => {
    const rows = commands.filter((command) => command.group === group).map((command) => [usageOf(command), command.summary] as const);
    return `${title}:\n${formatPairs(rows, width)}`;
  });
  return [
    `${wrapText('BooCode runs coding agents on your repositories; their edits wait until you apply them.', width)}\n`,
    'Usage: boocode COMMAND [ARGUMENTS] [OPTIONS]\n',
    ...sections,
    `Environment:\n${formatPairs(ENVIRONMENT, width)}`,
    `${wrapText('An ID may be shortened to a beginning that is unique. Exit status: 0 completed, 1 failed or interrupted, 2 usage, 3 server out of reach, 130 cancelled. More about a command: boocode COMMAND --help', width)}\n`,
  ].join('\n');
}

/** `boocode COMMAND --help`. */
export function formatCommandHelp(command: Command, width: number): string {
  const args = command.args.map((spec) => [argumentUsage(spec), spec.summary] as const);
  const options = Object.entries(command.options).map(([name, spec]) => [optionUsage(name, spec), optionSummary(spec)] as const);
  const sections = [
    `Usage: boocode ${usageOf(command)}${options.length === 0 ? '' : ' [OPTIONS]'}\n`,
    `${wrapText(`${command.summary}.`, width)}\n`,
    args.length === 0 ? null : `Arguments:\n${formatPairs(args, width)}`,
    `Options:\n${formatPairs([...options, ['-h, --help', 'Show this help']], width)}`,
    command.notes === undefined ? null : command.notes.map((note) => `${wrapText(note, width)}\n`).join(''),
  ];
  return sections.filter((section) => section !== null).join('\n');
}

export function usageOf(command: Command): string {
  return [command.name, ...command.args.map(argumentUsage)].join(' ');
}

function argumentUsage(spec: ArgumentSpec): string {
  const name = spec.isRepeated === true ? `${spec.name}...` : spec.name;
  return spec.isOptional === true ? `[${name}]` : name;
}

export function optionUsage(name: string, spec: OptionSpec): string {
  return spec.value === undefined ? `--${name}` : `--${name} ${spec.value}`;
}

export function optionSummary(spec: OptionSpec): string {
  return spec.choices === undefined ? spec.summary : `${spec.summary}: ${spec.choices.join(', ')}`;
}

function formatPairs(pairs: readonly (readonly [string, string])[], width: number): string {
  const left = Math.max(...pairs.map(([name]) => name.length)) + 4;
  return pairs
    .map(([name, summary]) => {
      const [first = '', ...more] = wrapText(summary, Math.max(20, width - left)).split('\n');
      return [padText(`  ${name}`, left, 'start') + first, ...more.map((line) => ' '.repeat(left) + line)].map((line) => `${line.trimEnd()}\n`).join('');
    })
    .join('');
}
