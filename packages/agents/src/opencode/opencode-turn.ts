import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent, Outcome } from '@boocode/contracts/agent-event.ts';
import { BooError, type Failure } from '@boocode/contracts/error-code.ts';
import type { Prompt } from '../backend.ts';
import { EventQueue } from '../native/event-queue.ts';
import { mapOpencodeError, mapRetryFailure } from './map-opencode-error.ts';
import type { OpencodeEvent, WireError, WireMessage, WireStatus } from './opencode-wire.ts';
import { decideTurnEnd } from './turn-end-policy.ts';
import { type RequestPlace, TurnRequests } from './turn-requests.ts';
import { TurnTranscript } from './turn-transcript.ts';

export interface TurnLimits {
  /** How long a session that says it is idle is waited for, when its answer is not complete. */
  readonly settleMs: number;
  /** From a cancel to the end of the turn, whatever opencode says. */
  readonly cancelMs: number;
  /** How often opencode may repeat a request to the model; it would go on without an end. */
  readonly retries: number;
}

/** How often an idle session without any answer is looked at, before it counts as one that does not answer. */
const EMPTY_LOOKS = 4;

export interface TurnPlace extends RequestPlace {
  readonly name: string;
  readonly limits: TurnLimits;
  readonly now: () => number;
  readonly contextSize: () => number | null;
  /** Ends what the turn has left behind. */
  readonly endNewborn: () => Promise<void>;
}

export interface TurnRequest {
  readonly prompt: Prompt;
  readonly messageId: string;
  /** What opencode calls the model; known when the prompt is sent. */
  readonly model: () => string | null;
  /** Resolves when opencode has taken the prompt. */
  readonly send: () => Promise<void>;
  readonly notices: readonly AgentEvent[];
}

/** One prompt until its end. Events of the server come in by `onEvent`; what the transcript shows goes out by `run`. */
export class OpencodeTurn {
  readonly #place: TurnPlace;
  readonly #request: TurnRequest;
  readonly #signal: AbortSignal;
  readonly #transcript: TurnTranscript;
  readonly #queue = new EventQueue<AgentEvent>();
  readonly #requests: TurnRequests;
  readonly #over = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #sent = Promise.withResolvers<void>();
  #isSent = false;
  #isIdle = false;
  #error: WireError | null = null;
  #isLooking = false;
  #mustLookAgain = false;
  #looks = 0;
  #cancelling: Promise<void> | null = null;
  /** Resolves when a turn that is cancelled works no more. */
  readonly #stopped = Promise.withResolvers<void>();
  #settle: NodeJS.Timeout | null = null;
  #hasSaidRetry = false;
  #isGivenUp = false;

