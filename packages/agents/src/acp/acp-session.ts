import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { BooError, type Failure } from '@boocode/contracts/error-code.ts';
import { identifyProcess, type ProcessIdentity } from '@boocode/processes/process-table.ts';
import { type AgentHost, type AgentLaunch, AgentProcess, type PlanLaunch } from '../agent-process.ts';
import type { AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { promptText } from '../prompt-text.ts';
import { AcpChoices } from './acp-choices.ts';
import { AcpClient, type RunningTurn } from './acp-client.ts';
import { AcpTurn } from './acp-turn.ts';
import { type AcpUpdate, PromptResult, SessionNotification } from './acp-wire.ts';
import { type Begun, beginConversation, HandshakeFailed, initialize } from './begin-conversation.ts';
import { describeAcpFailure, describeModelError, reasonOf } from './describe-acp-failure.ts';
import { JsonRpcPeer, PeerGone } from './json-rpc-peer.ts';
import { aborted, settled, TookTooLong, within } from './within.ts';

type Ending = Extract<AgentEvent, { type: 'ended' }>;

export interface AcpLimits {
  /** From the start of the program until it answers. */
  readonly handshakeMs: number;
  /** From a cancel until the prompt is ended without the agent's word. */
  readonly cancelGraceMs: number;
  /** What an agent may take to change a mode or a model. */
  readonly choiceMs: number;
  /** How long nothing must come after the answer, where something may. */
  readonly lateMs: number;
}

export const ACP_LIMITS: AcpLimits = { handshakeMs: 60_000, cancelGraceMs: 5_000, choiceMs: 15_000, lateMs: 250 };

/** After the answer of an agent that has never told anything late. */
const BRIEF_MS = 10;

export interface AcpOptions {
  readonly name: string;
  readonly label: string;
  readonly host: AgentHost;
  readonly plan: PlanLaunch;
  readonly limits: AcpLimits;
}

const COMPLETED: Ending = { type: 'ended', outcome: 'completed', failure: null };
const CANCELLED: Ending = { type: 'ended', outcome: 'cancelled', failure: null };

/** A conversation with a program that speaks the Agent Client Protocol over its pipes. */
export class AcpSession implements AgentSession {
  readonly #options: AcpOptions;
  readonly #open: OpenOptions;
  readonly #process: AgentProcess;
  readonly #peer: JsonRpcPeer;
  readonly #choices: AcpChoices;
  readonly #client: AcpClient;
  #launch: AgentLaunch;
  #launchKey: string;
  #begun: Begun | null = null;
  #replayed = 0;
  #hasPrompted = false;
  #turn: RunningTurn | null = null;
  /** The answer to a prompt that was ended without it. */
  #unanswered: Promise<unknown> | null = null;
  readonly #oldCalls = new Set<string>();
  /** Whether something has come after an answer: then it may again. */
  #lateness: 'unknown' | 'never' | 'seen' = 'unknown';
  #notes: readonly string[] = [];
  /** What the agent keeps beside itself from its start: helpers, MCP servers. */
  #household: ReadonlySet<string> = new Set();
  #cost = 0;

  private constructor(options: AcpOptions, open: OpenOptions, launch: AgentLaunch, process: AgentProcess) {
    this.#options = options;
    this.#open = open;
    this.#launch = launch;
    this.#launchKey = keyOf(open);
    this.#process = process;
    const { stdin, stdout } = process.child;
    if (stdin === null) throw new TypeError('an agent was started without a pipe to it');
    this.#peer = new JsonRpcPeer(stdout, stdin, {
      onNotification: (method, params) => this.#notified(method, params),
      onRequest: (method, params, signal) => this.#client.answer(method, params, this.#unanswered === null ? this.#turn : null, signal),
    });
    this.#client = new AcpClient({ host: options.host, open, env: () => this.#launch.env });
    this.#choices = new AcpChoices(this.#peer, { label: options.label, limitMs: options.limits.choiceMs, onInfo: open.onInfo });
  }

  /** Rejects with `HandshakeFailed` when the program does not speak the protocol, with `agent_unavailable` when it cannot work. */
  static async open(options: AcpOptions, open: OpenOptions): Promise<AcpSession> {
    const { label, host, limits } = options;
    const launch = await options.plan(open);
    const view = { isReadOnly: open.access === 'read-only' };
    const process = await AgentProcess.start(host, launch, { name: label, cwd: open.cwd, view, signal: open.signal });
    const session = new AcpSession(options, open, launch, process);
    try {
      await within(session.#shakeHands(), limits.handshakeMs, open.signal);
      return session;
    } catch (error) {
      await process[Symbol.asyncDispose]();
      if (error instanceof BooError || open.signal.aborted) throw error;
      throw new HandshakeFailed(`${reasonOf(error)}${process.lastWords}`, { cause: error });
    }
  }

  async #shakeHands(): Promise<void> {
    const abilities = await initialize(this.#peer);
    this.#begun = await beginConversation(this.#peer, this.#options.label, abilities, this.#open, () => this.#replayed);
    this.#choices.begin(this.#begun);
    this.#household = new Set(this.#process.child.family().map(nameOf));
  }

  get resumeToken(): string | null {
    return this.#begun?.id ?? null;
  }

  get isResumed(): boolean {
    return this.#begun?.isResumed ?? false;
  }

  get pid(): number {
    return this.#process.child.pid;
  }

  get isBusy(): boolean {
    return this.#client.terminals.isBusy || this.#process.child.family().some((child) => !this.#household.has(nameOf(child)));
  }

  get closed(): Promise<void> {
    return this.#process.child.exited.then(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.terminals[Symbol.asyncDispose]();
    await this.#process[Symbol.asyncDispose]();
  }

  async *prompt(prompt: Prompt, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    if (this.#turn !== null) throw new TypeError('a prompt runs already');
    const { cwd, signal: life } = this.#open;
    const abandoned = new AbortController();
    const stop = AbortSignal.any([signal, life, abandoned.signal]);
    const turn = new AcpTurn(
      {
        cwd,
        now: Date.now,
        terminal: (id) => this.#client.terminals.shown(id),
        costBefore: this.#cost,
        onNote: (note) => (this.#notes = [...this.#notes, note]),
      },
      prompt,
    );
    this.#turn = { turn, signal: stop };
    const work = this.#work(turn, prompt, stop)
      .catch(async (error: unknown) => (stop.aborted ? CANCELLED : failed(await this.#failureOf(error))))
      .then((ending) => {
        this.#turn = null;
        for (const id of turn.callIds) this.#oldCalls.add(id);
        turn.end(ending);
      });
    try {
      yield* turn.events();
    } finally {
      abandoned.abort();
      await work;
    }
  }

  async #work(turn: AcpTurn, prompt: Prompt, signal: AbortSignal): Promise<Ending> {
    turn.begin();
    await this.#awaitUnanswered(signal);
    await this.#applyChoices(turn, prompt, signal);
    signal.throwIfAborted();
    const remembers = this.isResumed || this.#hasPrompted;
    const text = promptText({ ...prompt, notes: [...this.#notes, ...prompt.notes] }, remembers);
    this.#notes = [];
    this.#hasPrompted = true;
    const endNewborn = this.#process.watchTurn();
    let stirs = 0;
    const content = { sessionId: this.resumeToken, prompt: [{ type: 'text', text }] };
    const answer = this.#peer.request('session/prompt', content, () => (stirs = turn.stirs));
    const first = await Promise.race([settled(answer), aborted(signal)]);
    if (first === 'aborted') return this.#cancel(turn, answer, endNewborn);
    if (first.type === 'rejected') {
      if (first.error instanceof PeerGone || this.#isDying) throw new PeerGone('it ended');
      await turn.quiet(BRIEF_MS);
      return signal.aborted ? CANCELLED : failed(await this.#failureOf(first.error, turn.disguisedError));
    }
    const result = PromptResult.parse(first.value ?? {});
    turn.answered(result);
    await this.#drain(turn, stirs);
    if (signal.aborted && result.stopReason === 'cancelled') return CANCELLED;
    if (result.stopReason !== 'end_turn' && this.#isDying) throw new PeerGone('it ended');
    return this.#judge(turn, result.stopReason);
  }

  /** What comes after the answer belongs to it. An agent that has shown to tell everything before is hardly waited for. */
  async #drain(turn: AcpTurn, stirsAtAnswer: number): Promise<void> {
    const isIncomplete = !turn.hasSaid || turn.openCalls > 0;
    await turn.quiet(this.#lateness === 'never' && !isIncomplete ? BRIEF_MS : this.#options.limits.lateMs);
    if (turn.stirs > stirsAtAnswer) this.#lateness = 'seen';
    else if (this.#lateness === 'unknown') this.#lateness = 'never';
  }

  /** Whether the program is gone, though something that it started still answers. */
  get #isDying(): boolean {
    return identifyProcess(this.pid) === null;
  }

  #judge(turn: AcpTurn, stopReason: string): Ending {
    const said = stopReason === 'end_turn' ? turn.disguisedError : null;
    if (said !== null) return failed(describeModelError(said, this.#options.label));
    switch (stopReason) {
      case 'cancelled':
        turn.notice('info', 'agent_stopped', turn.hasRefused ? 'The agent stopped after the refusal.' : 'The agent stopped by itself.');
        break;
      case 'max_tokens':
        turn.notice('warning', 'max_tokens', "The answer has reached the model's limit of tokens and is cut off.");
        break;
      case 'max_turn_requests':
        turn.notice('warning', 'max_requests', 'The agent has reached its own limit of requests; the work may be unfinished.');
        break;
      case 'refusal':
        turn.notice('warning', 'refusal', 'The model has refused to answer.');
        break;
      default:
        if (!turn.hasSaid) turn.notice('info', 'empty_answer', 'The agent has ended its turn without an answer.');
    }
    return COMPLETED;
  }

  async #cancel(turn: AcpTurn, answer: Promise<unknown>, endNewborn: () => Promise<void>): Promise<Ending> {
    turn.cancel();
    this.#peer.notify('session/cancel', { sessionId: this.resumeToken });
    const grace = AbortSignal.timeout(this.#options.limits.cancelGraceMs);
    const end = await Promise.race([settled(answer), aborted(grace)]);
    if (end === 'aborted') this.#unanswered = answer;
    await Promise.all([endNewborn(), this.#client.terminals[Symbol.asyncDispose]()]);
    await turn.quiet(BRIEF_MS);
    return CANCELLED;
  }

  /** A prompt that was cancelled without the agent's word must be over before the next: what it still tells would be taken for that one's. */
  async #awaitUnanswered(signal: AbortSignal): Promise<void> {
    if (this.#unanswered === null) return;
    try {
      await within(settled(this.#unanswered), this.#options.limits.cancelGraceMs, signal);
      this.#unanswered = null;
    } catch (error) {
      if (!(error instanceof TookTooLong)) throw error;
      await this[Symbol.asyncDispose]();
      throw new BooError(
        'agent_crashed',
        `Cannot go on with ${this.#options.label}: it still works on what was cancelled, so it was ended; send the message again to start it anew`,
      );
    }
  }

  /** The mode and model of this prompt, set explicitly after the conversation began and whenever they differ. */
  async #applyChoices(turn: AcpTurn, prompt: Prompt, signal: AbortSignal): Promise<void> {
    const options: OpenOptions = { ...this.#open, access: prompt.access, model: prompt.model, mode: prompt.mode };
    if (keyOf(options) !== this.#launchKey) {
      this.#launch = await this.#options.plan(options);
      this.#launchKey = keyOf(options);
    }
    const mode = { id: prompt.mode ?? this.#launch.mode, isNamed: prompt.mode !== null };
    const model = { id: this.#launch.model, isNamed: prompt.model !== null };
    for (const problem of [await this.#choices.choose('mode', mode, signal), await this.#choices.choose('model', model, signal)]) {
      if (problem !== null) turn.notice('warning', problem.code, problem.text);
    }
  }

  #notified(method: string, params: unknown): void {
    const parsed = method === 'session/update' ? SessionNotification.safeParse(params) : null;
    if (parsed?.success !== true) return;
    const { sessionId, update } = parsed.data;
    if (this.#begun === null) {
      if (isContent(update)) this.#replayed += 1;
      return this.#choices.inform(update);
    }
    if (sessionId !== this.resumeToken) return;
    this.#choices.inform(update);
    if (update.sessionUpdate === 'usage_update' && update.cost?.currency === 'USD') this.#cost = update.cost.amount;
    if ('toolCallId' in update && this.#oldCalls.has(update.toolCallId)) return;
    if (this.#unanswered !== null) return;
    if (this.#turn !== null) this.#turn.turn.update(update);
    else if (isContent(update)) this.#lateness = 'seen';
  }

  async #failureOf(error: unknown, said: string | null = null): Promise<Failure> {
    if (error instanceof BooError) return { code: error.code, message: error.message };
    if (error instanceof PeerGone) {
      await this[Symbol.asyncDispose](); // one that only closed its pipe
      const { code, message } = await this.#process.crash();
      return { code, message };
    }
    return describeAcpFailure(error, this.#options.label, said);
  }
}

function nameOf({ pid, start }: ProcessIdentity): string {
  return `${pid} ${start}`;
}

function keyOf({ access, model, mode }: OpenOptions): string {
  return JSON.stringify([access, model, mode]);
}

function isContent({ sessionUpdate }: AcpUpdate): boolean {
  return /_chunk$|^tool_call|^plan$/.test(sessionUpdate);
}

function failed(failure: Failure): Ending {
  return { type: 'ended', outcome: 'failed', failure };
}
