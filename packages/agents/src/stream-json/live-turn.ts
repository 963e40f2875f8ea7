import type { AgentEvent, Outcome } from '@boocode/contracts/agent-event.ts';
import type { Failure } from '@boocode/contracts/error-code.ts';
import { EventQueue } from '../native/event-queue.ts';
import type { Prompt } from '../backend.ts';
import { mapStreamMessage, type MapFacts, startTurn, type StreamJsonState } from './map-stream-json.ts';
import type { StreamMessage } from './stream-message.ts';

/** A turn between its prompt and its end. The first ending wins; what comes later changes nothing. */
export class LiveTurn {
  readonly prompt: Prompt;
  /** Aborts when the turn is cancelled or has ended. */
  readonly signal: AbortSignal;
  /** Resolves when the agent has begun with it. */
  readonly begun: Promise<void>;
  /** Resolves with the end that the agent gave it. */
  readonly over: Promise<void>;
  readonly #queue = new EventQueue<AgentEvent>();
  readonly #begun = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  readonly #end = new AbortController();
  readonly #facts: Omit<MapFacts, 'at'>;
  #state: StreamJsonState;
  #ending: { readonly outcome: Outcome; readonly failure: Failure | null } | null = null;

  constructor(prompt: Prompt, signal: AbortSignal, before: StreamJsonState, facts: Omit<MapFacts, 'at'>) {
    this.prompt = prompt;
    this.signal = AbortSignal.any([signal, this.#end.signal]);
    this.begun = this.#begun.promise;
    this.over = this.#over.promise;
    this.#state = startTurn(before);
    this.#facts = facts;
  }

  get state(): StreamJsonState {
    return this.#state;
  }

  get ending(): { readonly outcome: Outcome; readonly failure: Failure | null } | null {
    return this.#ending;
  }

  push(event: AgentEvent): void {
    if (this.#ending === null) this.#queue.push(event);
  }

  receive(message: StreamMessage): void {
    this.#begun.resolve();
    if (this.#ending !== null) return;
    const { state, events, ending } = mapStreamMessage(this.#state, message, { ...this.#facts, at: Date.now() });
    this.#state = state;
    for (const event of events) this.#queue.push(event);
    if (ending !== null) this.end(ending.outcome, ending.failure);
  }

  end(outcome: Outcome, failure: Failure | null): void {
    this.#ending ??= { outcome, failure };
    this.#begun.resolve();
    this.#over.resolve();
    this.#queue.end();
    this.#end.abort();
  }

  /** What happened so far stands in the transcript when this resolves. */
  async durable(): Promise<void> {
    await this.#queue.dealtWith();
    await this.prompt.commit();
  }

  /** The events up to the end, without it. To stop reading gives the turn up. */
  async *events(): AsyncGenerator<AgentEvent> {
    try {
      for (let batch = await this.#queue.take(); batch !== null; batch = await this.#queue.take()) yield* batch;
    } finally {
      this.#queue.abandon();
    }
  }
}
