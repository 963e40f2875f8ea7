import type { AgentEvent, ToolDiff, ToolKind } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { orElse } from '../acp/lenient.ts';
import { isInside } from './past-session.ts';

const MAX_TITLE = 300;
const MAX_INPUT_TEXT = 16_000;
const MAX_PATCH = 64 * 1_024;

/** The usual names of tools, without what says which server offers them. */
const KINDS: readonly (readonly [RegExp, ToolKind])[] = [
  [/^(todo|plan|think|exit_?plan|enter_?plan|update_plan)/, 'think'],
  [/^(web|fetch|browse)/, 'fetch'],
  [/^(task|agent|sub_?agent|delegate|summon)/, 'task'],
  [/^(bash|shell|run_|exec|terminal|kill)/, 'execute'],
  [/^(edit|write|multi_?edit|notebook_?edit|apply_patch|patch|text_editor|replace|str_replace|create)/, 'edit'],
  [/^(grep|glob|search|find|list|ls$|tree|analyze|rip)/, 'search'],
  [/^(read|view|open|cat$|notebook_?read)/, 'read'],
];

const Text = orElse(z.optional(z.string()), undefined);
const Input = orElse(
  z.object({
    file_path: Text,
    filePath: Text,
    path: Text,
    absolute_path: Text,
    notebook_path: Text,
    command: Text,
    pattern: Text,
    query: Text,
    url: Text,
    description: Text,
    prompt: Text,
  }),
  {},
);

/** The beginning of a tool call, as our own agent would have told of it. */
export function pastToolCall(call: {
  readonly callId: string;
  readonly name: string;
  readonly input: unknown;
  readonly at: number;
  readonly cwd: string;
}): AgentEvent {
  const { callId, name, input, at, cwd } = call;
  const kind = kindOf(name);
  return { type: 'tool', callId, at, name, kind, title: titleOf(name, kind, input, cwd), input: boundInput(input), status: 'running' };
}

/** A patch as the transcript shows it: without the lines of programs that write `Index:` first. */
export function pastDiff(path: string, patch: string, cwd: string): ToolDiff {
  const start = patch.search(/^--- /m);
  const text = start === -1 ? patch : patch.slice(start);
  const lines = text.split('\n').filter((line) => !line.startsWith('+++ ') && !line.startsWith('--- '));
  return {
    path: shortPath(path, cwd),
    patch: text.length > MAX_PATCH ? null : text,
    additions: lines.filter((line) => line.startsWith('+')).length,
    deletions: lines.filter((line) => line.startsWith('-')).length,
  };
}

/** From the folder in which the agent worked, where it lies there. */
export function shortPath(path: string, cwd: string): string {
  return isInside(cwd, path) && path !== cwd ? path.slice(cwd.length + 1) : path;
}

function kindOf(name: string): ToolKind {
  const own = (name.split('__').at(-1) ?? name).toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(own))?.[1] ?? 'other';
}

function titleOf(name: string, kind: ToolKind, given: unknown, cwd: string): string {
  const input = Input.parse(given);
  const path = input.file_path ?? input.filePath ?? input.absolute_path ?? input.notebook_path ?? input.path;
  const file = path === undefined ? undefined : shortPath(path, cwd);
  const title = {
    execute: input.command,
    read: file && `Read ${file}`,
    edit: file && `${/write|create/i.test(name) ? 'Write' : 'Edit'} ${file}`,
    search: (input.pattern ?? input.query ?? file) && `Search ${input.pattern ?? input.query ?? file}`,
    fetch: input.url ?? input.query,
    task: input.description ?? input.prompt,
    think: undefined,
    other: undefined,
    delete: undefined,
    move: undefined,
  }[kind];
  return (title ?? name).slice(0, MAX_TITLE);
}

/** Long texts in it are cut: what was written stands in the files. */
function boundInput(input: unknown): unknown {
  if (typeof input === 'string') return input.length > MAX_INPUT_TEXT ? `${input.slice(0, MAX_INPUT_TEXT)}\n... (cut)` : input;
  if (Array.isArray(input)) return input.map(boundInput);
  if (input === null || typeof input !== 'object') return input;
  return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, boundInput(value)]));
}
