import type { ToolKind } from '@boocode/contracts/agent-event.ts';
import type { ToolPart } from '@boocode/contracts/turn-state.ts';

const WORDS: Record<ToolKind, readonly [running: string, done: string]> = {
  read: ['Reading', 'Read'],
  search: ['Searching', 'Searched'],
  edit: ['Editing', 'Edited'],
  delete: ['Deleting', 'Deleted'],
  move: ['Moving', 'Moved'],
  execute: ['Running', 'Ran'],
  think: ['Planning', 'Planned'],
  fetch: ['Fetching', 'Fetched'],
  task: ['Delegating', 'Delegated'],
  other: ['Using', 'Used'],
};

/** What a tool call does, as a verb and its object. */
export function toolWords(part: ToolPart): { readonly verb: string; readonly object: string } {
  const isOpen = part.status === 'pending' || part.status === 'running';
  const [running, done] = WORDS[part.kind];
  const verb = isOpen ? running : part.status === 'cancelled' ? `${running}, stopped:` : done;
  const title = part.title === '' ? part.name : part.title;
  const firstWord = /^(\S+)\s+(.+)$/s.exec(title);
  // titles like "Read src/a.ts" already carry the verb
  const object = firstWord !== null && SAID.has((firstWord[1] ?? '').toLowerCase()) ? (firstWord[2] ?? title) : title;
  return { verb, object };
}

const SAID = new Set([
  'read',
  'reading',
  'search',
  'searched',
  'edit',
  'edited',
  'write',
  'wrote',
  'create',
  'created',
  'delete',
  'deleted',
  'move',
  'moved',
  'run',
  'ran',
  'list',
  'listed',
]);

/** A tool's input, readable: one argument per line, long texts in full. */
export function inputText(input: unknown): string {
  if (input === null || input === undefined) return '';
  if (typeof input === 'string') return input;
  if (typeof input !== 'object') return String(input);
  return Object.entries(input)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}
