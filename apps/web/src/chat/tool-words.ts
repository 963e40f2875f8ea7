import type { ToolKind, ToolStatus } from '@boocode/contracts/agent-event.ts';
import type { ToolPart } from '@boocode/contracts/turn-state.ts';

type Words = readonly [toDo: string, running: string, done: string];

const WORDS: Readonly<Record<ToolKind, Words>> = {
  read: ['read', 'Reading', 'Read'],
  search: ['search', 'Searching', 'Searched'],
  edit: ['edit', 'Editing', 'Edited'],
  delete: ['delete', 'Deleting', 'Deleted'],
  move: ['move', 'Moving', 'Moved'],
  execute: ['run', 'Running', 'Ran'],
  think: ['plan', 'Planning', 'Planned'],
  fetch: ['fetch', 'Fetching', 'Fetched'],
  task: ['delegate', 'Delegating', 'Delegated'],
  other: ['use', 'Using', 'Used'],
};

/** Titles of tools begin with these words; they say more than the kind does. */
const TITLE_WORDS: Readonly<Record<string, Words>> = {
  read: WORDS.read,
  list: ['list', 'Listing', 'Listed'],
  search: WORDS.search,
  edit: WORDS.edit,
  write: ['write', 'Writing', 'Wrote'],
  create: ['create', 'Creating', 'Created'],
  delete: WORDS.delete,
  move: WORDS.move,
  'plan:': WORDS.think,
};

/** What a tool call does, as a verb and its object. */
export function toolWords(part: ToolPart): { readonly verb: string; readonly object: string } {
  const title = part.title === '' ? part.name : part.title;
  const [, first = '', rest = ''] = /^(\S+)\s+(.+)$/s.exec(title) ?? [];
  const said = part.kind === 'execute' ? undefined : TITLE_WORDS[first.toLowerCase()]; // a command is nobody's sentence
  return { verb: verbOf(part.status, said ?? WORDS[part.kind]), object: said === undefined ? title : rest };
}

const GROUPS: Readonly<Record<ToolKind, readonly [verb: string, one: string, many: string]>> = {
  read: ['Explored', 'file', 'files'],
  search: ['Explored', 'search', 'searches'],
  edit: ['Edited', 'file', 'files'],
  delete: ['Deleted', 'file', 'files'],
  move: ['Moved', 'file', 'files'],
  execute: ['Ran', 'command', 'commands'],
  think: ['Planned', 'time', 'times'],
  fetch: ['Fetched', 'page', 'pages'],
  task: ['Delegated', 'task', 'tasks'],
  other: ['Used', 'tool', 'tools'],
};

/** What several finished calls did together: "Explored" and "6 files, 2 searches". */
export function groupWords(parts: readonly ToolPart[]): { readonly verb: string; readonly object: string } {
  const kinds = [...new Set(parts.map((part) => part.kind))];
  const said = kinds.map((kind) => {
    const [, one, many] = GROUPS[kind];
    const ofKind = parts.filter((part) => part.kind === kind);
    const count = kind === 'read' ? new Set(ofKind.map((part) => part.title)).size : ofKind.length;
    return `${count} ${count === 1 ? one : many}`;
  });
  return { verb: GROUPS[kinds[0] ?? 'other'][0], object: said.join(', ') };
}

function verbOf(status: ToolStatus, [toDo, running, done]: Words): string {
  switch (status) {
    case 'pending':
      return `Waiting to ${toDo}`;
    case 'running':
      return running;
    case 'cancelled':
      return `Stopped: ${toDo}`;
    case 'completed':
      return done;
    case 'failed':
      return `Failed to ${toDo}`;
  }
}

/** A tool's input, readable: one argument per line, long texts in full. */
export function inputText(input: unknown): string {
  if (input === null || input === undefined) return '';
  if (typeof input === 'string') return input;
  if (typeof input !== 'object') return JSON.stringify(input);
  return Object.entries(input)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}
