import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Part, ToolPart } from '@boocode/contracts/turn-state.ts';

/** One line of the timeline. `edge` says where it lies on its turn's fuse. */
export type Row =
  | { readonly kind: 'prompt'; readonly key: string; readonly message: Message; readonly isQueued: boolean; readonly waitsFor: string | null }
  | { readonly kind: 'part'; readonly key: string; readonly message: Message; readonly part: Part; readonly isGrowing: boolean; readonly edge: Edge }
  | { readonly kind: 'explored'; readonly key: string; readonly parts: readonly ToolPart[]; readonly edge: Edge }
  | { readonly kind: 'permission'; readonly key: string; readonly permission: Permission }
  | { readonly kind: 'activity'; readonly key: string; readonly message: Message; readonly waitsFor: string | null }
  | { readonly kind: 'ending'; readonly key: string; readonly message: Message; readonly isNewest: boolean };

export type Edge = 'first' | 'middle';

/** The rows of a chat: prompts, the parts of answers, open questions after the turn that asks, and an ending or an activity line per answer. */
export function timelineRows(state: ChatState): readonly Row[] {
  const newest = state.messages.findLast((message) => message.role === 'assistant' && message.status !== 'waiting');
  return state.messages.flatMap((message) => {
    const task = state.tasks.find((other) => other.id === message.taskId) ?? null;
    return message.role === 'user' ? [promptRow(message, task, state.tasks)] : answerRows(message, task, state, message === newest);
  });
}

/** Whether a prompt waits behind something else (and can still be edited or taken back). */
function promptRow(message: Message, task: Task | null, tasks: readonly Task[]): Row {
  const isPending = task?.state === 'pending';
  const isBehind = isPending && tasks.some((other) => other.state === 'running' || other.state === 'blocked');
  const waitsFor = isPending ? task.waitsFor : null;
  return { kind: 'prompt', key: message.id, message, isQueued: isBehind || waitsFor !== null, waitsFor };
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
    const edge: Edge = rows.length === 0 ? 'first' : 'middle';
    const last = rows.at(-1);
    const isLast = index === message.parts.length - 1;
    if (part.type === 'text' && part.text.trim() === '' && !isLast) return;
    if (!isQuiet(part)) {
      rows.push({ kind: 'part', key: `${message.id}:${index}`, message, part, isGrowing: isLast && message.status === 'streaming', edge });
      return;
    }
    if (last?.kind === 'explored') rows[rows.length - 1] = { ...last, parts: [...last.parts, part] };
    else rows.push({ kind: 'explored', key: `${message.id}:${index}`, parts: [part], edge });
  });
  known.set(message, rows);
  return rows;
}

/** Looking around: shown as one line however many calls it took. */
function isQuiet(part: Part): part is ToolPart {
  return part.type === 'tool' && (part.kind === 'read' || part.kind === 'search') && part.status === 'completed';
}
