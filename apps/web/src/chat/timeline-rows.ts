import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { MessageId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Part, ToolPart } from '@boocode/contracts/turn-state.ts';

/** One line of the timeline. `edge` says where it lies on its turn's fuse. */
export type Row =
  | {
      readonly kind: 'prompt';
      readonly key: string;
      readonly message: Message;
      readonly isQueued: boolean;
      readonly canSteer: boolean;
      readonly waitsFor: string | null;
    }
  | { readonly kind: 'part'; readonly key: string; readonly message: Message; readonly part: Part; readonly isGrowing: boolean; readonly edge: Edge }
  | {
      readonly kind: 'tools';
      readonly key: string;
      readonly message: Message;
      readonly parts: readonly ToolPart[];
      readonly keys: readonly string[];
      readonly edge: Edge;
    }
  | { readonly kind: 'permission'; readonly key: string; readonly permission: Permission }
  | { readonly kind: 'activity'; readonly key: string; readonly message: Message; readonly waitsFor: string | null }
  | { readonly kind: 'ending'; readonly key: string; readonly message: Message; readonly isNewest: boolean };

export type Edge = 'first' | 'middle';

/**
 * The rows of a chat: prompts, the parts of answers, open questions after the turn that asks, and an ending or an activity line per answer.
 * `newest`: the newest answer of the whole chat, of which `state` may hold another piece.
 */
export function timelineRows(state: ChatState, newest: MessageId | null = newestAnswer(state)): readonly Row[] {
  const tasks = new Map(state.tasks.map((task) => [task.id, task]));
  return state.messages.flatMap((message) => {
    const task = message.taskId === null ? null : (tasks.get(message.taskId) ?? null);
    if (task === null && message.id !== newest && message.status !== 'streaming') return settledRows(message);
    return message.role === 'user' ? [promptRow(message, task, state.tasks)] : answerRows(message, task, state, message.id === newest);
  });
}

/** The newest answer that has begun. */
export function newestAnswer(state: ChatState): MessageId | null {
  return state.messages.findLast((message) => message.role === 'assistant' && message.status !== 'waiting')?.id ?? null;
}

/** Differs when something came in at the end of a chat; the same for the same chat, however it was read. */
export function endMark({ messages, permissions }: Pick<ChatState, 'messages' | 'permissions'>): string {
  const last = messages.at(-1);
  const part = last?.parts.at(-1);
  const size = part === undefined ? 0 : 'text' in part ? part.text.length : part.type === 'tool' ? part.status : part.type;
  return [last?.id, last?.status, last?.parts.length, size, permissions.length].join(' ');
}

const settled = new WeakMap<Message, readonly Row[]>();

/** The rows of a message that nothing happens to any more: made once. */
function settledRows(message: Message): readonly Row[] {
  const known = settled.get(message);
  if (known !== undefined) return known;
  const rows: readonly Row[] =
    message.role === 'user'
      ? [promptRow(message, null, [])]
      : message.status === 'waiting'
        ? []
        : [...partRows(message), { kind: 'ending', key: `${message.id}:tip`, message, isNewest: false }];
  settled.set(message, rows);
  return rows;
}

/** Whether a prompt waits behind something else (and can still be edited or taken back). */
function promptRow(message: Message, task: Task | null, tasks: readonly Task[]): Row {
  const isPending = task?.state === 'pending';
  const isBehind = isPending && tasks.some((other) => other.state === 'running' || other.state === 'blocked');
  const waitsFor = isPending ? task.waitsFor : null;
  const canSteer = isBehind && !message.parts.some((part) => part.type === 'file'); // a file cannot be put into a running turn
  return { kind: 'prompt', key: message.id, message, isQueued: isBehind || waitsFor !== null, canSteer, waitsFor };
}

function answerRows(message: Message, task: Task | null, state: ChatState, isNewest: boolean): readonly Row[] {
  if (message.status === 'waiting') {
    const isNext = task !== null && !state.tasks.some((other) => other.id !== task.id && (other.state === 'running' || other.state === 'blocked'));
    return isNext ? [{ kind: 'activity', key: `${message.id}:tip`, message, waitsFor: task.waitsFor }] : [];
  }
  const questions = state.permissions.filter((permission) => permission.taskId === message.taskId);
  const rows: Row[] = [...partRows(message), ...questions.map((permission): Row => ({ kind: 'permission', key: permission.id, permission }))];
  if (message.status !== 'streaming') return [...rows, { kind: 'ending', key: `${message.id}:tip`, message, isNewest }];
  return questions.length > 0 ? rows : [...rows, { kind: 'activity', key: `${message.id}:tip`, message, waitsFor: null }];
}

const known = new WeakMap<Message, readonly Row[]>();

/** The rows of one message's parts; the same message gives the same rows, so that unchanged ones are not drawn again. */
function partRows(message: Message): readonly Row[] {
  const kept = known.get(message);
  if (kept !== undefined) return kept;
  const rows: Row[] = [];
  message.parts.forEach((part, index) => {
    const isLast = index === message.parts.length - 1;
    if (part.type === 'text' && !isLast && part.text.trim() === '') return;
    const key = `${message.id}:${index}`;
    const edge: Edge = rows.length === 0 ? 'first' : 'middle';
    if (!isFolded(part)) rows.push({ kind: 'part', key, message, part, isGrowing: isLast && message.status === 'streaming', edge });
    else addTool(rows, { kind: 'tools', key, message, parts: [part], keys: [key], edge });
  });
  const unfolded = rows.flatMap((row) => (row.kind === 'tools' && row.parts.length < leastOf(row.parts) ? apart(row) : [row]));
  known.set(message, unfolded);
  return unfolded;
}

function addTool(rows: Row[], row: ToolsRow): void {
  const last = rows.at(-1);
  if (last?.kind === 'tools' && family(last.parts[0]) === family(row.parts[0]))
    rows[rows.length - 1] = { ...last, parts: [...last.parts, ...row.parts], keys: [...last.keys, ...row.keys] };
  else rows.push(row);
}

type ToolsRow = Extract<Row, { kind: 'tools' }>;

/** A row for each call, under the key that it had while it ran. */
function apart(row: ToolsRow): readonly Row[] {
  return row.parts.map((part, index): Row => ({
    kind: 'part',
    key: row.keys[index] ?? row.key,
    message: row.message,
    part,
    isGrowing: false,
    edge: index === 0 ? row.edge : 'middle',
  }));
}

/** Finished calls that may be folded into one line with others like them; a failed one is always seen. */
function isFolded(part: Part): part is ToolPart {
  return part.type === 'tool' && part.status === 'completed' && (part.output?.exitCode ?? 0) === 0;
}

/** Looking around is one thing however it is done. */
function family(part: ToolPart | undefined): string {
  return part?.kind === 'read' || part?.kind === 'search' ? 'explore' : (part?.kind ?? '');
}

/** How many make a group: looking around at once, what changes something only when it would fill the screen. */
function leastOf([first]: readonly ToolPart[]): number {
  switch (family(first)) {
    case 'explore':
      return 1;
    case 'edit':
      return 8;
    default:
      return 4;
  }
}
