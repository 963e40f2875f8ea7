import { expect } from 'vitest';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { applyEvent, EMPTY_TURN, type ToolPart, type TurnState } from '@boocode/contracts/turn-state.ts';

export interface WatchedTurn {
  readonly events: readonly AgentEvent[];
  readonly state: TurnState;
}

/** Reads a turn to its end, which must be one `ended` and the last of its events. */
export async function watchTurn(stream: AsyncIterable<AgentEvent>, onEvent?: (event: AgentEvent, state: TurnState) => void): Promise<WatchedTurn> {
  const events: AgentEvent[] = [];
  let state = EMPTY_TURN;
  for await (const event of stream) {
    events.push(event);
    state = applyEvent(state, event);
    onEvent?.(event, state);
  }
  expect(events.map(({ type }) => type).filter((type) => type === 'ended')).toEqual(['ended']);
  expect(events.at(-1)?.type).toBe('ended');
  return { events, state };
}

export function textOf(state: TurnState): string {
  return state.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export function reasoningOf(state: TurnState): string {
  return state.parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
}

export function toolsOf(state: TurnState): readonly ToolPart[] {
  return state.parts.filter((part) => part.type === 'tool');
}

export function noticesOf(state: TurnState): readonly string[] {
  return state.parts.flatMap((part) => (part.type === 'notice' ? [part.code] : []));
}
