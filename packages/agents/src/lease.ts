import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { AgentSession, Prompt } from './backend.ts';
import { applyHealthEvent, beginTurnHealth, stuckIn } from './health-policy.ts';

/** Looked at again so often while silence means nothing. */
const LOOK_MS = 1_000;

export interface Watch {
  readonly stallMs: number;
  readonly now: () => number;
}

/** A conversation for one turn. A prompt in which nothing is heard for too long is ended, and the agent with it. */
export class Lease implements AgentSession {
  readonly #session: AgentSession;
  readonly #watch: Watch | null;
  readonly #release: () => Promise<void>;
  #isReleased = false;

  /** `watch`: null for one that watches itself. `release` is called once. */
  constructor(session: AgentSession, watch: Watch | null, release: () => Promise<void>) {
    this.#session = session;
    this.#watch = watch;
    this.#release = release;
  }

  get resumeToken(): string | null {
    return this.#session.resumeToken;
  }

  get isResumed(): boolean {
    return this.#session.isResumed;
  }

  get pid(): number | null {
    return this.#session.pid;
  }

  get isBusy(): boolean {
    return this.#session.isBusy;
  }

  get canSteer(): boolean {
    return this.#session.canSteer === true;
  }

  get closed(): Promise<void> {
    return this.#session.closed;
  }

  prompt(prompt: Prompt, signal: AbortSignal): AsyncIterable<AgentEvent> {
    return this.#watch === null ? this.#session.prompt(prompt, signal) : watched(this.#session, prompt, signal, this.#watch);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    await this.#release();
  }
}

async function* watched(session: AgentSession, prompt: Prompt, signal: AbortSignal, { stallMs, now }: Watch): AsyncGenerator<AgentEvent> {
  let health = beginTurnHealth(now());
  const ask: Prompt['ask'] = async (request, askSignal) => {
    health = applyHealthEvent(health, { type: 'asked', at: now() });
    try {
      return await prompt.ask(request, askSignal);
    } finally {
      health = applyHealthEvent(health, { type: 'answered', at: now() });
    }
  };
  const events = session.prompt({ ...prompt, ask }, signal)[Symbol.asyncIterator]();
  for (;;) {
    const next = await beforeStuck(events.next(), () => stuckIn(health, stallMs, now()));
    if (next === 'stuck') {
      await session[Symbol.asyncDispose]();
      const message = `Cannot finish the turn: the agent said nothing for ${Math.round(stallMs / 1_000)} s and was ended; send the message again, or raise limits.agentStallMs in config.json`;
      yield { type: 'ended', outcome: 'failed', failure: { code: 'model_stalled', message } };
      return;
    }
    if (next.done === true) return;
    health = applyHealthEvent(health, { type: 'heard', event: next.value, at: now() });
    yield signal.aborted ? asStopped(next.value) : next.value;
  }
}

/** Agents call a tool that was stopped with its turn failed, when they say anything of it: it did not fail. */
function asStopped(event: AgentEvent): AgentEvent {
  return event.type === 'tool' && event.status === 'failed' ? { ...event, status: 'cancelled' } : event;
}

async function beforeStuck<T>(next: Promise<T>, stuckAfter: () => number | null): Promise<T | 'stuck'> {
  const settled = new AbortController();
  const done = next.finally(() => settled.abort());
  for (;;) {
    const ms = stuckAfter();
    if (ms === 0) {
      void done.catch(() => {}); // nobody waits for it any more
      return 'stuck';
    }
    const look = sleep(ms ?? LOOK_MS, 'look' as const, { signal: settled.signal, ref: false }).catch(() => 'look' as const);
    const first = await Promise.race([done, look]);
    if (first !== 'look') return first;
  }
}
