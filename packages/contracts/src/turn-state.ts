import * as z from 'zod/mini';
import { type Activity, type AgentEvent, PlanEntry, ToolKind, ToolOutput, ToolStatus, type Usage } from './agent-event.ts';
import type { Failure } from './error-code.ts';

const ToolPart = z.object({
  type: z.literal('tool'),
  callId: z.string(),
  step: z.int(),
  name: z.string(),
  kind: ToolKind,
  title: z.string(),
  input: z.unknown(),
  status: ToolStatus,
  /** Live output while it runs; empty as soon as `output` is there. */
  live: z.string(),
  output: z.nullable(ToolOutput),
  startedAt: z.int(),
  endedAt: z.nullable(z.int()),
});
export type ToolPart = z.infer<typeof ToolPart>;

/** A piece of a message. A message is a list of parts in the order in which they began. */
export const Part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  ToolPart,
  z.object({ type: z.literal('file'), name: z.string(), mediaType: z.string(), text: z.string() }),
  z.object({ type: z.literal('notice'), level: z.enum(['info', 'warning']), code: z.string(), text: z.string() }),
  /** What the person said in mid-turn. */
  z.object({ type: z.literal('steered'), text: z.string(), messageId: z.string() }),
  /** At most one in a message. */
  z.object({ type: z.literal('plan'), entries: z.array(PlanEntry) }),
  z.object({ type: z.literal('limit_reached'), limit: z.enum(['steps']), value: z.int() }),
]);
export type Part = z.infer<typeof Part>;

/** waiting: accepted, its turn has not begun · streaming · then one of four endings (interrupted is written by recovery alone). */
export const MessageStatus = z.enum(['waiting', 'streaming', 'completed', 'cancelled', 'failed', 'interrupted']);
export type MessageStatus = z.infer<typeof MessageStatus>;

/** What the events of one turn have become. */
export interface TurnState {
  readonly status: MessageStatus;
  readonly parts: readonly Part[];
  readonly usage: Usage | null;
  readonly activity: Activity | null;
  readonly failure: Failure | null;
}

export const EMPTY_TURN: TurnState = { status: 'streaming', parts: [], usage: null, activity: null, failure: null };

/**
 * THE fold: the runner, the database recorder, the browser and the command line all use it. Pure.
 * Events after the ending change nothing; parts that did not change keep their identity.
 */
export function applyEvent(turn: TurnState, event: AgentEvent): TurnState {
  if (turn.status !== 'streaming') return turn;
  switch (event.type) {
    case 'text':
    case 'reasoning':
      return event.delta === '' ? turn : { ...turn, parts: appendText(turn.parts, event.type, event.delta) };
    case 'tool':
      return { ...turn, parts: upsertTool(turn.parts, event) };
    case 'tool_output':
      return {
        ...turn,
        parts: mapTool(turn.parts, event.callId, (part) => (part.output === null ? { ...part, live: boundLive(part.live + event.delta) } : part)),
      };
    case 'usage':
      return { ...turn, usage: event.usage };
    case 'activity':
      return { ...turn, activity: event.activity };
    case 'notice':
      return { ...turn, parts: [...turn.parts, { type: 'notice', level: event.level, code: event.code, text: event.text }] };
    case 'steered':
      return { ...turn, parts: [...turn.parts, { type: 'steered', text: event.text, messageId: event.messageId }] };
    case 'plan':
      return { ...turn, parts: replacePlan(turn.parts, event.entries) };
    case 'limit_reached':
      return { ...turn, parts: [...turn.parts, { type: 'limit_reached', limit: event.limit, value: event.value }] };
    case 'ended':
      return { ...turn, status: event.outcome, parts: closeTools(turn.parts), activity: null, failure: event.failure };
  }
}

/** Tool calls still open are closed as cancelled: a turn that has ended runs nothing. */
export function closeTools(parts: readonly Part[]): readonly Part[] {
  if (!parts.some(isOpenTool)) return parts;
  return parts.map((part) => (isOpenTool(part) ? { ...part, status: 'cancelled', endedAt: part.endedAt ?? part.startedAt } : part));
}

/** Live output keeps its end: what a person watches is the tail. */
const LIVE_LIMIT = 8_192;

function boundLive(text: string): string {
  return text.length > LIVE_LIMIT ? text.slice(-LIVE_LIMIT) : text;
}

function isOpenTool(part: Part): part is ToolPart {
  return part.type === 'tool' && (part.status === 'pending' || part.status === 'running');
}

function appendText(parts: readonly Part[], type: 'text' | 'reasoning', delta: string): readonly Part[] {
  const last = parts.at(-1);
  if (last?.type !== type) return [...parts, { type, text: delta }];
  return [...parts.slice(0, -1), { type, text: last.text + delta }];
}

function replacePlan(parts: readonly Part[], entries: readonly PlanEntry[]): readonly Part[] {
  const plan: Part = { type: 'plan', entries: [...entries] };
  return parts.some((part) => part.type === 'plan') ? parts.map((part) => (part.type === 'plan' ? plan : part)) : [...parts, plan];
}

function upsertTool(parts: readonly Part[], event: Extract<AgentEvent, { type: 'tool' }>): readonly Part[] {
  if (parts.some((part) => part.type === 'tool' && part.callId === event.callId)) {
    return mapTool(parts, event.callId, (part) => patchTool(part, event));
  }
  const fresh: ToolPart = {
    type: 'tool',
    callId: event.callId,
    step: 0,
    name: '',
    kind: 'other',
    title: '',
    input: null,
    status: 'pending',
    live: '',
    output: null,
    startedAt: event.at,
    endedAt: null,
  };
  return [...parts, patchTool(fresh, event)];
}

function patchTool(part: ToolPart, event: Extract<AgentEvent, { type: 'tool' }>): ToolPart {
  const status = event.status ?? part.status;
  const output = event.output ?? part.output;
  const hasEnded = status !== 'pending' && status !== 'running';
  return {
    type: 'tool',
    callId: part.callId,
    step: event.step ?? part.step,
    name: event.name ?? part.name,
    kind: event.kind ?? part.kind,
    title: event.title ?? part.title,
    input: event.input === undefined ? part.input : event.input,
    status,
    live: output === null ? part.live : '',
    output,
    startedAt: part.startedAt,
    endedAt: hasEnded ? (part.endedAt ?? event.at) : null,
  };
}

function mapTool(parts: readonly Part[], callId: string, change: (part: ToolPart) => ToolPart): readonly Part[] {
  return parts.map((part) => (part.type === 'tool' && part.callId === callId ? change(part) : part));
}
