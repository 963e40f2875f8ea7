import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { applyEvent, EMPTY_TURN, type TurnState } from '@boocode/contracts/turn-state.ts';
import type { PastEntry, PastMessage } from './past-session.ts';

interface OpenAnswer {
  readonly turn: TurnState;
  readonly model: string | null;
  readonly createdAt: number;
  readonly endedAt: number;
  /** Of its next tool call; calls in a row were asked for together. */
  readonly step: number;
  readonly calls: ReadonlySet<string>;
}

const NO_CALLS: ReadonlySet<string> = new Set();

/** The messages of a past conversation: all that an agent did between two prompts is one answer, and every answer has ended. */
export function foldPast(entries: readonly PastEntry[]): PastMessage[] {
  const messages: PastMessage[] = [];
  let answer: OpenAnswer | null = null;
  for (const entry of entries) {
    if (entry.type === 'prompt') {
      if (answer !== null) messages.push(endAnswer(answer));
      answer = null;
      messages.push(promptMessage(entry.text, entry.at));
      continue;
    }
    if (isResultOfNothing(entry.event, answer)) continue;
    if (answer !== null && answer.turn.status !== 'streaming') {
      messages.push(endAnswer(answer));
      answer = null;
    }
    const open: OpenAnswer = answer ?? { turn: EMPTY_TURN, model: null, createdAt: entry.at, endedAt: entry.at, step: 0, calls: NO_CALLS };
    answer = addEvent(open, entry);
  }
  if (answer !== null) messages.push(endAnswer(answer));
  return messages;
}

/** What came back from a call that is not shown: of a branch that was left, or of an answer that is over. */
function isResultOfNothing(event: AgentEvent, answer: OpenAnswer | null): boolean {
  return event.type === 'tool' && event.name === undefined && !(answer?.calls.has(event.callId) ?? false);
}

function addEvent(open: OpenAnswer, { event, model, at }: Extract<PastEntry, { type: 'event' }>): OpenAnswer {
  const isCall = event.type === 'tool' && !open.calls.has(event.callId);
  const isResult = event.type === 'tool' && !isCall;
  return {
    turn: applyEvent(open.turn, isCall ? { ...event, step: open.step } : separated(open.turn, event)),
    model: model ?? open.model,
    createdAt: open.createdAt,
    endedAt: Math.max(open.endedAt, at),
    step: isResult && open.turn.parts.some((part) => part.type === 'tool' && part.step === open.step) ? open.step + 1 : open.step,
    calls: isCall ? new Set([...open.calls, event.callId]) : open.calls,
  };
}

function promptMessage(text: string, at: number): PastMessage {
  return { role: 'user', status: 'completed', model: null, parts: [{ type: 'text', text: text.trim() }], failure: null, createdAt: at, endedAt: at };
}

function endAnswer({ turn, model, createdAt, endedAt }: OpenAnswer): PastMessage {
  const { status, parts, failure } = applyEvent(turn, { type: 'ended', outcome: 'completed', failure: null });
  return { role: 'assistant', status, model, parts, failure, createdAt, endedAt };
}

/** Storage holds whole blocks, not deltas: two in a row are two paragraphs. */
function separated(turn: TurnState, event: AgentEvent): AgentEvent {
  if ((event.type !== 'text' && event.type !== 'reasoning') || turn.parts.at(-1)?.type !== event.type) return event;
  return { type: event.type, delta: `\n\n${event.delta}` };
}
