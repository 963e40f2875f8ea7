import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { AgentProcess, type AgentHost, type AgentLaunch, type PlanLaunch } from '../agent-process.ts';
import type { AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { JsonLines } from '../json-lines.ts';
import { promptText } from '../prompt-text.ts';
import { answerToolRequest } from './answer-tool-request.ts';
import { ControlChannel, type ControlRequest } from './control-channel.ts';
import { DIALECTS, type StreamJsonDialect } from './dialect.ts';
import { LiveTurn } from './live-turn.ts';
import { mapAbilities } from './map-agent-info.ts';
import { ToolRequest } from './map-permission.ts';
import { startConversation, type StreamJsonState } from './map-stream-json.ts';
import { StreamMessage } from './stream-message.ts';

const GREETING_MS = 60_000;
/** How long an agent may take to end a cancelled turn before it is ended itself. */
const CANCEL_MS = 5_000;

const TakenUp = z.looseObject({ type: z.literal('command_lifecycle'), command_uuid: z.string(), state: z.literal('started') });

export interface WarmAgent {
  readonly label: string;
  readonly dialect: StreamJsonDialect;
  readonly host: AgentHost;
  readonly plan: PlanLaunch;
}

/** A conversation with a program that takes its prompts on its standard input, and asks for leave over the same pipes. */
export class WarmSession implements AgentSession {
  readonly closed: Promise<void>;
  readonly isResumed: boolean;
  readonly #agent: WarmAgent;
  readonly #options: OpenOptions;
  readonly #process: AgentProcess;
  readonly #control: ControlChannel;
  #resumeToken: string | null;
  #state: StreamJsonState;
  #turn: LiveTurn | null = null;
  /** A turn that the agent has begun by itself, for instance because a command in the background has ended; resolves when it is over. */
  #ownTurn: PromiseWithResolvers<void> | null = null;
  /** The message of the turn, by its id, and whether the agent has taken it up. */
  #message = { id: '', isTakenUp: false };
  #backgroundTasks = 0;
  #model: string | null;
  #mode: string | null = null;
  #isTold = false;

  private constructor(agent: WarmAgent, options: OpenOptions, process: AgentProcess, launch: AgentLaunch, resumeToken: string | null) {
    const { stdin, stdout, exited } = process.child;
    if (stdin === null) throw new TypeError('an agent was started without a standard input');
    this.#agent = agent;
    this.#options = options;
    this.#process = process;
    this.#model = launch.model;
    this.#resumeToken = resumeToken;
    this.isResumed = resumeToken !== null;
    this.#state = startConversation(this.isResumed);
    this.#control = new ControlChannel(stdin, { onRequest: (request, signal) => this.#answer(request, signal) });
    const lines = new JsonLines({ onObject: (value) => this.#receive(value) });
    stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    stdout.once('end', () => lines.end());
    this.closed = exited.then(() => this.#crash());
  }

  /** Starts the program and greets it. A conversation that it does not know any more is begun anew. */
  static async open(agent: WarmAgent, options: OpenOptions): Promise<WarmSession> {
    const launch = await agent.plan(options);
    if (options.resumeToken !== null) {
      const resumed = await WarmSession.#start(agent, options, launch, options.resumeToken);
      if (resumed !== null) return resumed;
    }
    const fresh = await WarmSession.#start(agent, options, launch, null);
    if (fresh === null) throw new BooError('agent_unavailable', `Cannot start ${agent.label}: it wants to resume a conversation that it was not asked for`);
    return fresh;
  }

  static async #start(agent: WarmAgent, options: OpenOptions, launch: AgentLaunch, resumeToken: string | null): Promise<WarmSession | null> {
    const { label, dialect, host } = agent;
    const { cwd, signal, access, mcpServers } = options;
    const facts = DIALECTS[dialect];
    const args = [...launch.args, ...facts.args({ model: launch.model, mode: launch.mode, resumeToken, mcpServers })];
    const process = await AgentProcess.start(host, { ...launch, args }, { name: label, cwd, signal, view: { isReadOnly: access === 'read-only' } });
    const session = new WarmSession(agent, options, process, launch, resumeToken);
    try {
      await session.#greet(launch.mode);
      return session;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      signal.throwIfAborted();
      if (resumeToken !== null && facts.unknownSession.test(process.child.stderrTail)) return null;
      const reason = error instanceof BooError && error.code === 'agent_crashed' ? 'it ended' : String(error instanceof Error ? error.message : error);
      throw new BooError('agent_unavailable', `Cannot start ${label}: ${reason} before it was ready${process.lastWords}; check that it runs in a terminal`, {
        cause: error,
      });
    }
  }

  get resumeToken(): string | null {
    return this.#resumeToken;
  }

  get pid(): number {
    return this.#process.child.pid;
  }

  get isBusy(): boolean {
    return this.#ownTurn !== null || this.#backgroundTasks > 0;
  }

  async *prompt(prompt: Prompt, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const { dialect, label } = this.#agent;
    const turn = new LiveTurn(prompt, signal, this.#state, { agent: label, isUsageOfTurn: DIALECTS[dialect].isUsageOfTurn });
    const endBorn = this.#process.watchTurn();
    const cancelled = new AbortController();
    const onAbort = (): void => void this.#cancel(turn, cancelled.signal);
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
      if (turn.ending?.outcome !== 'completed') await endBorn();
    }
    const { outcome, failure } = turn.ending ?? { outcome: 'cancelled' as const, failure: null };
    yield signal.aborted ? { type: 'ended', outcome: 'cancelled', failure: null } : { type: 'ended', outcome, failure };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.closed;
  }

  async #greet(mode: string | null): Promise<void> {
    const done = new AbortController();
    const late = sleep(GREETING_MS, null, { signal: done.signal }).then(
      () => {
        throw new BooError('agent_unavailable', `it did not answer for ${GREETING_MS / 1_000} s`);
      },
      () => ({}), // it was there in time
    );
    try {
      const abilities = await Promise.race([this.#control.request({ subtype: 'initialize' }), late]);
      this.#options.onInfo({ ...mapAbilities(abilities), modes: [...DIALECTS[this.#agent.dialect].modes] });
      await Promise.race([this.#setMode(mode), late]);
    } finally {
      done.abort();
    }
  }

  async #setMode(mode: string | null): Promise<void> {
    if (mode === null || mode === this.#mode) return;
    await this.#control.request({ subtype: 'set_permission_mode', mode });
    this.#mode = mode;
    this.#options.onInfo({ mode });
  }

  async #setModel(model: string | null): Promise<void> {
    if (model === null || model === this.#model) return;
    await this.#control.request({ subtype: 'set_model', model });
    this.#model = model;
    this.#options.onInfo({ model });
  }

  /** Sends the prompt with what its turn asks for. What cannot be chosen fails the turn: it would run with something else. */
  async #begin(turn: LiveTurn): Promise<void> {
    const { prompt } = turn;
    try {
      turn.push({ type: 'activity', activity: { phase: 'starting', detail: null } });
      const { model, mode, access } = prompt;
      const launch = await this.#agent.plan({ ...this.#options, model, mode, access });
      await this.#setMode(launch.mode);
      await this.#setModel(launch.model);
      await this.#ownTurn?.promise;
      if (turn.signal.aborted) return turn.end('cancelled', null);
      const text = promptText(prompt, this.isResumed || this.#isTold);
      this.#isTold = true;
      this.#message = { id: randomUUID(), isTakenUp: false };
      const message = { role: 'user', content: [{ type: 'text', text }] };
      this.#control.send({ type: 'user', message, uuid: this.#message.id, parent_tool_use_id: null, session_id: '' });
    } catch (error) {
      const reason = error instanceof BooError ? error : new BooError('internal', `Cannot send the message to ${this.#agent.label}: ${String(error)}`);
      turn.end('failed', { code: reason.code, message: reason.message });
    }
  }

  /** An agent is asked to stop; one that does not is ended. */
  async #cancel(turn: LiveTurn, done: AbortSignal): Promise<void> {
    const late = sleep(CANCEL_MS, 'late', { signal: done }).catch(() => 'done' as const);
    const stopped = turn.begun
      .then(() => (turn.ending === null ? this.#control.request({ subtype: 'interrupt' }) : null))
      .then(() => turn.over)
      .then(
        () => 'done' as const,
        () => 'late' as const, // it refuses
      );
    if ((await Promise.race([stopped, late])) === 'late') await this.#giveUp(turn);
  }

  async #giveUp(turn: LiveTurn): Promise<void> {
    turn.end('cancelled', null);
    await this.#process[Symbol.asyncDispose]();
  }

  async #crash(): Promise<void> {
    const reason = await this.#process.crash();
    this.#control.close(reason);
    this.#ownTurn?.resolve();
    this.#turn?.end('failed', { code: reason.code, message: reason.message });
  }

  #receive(value: object): void {
    if (this.#control.receive(value)) return;
    const taken = TakenUp.safeParse(value);
    if (taken.success && taken.data.command_uuid === this.#message.id) this.#message.isTakenUp = true;
    const parsed = StreamMessage.safeParse(value);
    if (!parsed.success) return; // of a kind that says nothing to us
    const message = parsed.data;
    this.#note(message);
    if (this.#ownTurn !== null) this.#leaveOut(message);
    else if (this.#turn !== null && !this.#isOfAnother(message)) this.#turn.receive(message);
    else if (message.type === 'system' && message.subtype === 'init') this.#interruptOwnTurn();
  }

  /** The end of a turn that the agent had begun by itself just before ours. */
  #isOfAnother(message: StreamMessage): boolean {
    return message.type === 'result' && message.origin?.kind === 'task-notification' && !this.#message.isTakenUp;
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
  #interruptOwnTurn(): void {
    this.#ownTurn = Promise.withResolvers();
    this.#control.request({ subtype: 'interrupt' }).catch(() => {}); // it is gone, which `closed` tells
  }

  async #answer(request: ControlRequest, takenBack: AbortSignal): Promise<object | null> {
    if (request.subtype !== 'can_use_tool') return null;
    const parsed = ToolRequest.safeParse(request);
    if (!parsed.success) return null;
    const turn = this.#turn;
    if (turn === null || turn.ending !== null) return { behavior: 'deny', message: 'No turn is running: nobody can be asked now.' };
    await turn.durable();
    const signal = AbortSignal.any([turn.signal, takenBack]);
    return answerToolRequest(turn.prompt, this.#options.cwd, parsed.data, signal);
  }
}
