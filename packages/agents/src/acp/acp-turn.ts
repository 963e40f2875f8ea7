import { resolve } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent, Usage } from '@boocode/contracts/agent-event.ts';
import type { PermissionOption } from '@boocode/contracts/permission.ts';
import { type AgentRequest, askByAccess } from '../ask-by-access.ts';
import type { Prompt } from '../backend.ts';
import { EventQueue } from '../native/event-queue.ts';
import type { AcpToolCall, AcpUpdate, ElicitationParams, PermissionParams, PromptResult } from './acp-wire.ts';
import { answerForm, type ElicitationAnswer } from './elicitation.ts';
import { INTERNAL_ERROR, RpcError } from './json-rpc-peer.ts';
import { chooseOption, mapPermission } from './map-acp-permission.ts';
import { addUsage, applyUsageUpdate, blockText, type KnownCall, mapPlan, mapToolCall, NO_USAGE, type TerminalText } from './map-acp-update.ts';
import { findModelError } from './model-failure-policy.ts';

type Ending = Extract<AgentEvent, { type: 'ended' }>;
type Phase = Extract<AgentEvent, { type: 'activity' }>['activity']['phase'];

const MAX_DISGUISE = 5_000;
const MAX_DRAIN_MS = 5_000;

const OPTIONS: readonly PermissionOption[] = [
  { id: 'allow', label: 'Allow once', kind: 'allow_once' },
  { id: 'always', label: 'Always allow', kind: 'allow_always' },
  { id: 'deny', label: 'Deny', kind: 'reject_once' },
];

export interface TurnPlace {
  readonly cwd: string;
  readonly now: () => number;
  readonly terminal: (terminalId: string) => TerminalText;
  /** What the conversation has cost before this turn. */
  readonly costBefore: number;
  /** What the person said with an answer, which the protocol cannot carry. */
  readonly onNote: (note: string) => void;
}

/** One prompt of an ACP agent: what it tells becomes events, what it asks is put to the access and the person. */
export class AcpTurn {
  readonly #place: TurnPlace;
  readonly #prompt: Prompt;
  readonly #queue = new EventQueue<AgentEvent>();
  readonly #calls = new Map<string, KnownCall>();
  #usage: Usage = NO_USAGE;
  #countsRequests = false;
  #phase: Phase | null = null;
  #message: { readonly id: string | null; text: string } | null = null;
  /** A message that looks like an error of the model server; shown as an answer only when something follows. */
  #held: string | null = null;
  #hasSaid = false;
  #hasRefused = false;
  #isCancelled = false;
  #stirs = 0;
  /** Commands and files that were allowed, so that doing it through us is not asked for again. */
  readonly #granted = new Set<string>();
  readonly #callOfTerminal = new Map<string, string>();

  constructor(place: TurnPlace, prompt: Prompt) {
    this.#place = place;
    this.#prompt = prompt;
  }

