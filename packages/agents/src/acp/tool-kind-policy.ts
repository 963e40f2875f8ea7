import type { ToolKind } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { orElse } from './lenient.ts';

const Input = orElse(z.record(z.string(), z.unknown()), {});

const KINDS: Readonly<Record<string, ToolKind>> = {
  read: 'read',
  edit: 'edit',
  delete: 'delete',
  move: 'move',
  search: 'search',
  execute: 'execute',
  think: 'think',
  fetch: 'fetch',
};

const NAMES: readonly (readonly [RegExp, ToolKind])[] = [
  [/^(shell|bash|terminal|exec|execute|run)(_|$)|(^|_)(shell|command|bash)(_|$)/, 'execute'],
  [/^(write|edit|create|patch|str_replace|replace|insert|apply)(_|$)|text_editor/, 'edit'],
  [/^(delete|remove)(_|$)/, 'delete'],
  [/^(move|rename)(_|$)/, 'move'],
  [/^(grep|glob|search|find|ls|list|tree)(_|$)/, 'search'],
  [/^(read|view|cat|open)(_|$)/, 'read'],
  [/^(fetch|web)(_|$)|(^|_)(fetch|web_search)$/, 'fetch'],
  [/^(task|agent|subagent|delegate)(_|$)/, 'task'],
  [/^(think|todo)(_|$)/, 'think'],
];

/** What a tool call does. Its kind counts where the agent gives one, but what would run a command is never anything else. */
export function decideToolKind(call: { readonly kind: string | null; readonly name: string | null; readonly input: unknown }): ToolKind {
  if (findCommand(call.input) !== null) return 'execute';
  const said = call.kind === null ? undefined : KINDS[call.kind];
  if (said !== undefined) return said;
  const name = (call.name ?? '')
    .replace(/^.*__/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

/** The command that an input would run; null where it names none. */
export function findCommand(input: unknown): string | null {
  const { command, cmd, args } = Input.parse(input);
  const found = command ?? cmd;
  if (Array.isArray(found)) return found.join(' ');
  if (typeof found !== 'string' || found === '') return null;
  return Array.isArray(args) ? [found, ...args].join(' ') : found;
}

const PATH_NAMES = ['path', 'file_path', 'filePath', 'filepath', 'absolute_path', 'absolutePath', 'filename', 'notebook_path', 'target_file'];

/** The file that an input names; null where it names none. */
export function findPath(input: unknown): string | null {
  const fields = Input.parse(input);
  for (const name of PATH_NAMES) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}
