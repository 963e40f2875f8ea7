import { parseArgs } from 'node:util';
import { type Command, Given, type OptionSpec } from './command.ts';
import { usageError } from './exit-error.ts';
import { nearestName } from './nearest-name.ts';

export type CommandLine =
  | { readonly kind: 'version' }
  | { readonly kind: 'help'; readonly command: Command | null }
  | { readonly kind: 'run'; readonly command: Command; readonly given: Given };

/** Reads what was typed against the table. @throws ExitError (2) with what to do when something is not in the table. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): CommandLine {
  const [first] = argv;
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', command: null };
  if (first === '--version' || first === '-v') return { kind: 'version' };
  if (first === 'help') return argv.length === 1 ? { kind: 'help', command: null } : { kind: 'help', command: findCommand(argv.slice(1), commands).command };
  const { command, rest } = findCommand(argv, commands);
  const { args, options, wantsHelp } = readTokens(command, rest);
  if (wantsHelp) return { kind: 'help', command };
  checkArguments(command, args);
  return { kind: 'run', command, given: new Given(command, args, options) };
}

function findCommand(argv: readonly string[], commands: readonly Command[]): { command: Command; rest: readonly string[] } {
  const [first = '', second = ''] = argv;
  for (const words of [3, 2]) {
    const longer = commands.find((command) => command.name === argv.slice(0, words).join(' '));
    if (longer !== undefined) return { command: longer, rest: argv.slice(words) };
  }
  const single = commands.find((command) => command.name === first || command.alias === first);
  if (single === undefined) throw usageError(unknownCommand(first, commands));
  if (single.alias === first && second !== '' && !second.startsWith('-')) throw usageError(unknownCommand(`${first} ${second}`, commands));
  return { command: single, rest: argv.slice(1) };
}

function unknownCommand(typed: string, commands: readonly Command[]): string {
  if (typed.startsWith('-')) return `Cannot use "${typed}" here: options come after a command; see \`boocode --help\``;
  const nearest = nearestName(
    typed,
    commands.flatMap((command) => [command.name, ...(command.alias === undefined ? [] : [command.alias])]),
  );
  const hint = nearest === null ? 'see `boocode --help`' : `did you mean \`boocode ${nearest}\`?`;
  return `Cannot run "${typed}": there is no such command; ${hint}`;
}

interface Tokens {
  readonly args: readonly string[];
  readonly options: ReadonlyMap<string, string | true>;
  readonly wantsHelp: boolean;
}

function readTokens(command: Command, argv: readonly string[]): Tokens {
  const { tokens } = parseArgs({ args: [...argv], options: parserOptions(command), strict: false, allowPositionals: true, tokens: true });
  const args: string[] = [];
  const options = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'h') return { args, options, wantsHelp: true };
    options.set(token.name, readOption(command, token));
  }
  return { args, options, wantsHelp: false };
}

function parserOptions(command: Command): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const own = Object.entries(command.options).map(([name, spec]) => [name, { type: spec.value === undefined ? 'boolean' : 'string' }] as const);
  return { ...Object.fromEntries(own), help: { type: 'boolean', short: 'h' } };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function readOption(command: Command, token: OptionToken): string | true {
  const spec = Object.hasOwn(command.options, token.name) ? command.options[token.name] : undefined;
  if (spec === undefined) throw usageError(unknownOption(command, token.rawName));
  if (spec.value === undefined) {
    if (token.value !== undefined) throw usageError(`Cannot read ${token.rawName}: it takes no value; write it alone`);
    return true;
  }
  return readValue(token, spec, spec.value);
}

function readValue(token: OptionToken, spec: OptionSpec, stands: string): string {
  const { value } = token;
  if (value === undefined || value === '') throw usageError(`Cannot read ${token.rawName}: its value is missing; write ${token.rawName} ${stands}`);
  if (value.startsWith('-') && token.inlineValue !== true) {
    throw usageError(`Cannot read ${token.rawName}: its value is missing; a value that begins with a dash is written ${token.rawName}=${value}`);
  }
  if (spec.choices !== undefined && !spec.choices.includes(value)) {
    throw usageError(`Cannot use "${value}" for ${token.rawName}: it is not one of ${spec.choices.join(', ')}`);
  }
  const [least, most] = spec.range ?? [0, 0];
  if (spec.range !== undefined && (!/^\d{1,9}$/.test(value) || Number(value) < least || Number(value) > most)) {
    throw usageError(`Cannot use "${value}" for ${token.rawName}: it is not a number from ${least} to ${most}`);
  }
  return value;
}

function unknownOption(command: Command, typed: string): string {
  const nearest = nearestName(typed.replace(/^-+/, ''), [...Object.keys(command.options), 'help']);
  const hint = nearest === null ? `see \`boocode ${command.name} --help\`` : `did you mean --${nearest}?`;
  return `Cannot use ${typed} with \`boocode ${command.name}\`: there is no such option; ${hint}`;
}

function checkArguments(command: Command, args: readonly string[]): void {
  const needed = command.args.filter((spec) => spec.isOptional !== true);
  const missing = needed[args.length];
  if (missing !== undefined) throw usageError(`Cannot run \`boocode ${command.name}\`: ${missing.name} is missing; see \`boocode ${command.name} --help\``);
  const takesMore = command.args.at(-1)?.isRepeated === true;
  if (!takesMore && args.length > command.args.length) {
    const quoted =
      command.args.at(-1)?.name === 'TEXT' || command.args.at(-1)?.name === 'TASK' ? 'put the text in quotes' : `see \`boocode ${command.name} --help\``;
    throw usageError(`Cannot run \`boocode ${command.name}\`: "${args[command.args.length] ?? ''}" is one word too many; ${quoted}`);
  }
  if (args.some((arg) => arg.trim() === ''))
    throw usageError(`Cannot run \`boocode ${command.name}\`: an argument is empty; see \`boocode ${command.name} --help\``);
}