  get openCalls(): number {
    return [...this.#calls.values()].filter(({ status }) => status === 'pending' || status === 'running').length;
  }

  /** The person has stopped it: what a call still tells of its end is not believed. */
  cancel(): void {
    this.#isCancelled = true;
  }

  get callIds(): readonly string[] {
    return [...this.#calls.keys()];
  }

  /** Whether anything has come of it that a reader sees. */
  get hasSaid(): boolean {
    return this.#hasSaid || this.#calls.size > 0;
  }

  get hasRefused(): boolean {
    return this.#hasRefused;
  }

  /** The error of the model server that the last message is made of; null for an answer. */
  get disguisedError(): string | null {
    return this.#message === null ? null : findModelError(this.#held ?? this.#message.text);
  }

  /** The events in their order, to the last. The reader that goes away is not waited for. */
  async *events(): AsyncGenerator<AgentEvent> {
    try {
      for (;;) {
        const batch = await this.#queue.take();
        if (batch === null) return;
        yield* batch;
      }
    } finally {
      this.#queue.abandon();
    }
  }

  notice(level: 'info' | 'warning', code: string, text: string): void {
    this.#emit({ type: 'notice', level, code, text });
  }

  begin(): void {
    this.#show('waiting_for_model', null);
  }

  end(ending: Ending): void {
    if (this.#held !== null && ending.outcome !== 'failed') this.#emit({ type: 'text', delta: this.#held });
    this.#held = null;
    this.#emit(ending);
    this.#queue.end();
  }

  update(update: AcpUpdate): void {
    this.#stirs += 1;
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
        if (update._meta?.usage) this.#countRequest(update._meta.usage);
        return this.#say(blockText(update.content), update.messageId ?? null);
      case 'agent_thought_chunk':
        return this.#think(blockText(update.content));
      case 'tool_call':
      case 'tool_call_update':
        return this.#tell(update);
      case 'plan':
        return this.#emit(mapPlan(update));
      case 'usage_update':
        return this.#showUsage(applyUsageUpdate(this.#usage, update, this.#place.costBefore));
      case 'notice':
        return this.notice(
          update.severity === 'info' ? 'info' : 'warning',
          'agent_notice',
          [update.title, update.description ?? ''].filter((part) => part !== '').join(': '),
        );
      case 'user_message_chunk':
      case 'available_commands_update':
      case 'current_mode_update':
      case 'config_option_update':
      case 'session_info_update':
        return; // not of the transcript
    }
  }

  /** The tokens that the agent tells with its answer, where it did not tell those of each request. */
  answered({ usage, _meta }: PromptResult): void {
    const counts = usage ?? _meta?.usage ?? null;
    if (counts !== null && !this.#countsRequests)
      this.#showUsage(addUsage({ ...this.#usage, inputTokens: null, outputTokens: null, cachedTokens: null }, counts));
  }

  async permission(params: PermissionParams, signal: AbortSignal): Promise<object> {
    this.#tell(params.toolCall);
    const known = this.#calls.get(params.toolCall.toolCallId);
    if (known === undefined) throw new TypeError('a call that was just told is not known');
    const request = mapPermission(params, known, this.#place.cwd);
    const answer = await this.#asking(() => askByAccess(this.#prompt, this.#place.cwd, request, signal), signal);
    const optionId = answer === null ? null : chooseOption(request.options, answer);
    if (answer === null || optionId === null) return { outcome: { outcome: 'cancelled' } };
    if (!answer.allowed) this.#hasRefused = true;
    if (answer.optionId !== null && answer.note !== null && answer.note !== '') this.#place.onNote(answer.note);
    if (answer.allowed) {
      await this.#makeDurable();
      for (const granted of [request.subject, ...request.paths.map((path) => resolve(this.#place.cwd, path))]) this.#granted.add(granted);
      if (this.#calls.get(params.toolCall.toolCallId)?.status === 'pending') this.#tell({ toolCallId: params.toolCall.toolCallId, status: 'in_progress' });
    }
    return { outcome: { outcome: 'selected', optionId } };
  }

  async elicit(params: ElicitationParams, signal: AbortSignal): Promise<ElicitationAnswer> {
    if (params.mode !== 'form') return { action: 'decline' };
    const answer = await this.#asking(() => answerForm(params, (request) => this.#prompt.ask(request, signal)), signal);
    return answer ?? { action: 'cancel' };
  }

  /** Resolves when what the agent asks us to do may be, with everything told before it durable; rejects when not. `granted`: what it was allowed as. */
  async mayDo(request: Omit<AgentRequest, 'options' | 'callId' | 'reason'>, granted: string, signal: AbortSignal): Promise<void> {
    if (!this.#granted.has(granted)) {
      const whole: AgentRequest = { ...request, callId: null, reason: null, options: [...OPTIONS] };
      const answer = await this.#asking(() => askByAccess(this.#prompt, this.#place.cwd, whole, signal), signal);
      if (answer?.allowed !== true) throw new RpcError(INTERNAL_ERROR, answer?.note ?? 'It was refused.');
      this.#granted.add(granted);
    }
    await this.#makeDurable();
  }

  /** Live output of one of our terminals, shown at the call that it belongs to. */
  terminalOutput(terminalId: string, delta: string): void {
    const callId = this.#callOfTerminal.get(terminalId);
    if (callId !== undefined && delta !== '') this.#emit({ type: 'tool_output', callId, delta });
  }

  /** How many updates have come. */
  get stirs(): number {
    return this.#stirs;
  }

  /** Resolves when nothing has come for so long. What was already on its way when the time was up counts. */
  async quiet(quietMs: number): Promise<void> {
    const latest = performance.now() + MAX_DRAIN_MS;
    for (let seen = -1; seen !== this.#stirs && performance.now() < latest;) {
      seen = this.#stirs;
      await sleep(quietMs);
      await nextTurn(); // a process that was held up finds its timers due before its input is read
    }
  }

  /** Null: the question was cancelled. */
  async #asking<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
    try {
      return signal.aborted ? null : await ask();
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  async #makeDurable(): Promise<void> {
    await this.#queue.dealtWith();
    await this.#prompt.commit();
  }

  #say(text: string, messageId: string | null): void {
    if (text === '') return;
    const isNewMessage = this.#message === null || this.#message.id !== messageId;
    const gap = this.#message !== null && isNewMessage ? '\n\n' : '';
    this.#releaseHeld();
    if (this.#message === null || isNewMessage) this.#message = { id: messageId, text: '' };
    if (this.#message.text.length <= MAX_DISGUISE) this.#message.text += text;
    if (findModelError(text) !== null) {
      this.#held = gap + text;
      return;
    }
    this.#hasSaid = true;
    this.#show('generating', null);
    this.#emit({ type: 'text', delta: gap + text });
  }

  #think(text: string): void {
    if (text === '') return;
    this.#endMessage();
    this.#hasSaid = true;
    this.#show('generating', null);
    this.#emit({ type: 'reasoning', delta: text });
  }

  #tell(call: AcpToolCall): void {
    this.#endMessage();
    const { cwd, now, terminal } = this.#place;
    const { known, events } = mapToolCall(call, this.#calls.get(call.toolCallId) ?? null, { cwd, at: now(), terminal });
    this.#calls.set(call.toolCallId, known);
    for (const event of events) this.#emit(this.#isCancelled && event.type === 'tool' && isOver(event.status) ? { ...event, status: 'cancelled' } : event);
    for (const id of known.terminals.filter((each) => !this.#callOfTerminal.has(each))) {
      this.#callOfTerminal.set(id, call.toolCallId);
      this.terminalOutput(id, terminal(id).text);
    }
    if (events.length === 0) return;
    if (known.status === 'running') this.#show('running_tool', known.title);
    else if (this.openCalls === 0) this.#show('waiting_for_model', null);
  }

  #endMessage(): void {
    this.#releaseHeld();
    this.#message = null;
  }

  #releaseHeld(): void {
    if (this.#held === null) return;
    this.#hasSaid = true;
    this.#emit({ type: 'text', delta: this.#held });
    this.#held = null;
  }

  #countRequest(counts: Parameters<typeof addUsage>[1]): void {
    this.#countsRequests = true;
    this.#showUsage(addUsage(this.#usage, counts));
  }

  #showUsage(usage: Usage): void {
    this.#usage = usage;
    this.#emit({ type: 'usage', usage });
  }

  #show(phase: Phase, detail: string | null): void {
    if (this.#phase === phase && phase !== 'running_tool') return;
    this.#phase = phase;
    this.#emit({ type: 'activity', activity: { phase, detail } });
  }

  #emit(event: AgentEvent): void {
    this.#queue.push(event);
  }
}

function isOver(status: string | undefined): boolean {
  return status === 'completed' || status === 'failed';
}
