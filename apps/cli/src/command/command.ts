import type { Context } from './context.ts';

/** One word after the command's name, for instance `ID`. */
export interface ArgumentSpec {
  readonly name: string;
  readonly summary: string;
  readonly isOptional?: boolean;
  /** Takes all that follow; only for the last one. */
  readonly isRepeated?: boolean;
}

export interface OptionSpec {
  readonly summary: string;
  /** What stands for its value in the help; without it the option is a flag. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** It is a whole number within these. */
  readonly range?: readonly [least: number, most: number];
}

/** One command. Help, checking and dispatch are all made from this. */
export interface Command {
  /** One to three words: `run`, `permit allow`, `permit rules rm`. */
  readonly name: string;
  /** A shorter form, for instance `permit` for `permit ls`. */
  readonly alias?: string;
  readonly group: 'server' | 'tasks' | 'changes' | 'look';
  readonly summary: string;
  readonly args: readonly ArgumentSpec[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly notes?: readonly string[];
  /** Resolves with the exit status. */
  run(context: Context, given: Given): Promise<number>;
}

/** What the person typed after the command's name, checked against its table entry. */
export class Given {
  readonly args: readonly string[];
  readonly #options: ReadonlyMap<string, string | true>;
  readonly #command: Pick<Command, 'name' | 'options'>;

  constructor(command: Pick<Command, 'name' | 'options'>, args: readonly string[], options: ReadonlyMap<string, string | true>) {
    this.#command = command;
    this.args = args;
    this.#options = options;
  }

  /** An argument that the table calls required. */
  arg(index: number): string {
    const value = this.args[index];
    if (value === undefined) throw new TypeError(`"${this.#command.name}" has no argument ${index}`);
    return value;
  }

  has(name: string): boolean {
    this.#check(name);
    return this.#options.has(name);
  }

  text(name: string): string | null {
    this.#check(name);
    const value = this.#options.get(name);
    return typeof value === 'string' ? value : null;
  }

  #check(name: string): void {
    if (!Object.hasOwn(this.#command.options, name)) throw new TypeError(`"${this.#command.name}" has no option --${name}`);
  }
}

export const JSON_OPTION: Readonly<Record<'json', OptionSpec>> = { json: { summary: 'Print JSON for programs' } };
