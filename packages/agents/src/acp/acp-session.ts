import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { BooError, type Failure } from '@boocode/contracts/error-code.ts';
import { identifyProcess, type ProcessIdentity } from '@boocode/processes/process-table.ts';
import * as z from 'zod/mini';
import { type AgentHost, type AgentLaunch, AgentProcess, type PlanLaunch } from '../agent-process.ts';
import type { AgentSession, OpenOptions, Prompt } from '../backend.ts';
import { promptText } from '../prompt-text.ts';
import {
  type AcpUpdate,
  ConfigOptionsResult,
  ElicitationParams,
  NewTerminalParams,
  PermissionParams,
  PromptResult,
  ReadFileParams,
  SessionNotification,
  TerminalParams,
  WriteFileParams,
} from './acp-wire.ts';
import { AcpTurn } from './acp-turn.ts';
import { type Begun, beginConversation, HandshakeFailed, initialize } from './begin-conversation.ts';
import { readForAgent, writeForAgent } from './client-files.ts';
import { ClientTerminals, describeCommand } from './client-terminals.ts';
import { INTERNAL_ERROR, JsonRpcPeer, METHOD_NOT_FOUND, PeerGone, RpcError } from './json-rpc-peer.ts';
import { applyConfigOptions, findChoice, infoOf, mapCommands, mapOffers, NO_OFFERS, type Offers } from './map-acp-info.ts';
import { shownPath } from '../agent-paths.ts';
import { modelErrorCode } from './model-failure-policy.ts';
import { TookTooLong, within } from './within.ts';

type Ending = Extract<AgentEvent, { type: 'ended' }>;
type Choosable = keyof Offers;

export interface AcpLimits {
  /** From the start of the program until it answers. */
  readonly handshakeMs: number;
  /** Without any event, while no tool runs and nobody is asked. */
  readonly silenceMs: number;
  /** From a cancel until the prompt is ended without the agent's word. */
  readonly cancelGraceMs: number;
  /** What an agent may take to change a mode or a model. */
  readonly choiceMs: number;
  /** How long nothing must come after the answer, where something may. */
  readonly lateMs: number;
}

export const ACP_LIMITS: AcpLimits = { handshakeMs: 60_000, silenceMs: 180_000, cancelGraceMs: 5_000, choiceMs: 15_000, lateMs: 250 };

/** After the answer of an agent that has never told anything late. */
const BRIEF_MS = 10;

export interface AcpOptions {
  readonly name: string;
  readonly label: string;
  readonly host: AgentHost;
  readonly plan: PlanLaunch;
  readonly limits: AcpLimits;
}

interface RunningTurn {
  readonly turn: AcpTurn;
  readonly signal: AbortSignal;
}

const COMPLETED: Ending = { type: 'ended', outcome: 'completed', failure: null };
const CANCELLED: Ending = { type: 'ended', outcome: 'cancelled', failure: null };