  constructor(place: TurnPlace, request: TurnRequest, signal: AbortSignal) {
    this.#place = place;
    this.#request = request;
    this.#signal = signal;
    const { cwd, now, contextSize } = place;
    this.#transcript = new TurnTranscript({ promptId: request.messageId, cwd, now, contextSize });
    this.#requests = new TurnRequests(place, request.prompt, {
      callOfChild: (sessionId) => this.#transcript.callOfChild(sessionId),
      sent: this.#sent.promise,
      onFailure: (error) => void this.#giveUp(failureOf(error)),
    });
  }

  /** Settles when it has ended. */
  get over(): Promise<void> {
    return this.#ended.promise;
  }

  /** The events of the turn; the last is its one `ended`. To stop reading cancels it. */
  async *run(): AsyncGenerator<AgentEvent> {
    for (const notice of this.#request.notices) this.#queue.push(notice);
    const working = this.#work();
    try {
      for (let events = await this.#queue.take(); events !== null; events = await this.#queue.take()) yield* joinTexts(events);
    } finally {
      this.#queue.abandon();
      if (!this.#over.signal.aborted) await this.#cancel();
      await working;
    }
  }

  /** About this conversation, or one of its sub-agents'. */
  onEvent(event: OpencodeEvent): void {
    if (this.#over.signal.aborted) return;
    if (event.sessionId === this.#place.sessionId) this.#onOwnEvent(event);
    else this.#onChildEvent(event);
  }

  /** Events may have been lost: all that matters is read. */
  onGap(): void {
    if (this.#over.signal.aborted) return;
    this.#transcript.markGap();
    void this.#look();
    void this.#requests.readAll();
  }

  /** What was to be sent was refused, after it seemed to be taken. */
  onSendFailure(error: unknown): void {
    void this.#failUnlessBusy(error);
  }

  /** The server has gone. */
  onCrash(error: BooError): void {
    if (this.#isCancelling) this.#end('cancelled', null);
    else this.#end('failed', { code: error.code, message: error.message });
  }

  async #work(): Promise<void> {
    try {
      this.#signal.throwIfAborted();
      await this.#request.prompt.commit();
      this.#signal.throwIfAborted();
      this.#signal.addEventListener('abort', () => void this.#cancel(), { once: true, signal: this.#over.signal });
      await this.#request.send();
      this.#isSent = true;
      this.#sent.resolve();
      if (this.#isCancelling) await this.#stop();
      else this.#decide();
    } catch (error) {
      if (this.#isCancelling) this.#end('cancelled', null);
      else if (!this.#place.server.isClosed) this.#end('failed', failureOf(error));
      else this.onCrash(await this.#place.server.crash());
    }
  }

  #onOwnEvent(event: OpencodeEvent): void {
    switch (event.type) {
      case 'message':
        this.#onMessage(event.message);
        break;
      case 'part':
        this.#push(this.#transcript.applyPart(event.part));
        break;
      case 'delta':
        this.#push(this.#transcript.applyDelta(event.partId, event.delta));
        return; // ends nothing
      case 'status':
        this.#onStatus(event.status);
        break;
      case 'error':
        this.#error = event.error;
        this.#settleSoon();
        break;
      case 'permission':
      case 'question':
      case 'answered':
        this.#requests.take(event);
        return;
      case 'todo':
        this.#queue.push({ type: 'plan', entries: event.todos.map(({ content, status }) => ({ text: content, status: planStatus(status) })) });
        return;
      case 'session':
        return;
    }
    this.#decide();
  }

  #onChildEvent(event: OpencodeEvent): void {
    switch (event.type) {
      case 'session':
        if (event.session.parentID != null) this.#push(this.#transcript.addChild(event.sessionId, event.session.parentID));
        return;
      case 'part':
        this.#push(this.#transcript.applyChildPart(event.part));
        return;
      case 'permission':
      case 'question':
      case 'answered':
        this.#requests.take(event);
        return;
      case 'message':
      case 'delta':
      case 'status':
      case 'error':
      case 'todo':
        return;
    }
  }

  /** When another answer begins, what went wrong before is over. */
  #onMessage(message: WireMessage): void {
    const before = this.#transcript.answerCount;
    this.#push(this.#transcript.applyMessage(message));
    if (this.#transcript.answerCount > before) this.#error = null;
  }

  #onStatus({ type, attempt, message }: WireStatus): void {
    this.#isIdle = type === 'idle';
    if (this.#isIdle) return;
    if (type !== 'retry') return;
    const said = message ?? '';
    const tries = attempt ?? 1;
    this.#queue.push({
      type: 'activity',
      activity: { phase: 'waiting_for_model', detail: `The model server failed${said === '' ? '' : ` ("${said}")`}; attempt ${tries + 1}` },
    });
    if (!this.#hasSaidRetry) {
      this.#hasSaidRetry = true;
      this.#queue.push({
        type: 'notice',
        level: 'warning',
        code: 'model_retry',
        text: `The model server failed${said === '' ? '' : `: ${said}`}. The request is sent again.`,
      });
    }
    if (tries > this.#place.limits.retries) void this.#giveUp(mapRetryFailure(said, tries, this.#request.model()));
  }

  #decide(): void {
    if (!this.#isSent || this.#over.signal.aborted) return;
    const decision = decideTurnEnd({ isIdle: this.#isIdle, ...this.#transcript.facts });
    if (decision === 'ended') this.#finish();
    else if (decision === 'look') void this.#look();
  }

  /** Reads what has become of the turn, once at a time. */
  async #look(): Promise<void> {
    if (!this.#isSent) return;
    this.#mustLookAgain = this.#isLooking;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { server, sessionId, cwd } = this.#place;
      const messages = await server.client.listMessages(cwd, sessionId);
      const status = await server.client.findStatus(cwd, sessionId);
      if (this.#over.signal.aborted) return;
      this.#push(this.#transcript.applyMessages(messages));
      this.#isIdle = status === null || status.type === 'idle';
      if (this.#isIdle) this.#afterLook();
    } catch {
      if (!this.#over.signal.aborted) this.#settleSoon(); // a server that is gone is noticed by itself
    } finally {
      this.#isLooking = false;
    }
    if (this.#mustLookAgain && !this.#over.signal.aborted) void this.#look();
  }

  #afterLook(): void {
    const { hasAnswer, isWhole } = this.#transcript.facts;
    this.#looks += 1;
    if (hasAnswer && isWhole) this.#finish();
    else if (this.#looks > 1 && (hasAnswer || this.#error !== null || this.#isCancelling)) this.#finish();
    else if (this.#looks >= EMPTY_LOOKS) this.#finish();
    else this.#settleSoon();
  }

  get #isCancelling(): boolean {
    return this.#signal.aborted || this.#cancelling !== null;
  }

  #settleSoon(): void {
    this.#settle ??= setTimeout(() => {
      this.#settle = null;
      void this.#look();
    }, this.#place.limits.settleMs).unref();
  }

  /** opencode has ended the turn: how? */
  #finish(): void {
    if (this.#isCancelling) return this.#stopped.resolve();
    if (this.#isGivenUp) return;
    const error = this.#transcript.error ?? this.#error;
    if (error !== null) {
      const failure = mapOpencodeError(error, this.#place.name, this.#request.model());
      return this.#end(failure === null ? 'cancelled' : 'failed', failure);
    }
    const { hasAnswer, isSummary } = this.#transcript.facts;
    if (hasAnswer && (!this.#transcript.isEmpty || isSummary)) return this.#end('completed', null);
    const model = this.#request.model() ?? 'the model';
    this.#end('failed', {
      code: 'model_empty_answer',
      message: `Cannot get an answer from ${model}: it said nothing and called no tool; retry, or choose another model`,
    });
  }

  /** We end the turn as failed, whatever opencode still means to do. */
  async #giveUp(failure: Failure): Promise<void> {
    const { server, cwd, sessionId, limits, endNewborn } = this.#place;
    if (this.#over.signal.aborted || this.#isCancelling || this.#isGivenUp) return;
    this.#isGivenUp = true;
    await server.client.abort(cwd, sessionId, limits.cancelMs).catch(() => {}); // the turn ends all the same
    await endNewborn();
    if (!this.#isCancelling) this.#end('failed', failure);
  }

  async #failUnlessBusy(error: unknown): Promise<void> {
    const { server, cwd, sessionId } = this.#place;
    const status = await server.client.findStatus(cwd, sessionId).catch(() => null); // it is as gone as it seems
    if (server.isClosed || (status !== null && status.type !== 'idle')) return;
    await this.#giveUp(failureOf(error));
  }

  /** Stops the prompt; the server lives on. */
  #cancel(): Promise<void> {
    this.#cancelling ??= this.#stop();
    return this.#cancelling;
  }

  /** A stop that comes before opencode has begun is not heard, so it is said until nothing works any more. */
  async #stop(): Promise<void> {
    const { server, cwd, sessionId, limits, endNewborn } = this.#place;
    this.#requests.stop();
    if (!this.#isSent) return; // what is being sent is stopped when it has been
    const deadline = performance.now() + limits.cancelMs;
    const stopped = this.#stopped.promise.then(() => true);
    try {
      for (let isStopped = false; !isStopped && !this.#over.signal.aborted && performance.now() < deadline;) {
        await server.client.abort(cwd, sessionId, limits.cancelMs);
        isStopped = await Promise.race([stopped, sleep(limits.settleMs, false, { ref: false })]);
        if (!isStopped) await this.#look();
      }
      await this.#requests.dismissAll();
      await endNewborn();
    } catch {
      // the server is gone, and with it what was to be stopped
    }
    this.#end('cancelled', null);
  }

  #end(outcome: Outcome, failure: Failure | null): void {
    if (this.#over.signal.aborted) return;
    this.#push(this.#transcript.flush());
    this.#over.abort();
    if (this.#settle !== null) clearTimeout(this.#settle);
    this.#requests.stop();
    this.#queue.push({ type: 'ended', outcome, failure });
    this.#queue.end();
    this.#ended.resolve();
  }

  #push(events: readonly AgentEvent[]): void {
    if (events.length > 0) this.#looks = 0;
    for (const event of events) this.#queue.push(event);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof BooError) return { code: error.code, message: error.message };
  return { code: 'internal', message: `Cannot go on with this turn: ${error instanceof Error ? error.message : String(error)}; try again` };
}

function planStatus(status: string): 'pending' | 'in_progress' | 'completed' {
  return status === 'in_progress' || status === 'completed' ? status : status === 'cancelled' ? 'completed' : 'pending';
}

/** Pieces of one text that came while the reader was busy are one piece. */
function joinTexts(events: readonly AgentEvent[]): readonly AgentEvent[] {
  const joined: AgentEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if ((event.type === 'text' || event.type === 'reasoning') && last?.type === event.type)
      joined[joined.length - 1] = { type: event.type, delta: last.delta + event.delta };
    else joined.push(event);
  }
  return joined;
}
