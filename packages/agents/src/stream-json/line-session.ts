import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { within } from '../acp/within.ts';
import type { AgentLaunch } from '../agent-process.ts';
import type { AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { promptText } from '../prompt-text.ts';
import type { AgentLine, LineAgent, LineHandlers } from './agent-line.ts';
import { answerToolRequest } from './answer-tool-request.ts';
import { LiveTurn } from './live-turn.ts';
import { mapAbilities } from './map-agent-info.ts';
import type { ToolAnswer, ToolRequest } from './map-permission.ts';
import { startConversation, type StreamJsonState } from './map-stream-json.ts';
import { StreamMessage } from './stream-message.ts';

const GREETING_MS = 60_000;
/** How long an agent may take to end a cancelled turn before it is ended itself. */
const CANCEL_MS = 10_000;

/** How claude tells what becomes of a message. */
const Lifecycle = z.looseObject({ type: z.literal('command_lifecycle'), command_uuid: z.string(), state: z.string() });

const NOT_NOW: ToolAnswer = { behavior: 'deny', message: 'No turn is running: nobody can be asked now.' };

/** A conversation with an agent that is kept running between prompts, and that asks for leave while it works. */
export class LineSession implements AgentSession {
  readonly closed: Promise<void>;
  readonly isResumed: boolean;
  readonly #agent: LineAgent;
  readonly #options: OpenOptions;
  readonly #line: AgentLine;
  #resumeToken: string | null;
  #state: StreamJsonState;
  #turn: LiveTurn | null = null;
  /** A turn that the agent has begun by itself, for instance because a command in the background has ended; resolves when it is over. */
  #ownTurn: PromiseWithResolvers<void> | null = null;
  /** The message of the turn, by its id, and whether the agent has taken it up; null before it is sent. */
  #message: { readonly id: string; isTakenUp: boolean } | null = null;
  #tellsTakingUp = false;
  #isForgetful = false;
  #backgroundTasks = 0;
  #model: string | null;
  #mode: string | null = null;
  #isTold = false;
  /** What went wrong with its MCP servers, until it was told. */
  #troubles: readonly string[] = [];

  private constructor(agent: LineAgent, options: OpenOptions, line: AgentLine, launch: AgentLaunch, resumeToken: string | null) {
    this.#agent = agent;
    this.#options = options;
    this.#line = line;
    this.#model = launch.model;
    this.#resumeToken = resumeToken;
    this.isResumed = resumeToken !== null;
    this.#state = startConversation(this.isResumed);
    this.closed = line.gone.then((reason) => {
      this.#ownTurn?.resolve();
      this.#turn?.end('failed', { code: reason.code, message: reason.message });
    });
  }

  /** Starts the agent and greets it. A conversation that it does not know any more is begun anew. */
  static async open(agent: LineAgent, options: OpenOptions): Promise<LineSession> {
    const launch = await agent.plan(options);
    const resumed = options.resumeToken === null ? null : await LineSession.#start(agent, options, launch, options.resumeToken);
    const session = resumed ?? (await LineSession.#start(agent, options, launch, null));
    if (session === null) throw new TypeError('an agent resumes what it was not asked to resume');
    return session;
  }

  static async #start(agent: LineAgent, options: OpenOptions, launch: AgentLaunch, resumeToken: string | null): Promise<LineSession | null> {
    let session: LineSession | null = null;
    const handlers: LineHandlers = {
      onMessage: (value) => (session === null ? undefined : session.#receive(value)),
      onToolRequest: async (request, signal) => (session === null ? NOT_NOW : session.#answer(request, signal)),
    };
    const line = await agent.start(launch, options, resumeToken, handlers);
    session = new LineSession(agent, options, line, launch, resumeToken);
    try {
      await within(session.#greet(launch.mode), GREETING_MS, options.signal);
      return session;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      options.signal.throwIfAborted();
      const said = error instanceof Error ? error.message : String(error);
      if (resumeToken !== null && agent.unknownSession.test(`${said} ${line.lastWords}`)) return null;
      const reason = error instanceof BooError && error.code === 'agent_crashed' ? `it ended before it was ready${line.lastWords}` : said;
      throw new BooError('agent_unavailable', `Cannot start ${agent.label}: ${reason}; check that it runs in a terminal`, { cause: error });
    }
  }

  get resumeToken(): string | null {
    return this.#isForgetful ? null : this.#resumeToken;
  }

  get pid(): number | null {
    return this.#line.pid;
  }

  get isBusy(): boolean {
    return this.#ownTurn !== null || this.#backgroundTasks > 0;
  }

  async *prompt(prompt: Prompt, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const { label, isUsageOfTurn } = this.#agent;
    const turn = new LiveTurn(prompt, signal, this.#state, { agent: label, isUsageOfTurn });
    const endBorn = this.#line.watchTurn();
    const cancelled = new AbortController();
    const onAbort = (): void => void this.#cancel(turn, cancelled.signal);
    this.#message = null;
    this.#turn = turn;
    try {
      void this.#begin(turn);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      yield* turn.events();
    } finally {
      signal.removeEventListener('abort', onAbort);
      cancelled.abort();
      if (turn.ending === null) await this.#giveUp(turn);
      this.#turn = null;
      this.#state = turn.state;
      if (turn.ending?.outcome === 'failed') this.#isForgetful = this.#agent.forgetsAfterFailure;
      if (turn.ending?.outcome !== 'completed') await endBorn();
    }
    const { outcome, failure } = turn.ending ?? { outcome: 'cancelled' as const, failure: null };
    yield signal.aborted ? { type: 'ended', outcome: 'cancelled', failure: null } : { type: 'ended', outcome, failure };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#line[Symbol.asyncDispose]();
    await this.closed;
  }

  async #greet(mode: string | null): Promise<void> {
    const abilities = await this.#line.greet();
    this.#options.onInfo({ ...mapAbilities(abilities), modes: this.#agent.modes });
    this.#troubles = await this.#line.offerServers();
    await this.#setMode(mode);
  }

  async #setMode(mode: string | null): Promise<void> {
    if (mode === null || mode === this.#mode) return;
    await this.#line.setMode(mode);
    this.#mode = mode;
    this.#options.onInfo({ mode });
  }

  async #setModel(model: string | null): Promise<void> {
    if (model === null || model === this.#model) return;
    await this.#line.setModel(model);
    this.#model = model;
    this.#options.onInfo({ model });
  }

  /** Sends the prompt with what its turn asks for. What cannot be chosen fails the turn: it would run with something else. */
  async #begin(turn: LiveTurn): Promise<void> {
    const { prompt } = turn;
    try {
      turn.push({ type: 'activity', activity: { phase: 'starting', detail: null } });
      for (const trouble of this.#troubles)
        turn.push({ type: 'notice', level: 'warning', code: 'mcp_server_failed', text: `An MCP server of the project does not work here: ${trouble}` });
      this.#troubles = [];
      const { model, mode, access } = prompt;
      const launch = await this.#agent.plan({ ...this.#options, model, mode, access });
      await this.#setMode(launch.mode);
      await this.#setModel(launch.model);
      await this.#ownTurn?.promise;
      if (turn.signal.aborted) return turn.end('cancelled', null);
      const text = promptText(prompt, this.isResumed || this.#isTold);
      this.#isTold = true;
      const id = randomUUID();
      this.#message = { id, isTakenUp: false };
      const message = { role: 'user', content: [{ type: 'text', text }] };
      this.#line.send({ type: 'user', message, uuid: id, parent_tool_use_id: null, session_id: '' });
    } catch (error) {
      const reason = error instanceof BooError ? error : new BooError('internal', `Cannot send the message to ${this.#agent.label}: ${String(error)}`);
      turn.end('failed', { code: reason.code, message: reason.message });
    }
  }

  /** An agent is asked to stop; one that does not is ended. */
  async #cancel(turn: LiveTurn, done: AbortSignal): Promise<void> {
    const late = sleep(CANCEL_MS, 'late', { signal: done }).catch(() => 'done' as const);
    const stopped = turn.begun
      .then(() => (turn.ending === null ? this.#line.interrupt() : null))
      .then(() => turn.over)
      .then(
        () => 'done' as const,
        () => 'late' as const, // it refuses
      );
    if ((await Promise.race([stopped, late])) === 'late') await this.#giveUp(turn);
  }

  async #giveUp(turn: LiveTurn): Promise<void> {
    turn.end('cancelled', null);
    await this.#line[Symbol.asyncDispose]();
  }

  #receive(value: object): void {
    this.#noteTakingUp(value);
    const parsed = StreamMessage.safeParse(value);
    if (!parsed.success) return; // of a kind that says nothing to us
    const message = parsed.data;
    this.#note(message);
    const turn = this.#turnAtWork();
    if (turn !== null) {
      if (!this.#isOfAnother(message)) turn.receive(message);
    } else if (this.#ownTurn !== null) this.#leaveOut(message);
    else if (message.type === 'system' && message.subtype === 'init') this.#leaveOutOwnTurn();
  }

  /** The turn that the agent works at; null while it does what nobody has asked for. */
  #turnAtWork(): LiveTurn | null {
    if (this.#turn?.ending !== null || this.#message === null) return null;
    const isTakenUp = this.#message.isTakenUp || (!this.#tellsTakingUp && this.#ownTurn === null);
    return isTakenUp ? this.#turn : null;
  }

  #noteTakingUp(value: object): void {
    const parsed = Lifecycle.safeParse(value);
    if (!parsed.success) return;
    this.#tellsTakingUp = true;
    if (this.#message === null || parsed.data.command_uuid !== this.#message.id || parsed.data.state !== 'started') return;
    this.#message.isTakenUp = true;
    this.#ownTurn?.resolve(); // the message has joined it
    this.#ownTurn = null;
  }

  /** The end of a turn that the agent had begun by itself just before ours. */
  #isOfAnother(message: StreamMessage): boolean {
    return message.type === 'result' && message.origin?.kind === 'task-notification' && this.#message?.isTakenUp !== true;
  }

  #leaveOut(message: StreamMessage): void {
    if (message.type !== 'result') return;
    this.#ownTurn?.resolve();
    this.#ownTurn = null;
  }

  #note(message: StreamMessage): void {
    if (message.type === 'system' && message.subtype === 'background_tasks_changed') this.#backgroundTasks = message.tasks?.length ?? 0;
    const isNew = message.type === 'result' || (message.type === 'system' && message.subtype === 'init');
    if (isNew && message.session_id !== undefined && message.session_id !== '') this.#resumeToken = message.session_id;
    if (message.type === 'system' && message.subtype === 'init' && message.model !== undefined) this.#options.onInfo({ model: message.model });
  }

  /** Nobody has given it a turn, so it must not work: what woke it is still there when it is asked next. */
  #leaveOutOwnTurn(): void {
    this.#ownTurn = Promise.withResolvers();
    const isAwaited = this.#turn?.ending === null && this.#message !== null; // an interruption could hit the turn that comes next
    if (!isAwaited) this.#line.interrupt().catch(() => {}); // it is gone, which `closed` tells
  }

  async #answer(request: ToolRequest, takenBack: AbortSignal): Promise<ToolAnswer> {
    const turn = this.#turnAtWork();
    if (turn === null) return NOT_NOW;
    await turn.durable();
    return answerToolRequest(turn.prompt, this.#options.cwd, request, AbortSignal.any([turn.signal, takenBack]));
  }
}