/** A conversation with a program that speaks the Agent Client Protocol over its pipes. */
export class AcpSession implements AgentSession {
  readonly #options: AcpOptions;
  readonly #open: OpenOptions;
  readonly #process: AgentProcess;
  readonly #peer: JsonRpcPeer;
  #launch: AgentLaunch;
  #launchKey: string;
  #begun: Begun | null = null;
  #offers: Offers = NO_OFFERS;
  readonly #chosen = new Set<Choosable>();
  #replayed = 0;
  #hasPrompted = false;
  #turn: RunningTurn | null = null;
  /** The answer to a prompt that was ended without it. */
  #unanswered: Promise<unknown> | null = null;
  readonly #oldCalls = new Set<string>();
  /** Whether something has come after an answer: then it may again. */
  #lateness: 'unknown' | 'never' | 'seen' = 'unknown';
  readonly #terminals = new ClientTerminals();
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
      onRequest: (method, params, signal) => this.#requested(method, params, signal),
    });
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
    this.#offers = mapOffers(this.#begun.result);
    this.#open.onInfo(infoOf(this.#offers));
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
    return this.#terminals.isBusy || this.#process.child.family().some((child) => !this.#household.has(nameOf(child)));
  }

  get closed(): Promise<void> {
    return this.#process.child.exited.then(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#terminals[Symbol.asyncDispose]();
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
        silenceMs: this.#options.limits.silenceMs,
        now: Date.now,
        terminal: (id) => this.#terminals.shown(id),
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
    const { limits, label } = this.#options;
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
    const first = await Promise.race([settled(answer), aborted(signal), turn.stalled.then(() => 'stalled' as const)]);
    if (first === 'aborted') return this.#cancel(turn, answer, endNewborn);
    if (first === 'stalled') {
      await this[Symbol.asyncDispose]();
      const reason = `nothing has come from it for ${limits.silenceMs / 1_000} seconds`;
      return failed({
        code: 'model_stalled',
        message: `Cannot get an answer from ${label}: ${reason}; see whether its model server still works, then continue`,
      });
    }
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
    if (said !== null) return failed(this.#modelFailure(said));
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
    await Promise.all([endNewborn(), this.#terminals[Symbol.asyncDispose]()]);
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
    await this.#choose(turn, 'mode', prompt.mode ?? this.#launch.mode, prompt.mode !== null, signal);
    await this.#choose(turn, 'model', this.#launch.model, prompt.model !== null, signal);
  }

  async #choose(turn: AcpTurn, what: Choosable, wanted: string | null, isExplicit: boolean, signal: AbortSignal): Promise<void> {
    const offer = this.#offers[what];
    if (wanted === null) return;
    const choice = findChoice(offer, wanted);
    if (offer === null || choice === null) {
      if (isExplicit)
        turn.notice('warning', `${what}_not_offered`, `${this.#options.label} offers no ${what} "${wanted}"; it goes on with ${offer?.current ?? 'its own'}.`);
      return;
    }
    if (choice.id === offer.current && (what === 'model' || this.#chosen.has(what))) return;
    const sessionId = this.resumeToken;
    const { configId } = offer;
    const request =
      configId === null
        ? this.#peer.request(`session/set_${what}`, { sessionId, [`${what}Id`]: choice.id })
        : this.#peer.request('session/set_config_option', { sessionId, configId, value: choice.id });
    try {
      const answer = ConfigOptionsResult.safeParse(await within(request, this.#options.limits.choiceMs, signal));
      this.#setOffers({ ...this.#offers, [what]: { ...offer, current: choice.id } });
      if (answer.success) this.#setOffers(applyConfigOptions(this.#offers, answer.data.configOptions ?? []));
      this.#chosen.add(what);
    } catch (error) {
      if (error instanceof PeerGone || signal.aborted) throw error;
      turn.notice(
        'warning',
        `${what}_not_set`,
        `${this.#options.label} did not take the ${what} "${wanted}" (${reasonOf(error)}); it goes on with ${offer.current ?? 'its own'}.`,
      );
    }
  }

  #setOffers(offers: Offers): void {
    this.#offers = offers;
    this.#open.onInfo(infoOf(offers));
  }

  #notified(method: string, params: unknown): void {
    const parsed = method === 'session/update' ? SessionNotification.safeParse(params) : null;
    if (parsed?.success !== true) return;
    const { sessionId, update } = parsed.data;
    if (this.#begun === null) {
      if (isContent(update)) this.#replayed += 1;
      return this.#inform(update);
    }
    if (sessionId !== this.resumeToken) return;
    this.#inform(update);
    if ('toolCallId' in update && this.#oldCalls.has(update.toolCallId)) return;
    if (this.#unanswered !== null) return;
    if (this.#turn !== null) this.#turn.turn.update(update);
    else if (isContent(update)) this.#lateness = 'seen';
  }

  /** What the agent tells of itself, also between prompts. */
  #inform(update: AcpUpdate): void {
    const { onInfo } = this.#open;
    switch (update.sessionUpdate) {
      case 'available_commands_update':
        return onInfo({ commands: mapCommands(update) });
      case 'current_mode_update':
        return this.#setOffers({ ...this.#offers, mode: this.#offers.mode === null ? null : { ...this.#offers.mode, current: update.currentModeId } });
      case 'config_option_update':
        return this.#setOffers(applyConfigOptions(this.#offers, update.configOptions));
      case 'session_info_update':
        return typeof update.title === 'string' && update.title !== '' ? onInfo({ title: update.title }) : undefined;
      case 'usage_update':
        this.#cost = update.cost?.currency === 'USD' ? update.cost.amount : this.#cost;
        return undefined;
      case 'agent_message_chunk':
      case 'agent_thought_chunk':
      case 'user_message_chunk':
      case 'tool_call':
      case 'tool_call_update':
      case 'plan':
      case 'notice':
        return undefined;
    }
  }

  async #requested(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    const running = this.#unanswered === null ? this.#turn : null;
    const both = running === null ? signal : AbortSignal.any([signal, running.signal]);
    switch (method) {
      case 'session/request_permission':
        return running === null ? { outcome: { outcome: 'cancelled' } } : running.turn.permission(parseParams(PermissionParams, params), both);
      case 'elicitation/create':
        return running === null ? { action: 'cancel' } : running.turn.elicit(parseParams(ElicitationParams, params), both);
      case 'fs/read_text_file': {
        const { path, line, limit } = parseParams(ReadFileParams, params);
        return { content: await readForAgent(path, { line: line ?? null, limit: limit ?? null }, this.#open) };
      }
      case 'fs/write_text_file': {
        const { path, content } = parseParams(WriteFileParams, params);
        await writeForAgent(path, content, this.#open, (absolute) =>
          this.#running().turn.mayDo(
            { kind: 'edit', title: 'Change this file?', subject: shownPath(absolute, this.#open.cwd), paths: [absolute] },
            absolute,
            both,
          ),
        );
        return {};
      }
      case 'terminal/create':
        return { terminalId: await this.#createTerminal(parseParams(NewTerminalParams, params), both) };
      case 'terminal/output':
        return this.#terminals.output(parseParams(TerminalParams, params).terminalId);
      case 'terminal/wait_for_exit':
        return this.#terminals.exit(parseParams(TerminalParams, params).terminalId);
      case 'terminal/kill':
      case 'terminal/release':
        return this.#terminals.end(parseParams(TerminalParams, params).terminalId);
      default:
        throw new RpcError(METHOD_NOT_FOUND, `Method not found: ${method}`);
    }
  }

  #running(): RunningTurn {
    if (this.#turn === null || this.#unanswered !== null) throw new RpcError(INTERNAL_ERROR, 'No prompt runs');
    return this.#turn;
  }

  async #createTerminal(params: NewTerminalParams, signal: AbortSignal): Promise<string> {
    const { turn } = this.#running();
    const command = describeCommand(params);
    await turn.mayDo({ kind: 'execute', title: 'Run this command?', subject: command, paths: [] }, command, signal);
    signal.throwIfAborted();
    return this.#terminals.create(params, {
      host: this.#options.host,
      cwd: this.#open.cwd,
      env: this.#launch.env,
      view: { isReadOnly: this.#open.access === 'read-only' },
      signal: this.#open.signal,
      onOutput: (id, delta) => turn.terminalOutput(id, delta),
    });
  }

  /** `whole`: also what the code may be found in. */
  #modelFailure(said: string, whole = said): Failure {
    const quoted = said
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 400)
      .replace(/[.;]+$/, '');
    return {
      code: modelErrorCode(whole),
      message: `Cannot get an answer from ${this.#options.label}: it says "${quoted}"; see the log of its model server, then send the message again`,
    };
  }

  async #failureOf(error: unknown, said: string | null = null): Promise<Failure> {
    if (error instanceof BooError) return { code: error.code, message: error.message };
    if (error instanceof PeerGone) {
      await this[Symbol.asyncDispose](); // one that only closed its pipe
      const { code, message } = await this.#process.crash();
      return { code, message };
    }
    if (error instanceof RpcError) return this.#modelFailure(said ?? detailOf(error), `${said ?? ''} ${error.message} ${detailOf(error)}`);
    return { code: 'internal', message: `Cannot go on with ${this.#options.label}: ${reasonOf(error)}; send the message again` };
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

type Settled = { readonly type: 'resolved'; readonly value: unknown } | { readonly type: 'rejected'; readonly error: unknown };

function settled(answer: Promise<unknown>): Promise<Settled> {
  return answer.then(
    (value) => ({ type: 'resolved', value }),
    (error: unknown) => ({ type: 'rejected', error }),
  );
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted');
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
}

function parseParams<S extends z.ZodMiniType>(schema: S, params: unknown): z.output<S> {
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw new RpcError(-32602, `Invalid params: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

const Details = z.union([z.string(), z.object({ details: z.string() }), z.object({ message: z.string() }), z.object({ error: z.string() })]);

/** What an error of the protocol says, in the words of the agent where it adds some. */
function detailOf({ message, data }: RpcError): string {
  const parsed = Details.safeParse(data);
  if (!parsed.success) return messageIn(message) ?? message;
  const details = parsed.data;
  if (typeof details === 'string') return details;
  if ('details' in details) return details.details;
  return 'message' in details ? details.message : details.error;
}

const Nested = z.object({ message: z.string() });

/** The words of an error that an agent has packed into a sentence as JSON. */
function messageIn(text: string): string | null {
  const json = /\{.*\}/s.exec(text)?.[0];
  try {
    return json === undefined ? null : Nested.parse(JSON.parse(json)).message;
  } catch {
    return null; // it is no JSON, or says something else
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof PeerGone) return 'it ended';
  if (error instanceof RpcError) return detailOf(error);
  return error instanceof Error ? error.message : String(error);
}
