import type { ServerResponse } from 'node:http';
import type { PlannedCall } from './answer.ts';
import type { Fault } from './directive.ts';

/** What an answer says of itself besides its words. */
export interface AnswerFacts {
  readonly model: string;
  readonly promptTokens: number;
  readonly includeUsage: boolean;
  readonly keepAliveMs: number;
  readonly contextSize: number;
}

export interface WholeAnswer {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly PlannedCall[];
}

/** A format in which answers travel. */
export interface Wire {
  startWriter(response: ServerResponse, facts: AnswerFacts): AnswerWriter;
  /** An answer that is not streamed. */
  wholeBody(answer: WholeAnswer, facts: AnswerFacts): object;
  faultBody(fault: Fault, facts: AnswerFacts): object;
  /** To a request that cannot be understood. */
  refusalBody(message: string): object;
}

/** Writes one answer as server-sent events. */
export interface AnswerWriter {
  readonly response: ServerResponse;
  readonly facts: AnswerFacts;
  /** Sends the headers and what comes before the first token. */
  open(): void;
  /** Runs `write` and sends what it wrote as one piece; false when the client must catch up first. */
  corked(write: () => void): boolean;
  token(type: 'text' | 'reasoning', text: string): void;
  call(call: PlannedCall, index: number): void;
  keepAlive(): void;
  finish(reason: 'stop' | 'tool_calls'): void;
  /** Ends the stream that has begun in the way of the fault. */
  fault(fault: Fault): void;
}
