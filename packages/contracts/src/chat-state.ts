import type { ChatAgent } from './agent-info.ts';
import type { Chat } from './chat.ts';
import type { ServerFrame } from './frames.ts';
import type { MessageId } from './ids.ts';
import type { Message } from './message.ts';
import type { Permission } from './permission.ts';
import { hasEnded, type Task } from './task.ts';
import { applyEvent } from './turn-state.ts';

/** One chat as a client knows it: the fold of the frames of its channel. */
export interface ChatState {
  /** The last seq folded; send it as `after` to go on without a gap. 0 = nothing yet. */
  readonly seq: number;
  readonly chat: Chat | null;
  /** By position. */
  readonly messages: readonly Message[];
  readonly hasOlder: boolean;
  /** Unended tasks only. */
  readonly tasks: readonly Task[];
  /** Open questions only. */
  readonly permissions: readonly Permission[];
  /** What the agents that have worked here say of themselves. */
  readonly agents: readonly ChatAgent[];
}

export const EMPTY_CHAT: ChatState = { seq: 0, chat: null, messages: [], hasOlder: false, tasks: [], permissions: [], agents: [] };

/** Folds one frame into a chat. Frames already seen and frames of other channels change nothing, so replays are harmless. */
export function applyFrame(state: ChatState, frame: ServerFrame): ChatState {
  if (frame.type === 'resync') return { ...state, seq: 0 };
  if (frame.type === 'chat_snapshot') return applySnapshot(state, frame);
  if (!('seq' in frame) || frame.channel === 'user' || frame.seq <= state.seq) return state;
  const next = { ...state, seq: frame.seq };
  switch (frame.type) {
    case 'message_added':
    case 'message_updated':
    case 'message_complete':
      return { ...next, messages: upsertMessage(state.messages, frame.message) };
    case 'message_removed':
      return {
        ...next,
        messages: state.messages.filter((message) => message.id !== frame.messageId),
        tasks: state.tasks.filter((task) => task.messageId !== frame.messageId || task.state !== 'pending'),
      };
    case 'messages_hidden':
      return { ...next, messages: withoutMessages(state.messages, frame.messageIds) };
    case 'chat_event':
      return { ...next, messages: foldEvent(state.messages, frame) };
    case 'chat_updated':
      return { ...next, chat: frame.chat };
    case 'agent_info_updated':
      return { ...next, agents: [...state.agents.filter(({ agent }) => agent !== frame.agent), { agent: frame.agent, info: frame.info }] };
    case 'task_updated':
      return { ...next, tasks: upsert(state.tasks, frame.task, !hasEnded(frame.task.state), byCreation) };
    case 'permission_requested':
    case 'permission_resolved':
      return { ...next, permissions: upsert(state.permissions, frame.permission, frame.permission.state === 'open', byCreation) };
    case 'agent_status_updated':
      return { ...next, chat: state.chat === null ? null : { ...state.chat, status: frame.status } };
    case 'changes_updated':
    case 'checkpoints_updated':
    case 'check_updated':
    case 'user_snapshot':
    case 'project_updated':
    case 'project_removed':
    case 'session_updated':
    case 'session_removed':
    case 'layout_updated':
    case 'provider_snapshot_updated':
    case 'server_notice':
      return next;
  }
}

/** Puts an older page before what is loaded. */
export function prependMessages(state: ChatState, page: readonly Message[], hasOlder: boolean): ChatState {
  const known = new Set(state.messages.map((message) => message.id));
  const older = page.filter((message) => !known.has(message.id));
  return { ...state, messages: [...older, ...state.messages].sort(byPosition), hasOlder };
}

function applySnapshot(state: ChatState, frame: Extract<ServerFrame, { type: 'chat_snapshot' }>): ChatState {
  const first = frame.messages[0]?.position ?? 0;
  const isSameChat = state.chat?.id === frame.chat.id;
  const overlaps = (state.messages.at(-1)?.position ?? -1) >= first;
  const older = isSameChat && frame.hasOlder && overlaps ? state.messages.filter((message) => message.position < first) : [];
  return {
    seq: frame.seq,
    chat: frame.chat,
    messages: [...older, ...frame.messages],
    hasOlder: older.length > 0 ? state.hasOlder : frame.hasOlder,
    tasks: frame.tasks,
    permissions: frame.permissions,
    agents: frame.agents,
  };
}

function foldEvent(messages: readonly Message[], frame: Extract<ServerFrame, { type: 'chat_event' }>): readonly Message[] {
  const index = messages.findLastIndex((message) => message.id === frame.messageId);
  const message = messages[index];
  if (message === undefined) return messages;
  const { status, parts, usage, activity, failure } = applyEvent(message, frame.event);
  const next: Message = { ...message, status, parts: [...parts], usage, activity, failure };
  return messages.with(index, next);
}

function withoutMessages(messages: readonly Message[], ids: readonly MessageId[]): readonly Message[] {
  const gone = new Set(ids);
  return messages.filter((message) => !gone.has(message.id));
}

function upsertMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const index = messages.findLastIndex((other) => other.id === message.id);
  if (index >= 0) {
    const replaced = messages.with(index, message);
    return messages[index]?.position === message.position ? replaced : replaced.toSorted(byPosition);
  }
  const last = messages.at(-1);
  if (last === undefined || last.position < message.position) return [...messages, message];
  return [...messages, message].sort(byPosition);
}

function upsert<T extends { readonly id: string }>(items: readonly T[], item: T, keep: boolean, order: (a: T, b: T) => number): readonly T[] {
  const others = items.filter((other) => other.id !== item.id);
  return keep ? [...others, item].sort(order) : others;
}

function byPosition(a: Message, b: Message): number {
  return a.position - b.position;
}

function byCreation(a: { readonly createdAt: string; readonly id: string }, b: { readonly createdAt: string; readonly id: string }): number {
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1;
}
