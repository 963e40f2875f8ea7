import type { ToolOffer } from './chat-request.ts';

export type ToolUse = 'list' | 'read' | 'edit' | 'write' | 'shell';

const NAMES: Readonly<Record<ToolUse, readonly RegExp[]>> = {
  list: [/^(list|ls)$/i, /^list_?(dir|directory|files|folder)$/i, /^(tree|glob)$/i],
  read: [/^(read|view|cat)$/i, /^(read|view|open)_?(file|text_file)$/i],
  edit: [/^(edit|replace|str_replace)$/i, /^(edit|replace|update)_?(file|in_file)$/i, /str_?replace/i],
  write: [/^(write|create)$/i, /^(write|create)_?(file|text_file)$/i],
  shell: [/^(shell|bash)$/i, /(shell|bash|command)/i],
};

/** Finds the offered tool for a use, whatever the agent calls it (`developer__shell` counts as `shell`). */
export function chooseTool(tools: readonly ToolOffer[], use: ToolUse): ToolOffer | null {
  for (const pattern of NAMES[use]) {
    const found = tools.find((tool) => pattern.test(tool.name.replace(/^.*__/, '')));
    if (found !== undefined) return found;
  }
  return null;
}

export interface ToolWords {
  readonly path?: string;
  readonly oldText?: string;
  readonly newText?: string;
  readonly content?: string;
  readonly command?: string;
  readonly pattern?: string;
}

/** Names of arguments are matched without case, `_` and `-`. */
const ARGUMENTS: Readonly<Record<keyof ToolWords, readonly string[]>> = {
  path: ['path', 'filepath', 'filename', 'file', 'absolutepath', 'targetfile', 'dir', 'dirpath', 'directory', 'folder'],
  oldText: ['oldtext', 'oldstring', 'oldstr', 'old', 'search', 'before', 'find'],
  newText: ['newtext', 'newstring', 'newstr', 'new', 'replacement', 'replace', 'after'],
  content: ['content', 'contents', 'text', 'filetext', 'newtext'],
  command: ['command', 'cmd', 'script'],
  pattern: ['pattern', 'glob'],
};

/** Fills a tool's arguments from what the demo model wants to say; required ones that it has no word for get a harmless value of their type. */
export function fillInput(tool: ToolOffer, words: ToolWords): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [word, names] of Object.entries(ARGUMENTS)) {
    const value = Object.entries(words).find(([key]) => key === word)?.[1];
    const argument = [...tool.properties.keys()].find((name) => names.includes(name.toLowerCase().replace(/[_-]/g, '')) && !(name in input));
    if (value !== undefined && argument !== undefined) input[argument] = value;
  }
  for (const name of tool.required) {
    if (!(name in input)) input[name] = harmless(tool.properties.get(name));
  }
  return input;
}

function harmless(schema: unknown): unknown {
  const type = typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : 'string';
  if (type === 'number' || type === 'integer') return 1;
  if (type === 'boolean') return false;
  if (type === 'array') return [];
  if (type === 'object') return {};
  return 'demo';
}
