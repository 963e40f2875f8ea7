import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { Part, ToolPart, TurnState } from '@boocode/contracts/turn-state.ts';

/** The events that lead from one state of a turn to a later one, whether it came as events, as a snapshot or as the stored message. The ending is not among them. */
export function eventsBetween(before: TurnState, after: TurnState): AgentEvent[] {
  const parts = after.parts.flatMap((part, index) => (part === before.parts[index] ? [] : partEvents(before.parts[index], part)));
  const usage: AgentEvent[] = after.usage === null || isSame(before.usage, after.usage) ? [] : [{ type: 'usage', usage: after.usage }];
  const activity: AgentEvent[] = after.activity === null || isSame(before.activity, after.activity) ? [] : [{ type: 'activity', activity: after.activity }];
  return [...parts, ...usage, ...activity];
}

function partEvents(before: Part | undefined, after: Part): AgentEvent[] {
  switch (after.type) {
    case 'text':
    case 'reasoning': {
      const known = before?.type === after.type ? before.text.length : 0;
      return after.text.length > known ? [{ type: after.type, delta: after.text.slice(known) }] : [];
    }
    case 'tool':
      return toolEvents(before?.type === 'tool' ? before : null, after);
    case 'notice':
      return before === undefined ? [{ type: 'notice', level: after.level, code: after.code, text: after.text }] : [];
    case 'steered':
      return before === undefined ? [{ type: 'steered', text: after.text, messageId: after.messageId }] : [];
    case 'plan':
      return before?.type === 'plan' && isSame(before, after) ? [] : [{ type: 'plan', entries: after.entries }];
    case 'limit_reached':
      return before === undefined ? [{ type: 'limit_reached', limit: after.limit, value: after.value }] : [];
    case 'file':
      return [];
  }
}

function toolEvents(before: ToolPart | null, after: ToolPart): AgentEvent[] {
  const isKnown = before !== null && isSame({ ...before, live: '' }, { ...after, live: '' });
  const live = liveDelta(before?.live ?? '', after.live);
  const delta: AgentEvent[] = live === '' ? [] : [{ type: 'tool_output', callId: after.callId, delta: live }];
  return isKnown ? delta : [toolEvent(after), ...delta];
}

function toolEvent(part: ToolPart): AgentEvent {
  return {
    type: 'tool',
    callId: part.callId,
    at: part.endedAt ?? part.startedAt,
    step: part.step,
    name: part.name,
    kind: part.kind,
    title: part.title,
    input: part.input,
    status: part.status,
    ...(part.output === null ? {} : { output: part.output }),
  };
}

/** Live output is bounded to its end, so it may have moved on beyond what was seen. */
function liveDelta(before: string, after: string): string {
  if (after.startsWith(before)) return after.slice(before.length);
  const overlap = before.slice(-64);
  const at = overlap === '' ? -1 : after.lastIndexOf(overlap);
  return at < 0 ? after : after.slice(at + overlap.length);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
