import type { AgentCommand } from '@boocode/contracts/agent-info.ts';

/** What is typed of a command's name, when the caret is in it; null where the text is no command. Only the first word can be one, and a path is none. */
export function commandAt(text: string, caret: number): string | null {
  return /^\/([^\s/]{0,100})$/.exec(text.slice(0, caret))?.[1] ?? null;
}

/** The command in the place of what was typed, ready for its arguments. */
export function putCommand(text: string, command: AgentCommand): { readonly text: string; readonly caret: number } {
  const rest = text.replace(/^\S*\s?/, '');
  const written = `/${command.name} `;
  return { text: written + rest, caret: written.length };
}

/** The commands for what was typed: names that begin with it first, then names and descriptions that hold it. */
export function matchCommands(commands: readonly AgentCommand[], query: string): readonly AgentCommand[] {
  const typed = query.toLowerCase();
  const rank = ({ name, description }: AgentCommand): number => {
    if (name.toLowerCase().startsWith(typed)) return 0;
    if (name.toLowerCase().includes(typed)) return 1;
    return description.toLowerCase().includes(typed) ? 2 : 3;
  };
  return commands
    .map((command) => ({ command, rank: rank(command) }))
    .filter((match) => match.rank < 3)
    .toSorted((a, b) => a.rank - b.rank)
    .map((match) => match.command);
}

/** What a command that was just chosen takes, while none of it is written; null otherwise. */
export function hintFor(commands: readonly AgentCommand[], text: string): string | null {
  const name = /^\/(\S+) $/.exec(text)?.[1];
  return commands.find((command) => command.name === name)?.hint ?? null;
}
