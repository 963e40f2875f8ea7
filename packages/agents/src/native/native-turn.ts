import { lstat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import type { AgentEvent, ToolOutput, Usage } from '@boocode/contracts/agent-event.ts';
import type { Limits } from '@boocode/contracts/config-file.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { type AccessDecision, decideAccess, type FileFacts } from '@boocode/tools/access-policy.ts';
import { confinePath } from '@boocode/tools/confine-path.ts';
import { nativeTools } from '@boocode/tools/native-tools.ts';
import { type Effect, type PreparedCall, type Tool, type ToolContext, ToolFailure, type ToolResult } from '@boocode/tools/tool.ts';
import type { OpenOptions, Prompt } from '../backend.ts';
import { conversationBudget, cutMiddle, fitConversation } from './context-policy.ts';
import type { ContextKnowledge } from './context-knowledge.ts';
import { type ConversationCall, type ConversationItem, mapToPrompt, sizeOf } from './conversation.ts';
import { BadAnswer, describeModelFailure, StreamedError } from './describe-model-failure.ts';
import { EventQueue } from './event-queue.ts';
import { mapHistory, userText } from './map-history.ts';
import type { StepEvent, StepUsage } from './map-stream-part.ts';
import type { ModelClient } from './model-client.ts';
import type { ModelTarget, ResolveModel } from './model-target.ts';
import { type PrintedCall, PrintedCallParser, type Sifted } from './printed-call-parser.ts';
import { findProjectContext } from './project-context.ts';
import { decideAfterFailure, type RetryLimits } from './retry-policy.ts';
import { StallClock } from './stall-clock.ts';
import { systemPrompt } from './system-prompt.ts';

export interface NativeTurnServices {
  readonly client: ModelClient;
  readonly resolveModel: ResolveModel;
  readonly knowledge: ContextKnowledge;
  readonly limits: Limits;
  readonly retryWaitsMs: readonly number[];
  readonly registry: ProcessRegistry | null;
  readonly containment: Containment | null;
  /** For children, already reduced to what they may know. */
  readonly environment: Readonly<Record<string, string>>;
  readonly now: () => number;
}

interface AskedCall {
  readonly callId: string;
  readonly name: string;
  /** JSON as the model wrote it, or a value that was already understood. */
  readonly input: unknown;
}

interface StepAnswer {
  text: string;
  reasoning: string;
  readonly calls: AskedCall[];
  usage: StepUsage | null;
  finish: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other';
}

interface Sifters {
  readonly text: PrintedCallParser;
  readonly reasoning: PrintedCallParser;
}

interface Printed {
  readonly text: PrintedCall[];
  readonly reasoning: PrintedCall[];
}

/** What the turn has cost so far; each step adds to it. */
const NO_USAGE: Usage = { inputTokens: null, outputTokens: null, cachedTokens: null, contextUsed: null, contextSize: null, cost: null };
const MAX_SHORTENINGS = 4;
const ALLOW_OR_NOT = [
  { id: 'allow', label: 'Allow', kind: 'allow_once' },
  { id: 'reject', label: 'Reject', kind: 'reject_once' },
] as const;

/** When more events than this wait, the reader is slow: then the model is read no faster. */
const MAX_WAITING = 2_000;

/**
 * One turn of the native agent: ask the model, run what it calls, give it the results, until it answers without a call. Every step is one request.
 * Events go through a queue; before an effect the turn waits until the reader has dealt with all of them, which makes `commit` true.
 */
export class NativeTurn {
  readonly #services: NativeTurnServices;
  readonly #options: OpenOptions;
  readonly #prompt: Prompt;
  readonly #signal: AbortSignal;
  readonly #tools: readonly Tool[];
  readonly #callIds = new Set<string>();
  readonly #out = new EventQueue<AgentEvent>();
  readonly #left = new AbortController();
  #items: ConversationItem[] = [];
  #system = '';
  #usage: Usage = NO_USAGE;
  #modelTools: readonly LanguageModelV4FunctionTool[];

  constructor(services: NativeTurnServices, options: OpenOptions, prompt: Prompt, signal: AbortSignal) {
    this.#services = services;
    this.#options = options;
    this.#prompt = prompt;
    this.#signal = AbortSignal.any([signal, this.#left.signal]);
    this.#tools = nativeTools(prompt.access);
    this.#modelTools = this.#tools.map((tool) => ({ type: 'function', name: tool.name, description: tool.description, inputSchema: tool.inputSchema }));
  }

  /** The events of the turn; the last is its one `ended`. To stop reading cancels it. */
  async *run(): AsyncGenerator<AgentEvent> {
    void this.#work().then(() => this.#out.end());
    try {
      for (let batch = await this.#out.take(); batch !== null; batch = await this.#out.take()) yield* batch;
    } finally {
      this.#out.abandon();
      this.#left.abort();
    }
  }

  async #work(): Promise<void> {
    const asked = { baseUrl: 'the model server', modelName: this.#prompt.model ?? 'the default model' };
    try {
      this.#signal.throwIfAborted();
      const target = await this.#services.resolveModel(this.#prompt.model);
      Object.assign(asked, { baseUrl: target.baseUrl, modelName: target.modelName });
      await this.#prepare();
      await this.#steps(target);
      this.#emit({ type: 'ended', outcome: 'completed', failure: null });
    } catch (error) {
      if (this.#signal.aborted) this.#emit({ type: 'ended', outcome: 'cancelled', failure: null });
      else this.#emit({ type: 'ended', outcome: 'failed', failure: describeModelFailure(error, asked) });
    }
  }

  #emit(event: AgentEvent): void {
    this.#out.push(event);
  }

  async #prepare(): Promise<void> {
    const { access, text, attachments, notes, history } = this.#prompt;
    this.#system = systemPrompt({ access, allowedReadPaths: this.#options.allowedReadPaths, projectContext: await findProjectContext(this.#options.cwd) });
    const remarks = notes.length === 0 ? [] : [`(What the person said about your earlier changes:\n${notes.map((note) => `- ${note}`).join('\n')})`];
    const earlier = mapHistory(history);
    for (const item of earlier) if (item.role === 'assistant') for (const call of item.calls) this.#callIds.add(call.callId);
    this.#items = [...earlier, { role: 'user', text: userText([...attachments, { type: 'text', text }], remarks) }];
  }

  async #steps(target: ModelTarget): Promise<void> {
    const { maxSteps } = this.#services.limits;
    for (let step = 0; step < maxSteps; step += 1) {
      const answer: StepAnswer = { text: '', reasoning: '', calls: [], usage: null, finish: 'other' };
      await this.#ask(target, step, answer);
      if (answer.calls.length === 0) return this.#close(answer, step);
      const calls: ConversationCall[] = [];
      for (const call of answer.calls) calls.push(await this.#call(call, step));
      this.#items.push({ role: 'assistant', text: answer.text, reasoning: answer.reasoning, calls });
      if (step + 1 < maxSteps) await this.#takeSteered();
    }
    this.#emit({ type: 'limit_reached', limit: 'steps', value: maxSteps });
  }

  /** Between two steps the person may have said more. Everything so far is read first, so that it stands in the transcript where the model hears it. */
  async #takeSteered(): Promise<void> {
    if (this.#prompt.takeSteered === undefined) return;
    await this.#out.dealtWith();
    this.#signal.throwIfAborted();
    for (const text of await this.#prompt.takeSteered()) this.#items.push({ role: 'user', text, isSteered: true });
  }

  /** An answer without calls is the last one; one without words is a failure, but for work already done. */
  #close(answer: StepAnswer, step: number): void {
    if (answer.finish === 'length') {
      this.#emit({ type: 'notice', level: 'warning', code: 'output_limit', text: "The answer was cut off: it reached the model's limit for one answer." });
      return;
    }
    if (answer.finish === 'content-filter')
      this.#emit({ type: 'notice', level: 'warning', code: 'content_filter', text: 'The model server withheld a part of the answer.' });
    if (answer.text.trim() !== '') return;
    if (step === 0) throw new BadAnswer('model_empty_answer', answer.reasoning.trim() === '' ? 'the answer was empty' : 'it reasoned, but gave no answer');
    this.#emit({ type: 'notice', level: 'info', code: 'no_closing_words', text: 'The model ended its work without a closing word.' });
  }

  /** One request, repeated where the server is busy or the prompt too long; what comes is told as it comes. */
  async #ask(target: ModelTarget, step: number, answer: StepAnswer): Promise<void> {
    const { knowledge, limits, retryWaitsMs, client } = this.#services;
    const retries: RetryLimits = { waitsMs: retryWaitsMs, loadingMs: limits.stallBeforeFirstTokenMs, maxShortenings: MAX_SHORTENINGS };
    const attempts = { waits: 0, shortenings: 0, elapsedMs: 0 };
    const startedAt = performance.now();
    knowledge.discover(target, client);
    this.#emit({ type: 'activity', activity: { phase: 'waiting_for_model', detail: null } });
    for (;;) {
      const items = this.#fit(target);
      try {
        return await this.#stream(target, items, step, answer);
      } catch (error) {
        if (this.#signal.aborted || answer.text !== '' || answer.reasoning !== '' || answer.calls.length > 0) throw error;
        attempts.elapsedMs = performance.now() - startedAt;
        const next = decideAfterFailure(error, attempts, retries);
        if (next.type === 'fail') throw error;
        if (next.type === 'shorten') {
          attempts.shortenings += 1;
          knowledge.learnRefusal(target, next.contextSize, this.#size(items));
        } else {
          attempts.waits += 1;
          this.#emit({ type: 'activity', activity: { phase: 'waiting_for_model', detail: `${next.reason}; trying again in ${Math.ceil(next.ms / 1_000)} s` } });
          await sleep(next.ms, undefined, { signal: this.#signal });
        }
      }
    }
  }

  /** The conversation, shortened where it does not fit. What was shortened stays so for the rest of the turn. */
  #fit(target: ModelTarget): readonly ConversationItem[] {
    const { contextSize, charsPerToken } = this.#services.knowledge.of(target);
    if (contextSize === null) return this.#items;
    const fitted = fitConversation(this.#items, conversationBudget(contextSize, charsPerToken, this.#fixedSize()));
    if (fitted.outputsDropped + fitted.messagesDropped > 0) {
      this.#items = [...fitted.items];
      this.#emit({ type: 'notice', level: 'info', code: 'context_shortened', text: shortenedText(fitted.outputsDropped, fitted.messagesDropped, contextSize) });
    }
    if (!fitted.fits) throw new BadAnswer('context_too_long', `the prompt is longer than its context of ${contextSize} tokens`);
    return fitted.items;
  }

  async #stream(target: ModelTarget, items: readonly ConversationItem[], step: number, answer: StepAnswer): Promise<void> {
    const { limits, client } = this.#services;
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const stalled = { afterMs: 0 };
    using clock = new StallClock({ beforeFirstTokenMs: limits.stallBeforeFirstTokenMs, betweenTokensMs: limits.stallBetweenTokensMs }, (silentMs) => {
      stalled.afterMs = silentMs;
      stop.abort();
    });
    this.#signal.addEventListener('abort', abort, { once: true });
    try {
      this.#signal.throwIfAborted();
      const request = { target, prompt: mapToPrompt(this.#system, items), tools: this.#modelTools, signal: stop.signal, onChunk: () => clock.beat() };
      await this.#listen(client.stream(request), clock, step, answer);
      if (answer.usage !== null) this.#emit(this.#count(target, answer.usage, items));
    } catch (error) {
      if (stalled.afterMs > 0) throw new BadAnswer('model_stalled', `it sent nothing for ${stalled.afterMs / 1_000} s`);
      throw error;
    } finally {
      this.#signal.removeEventListener('abort', abort);
      stop.abort();
    }
  }

  async #listen(events: EventQueue<StepEvent>, clock: StallClock, step: number, answer: StepAnswer): Promise<void> {
    const isTool = (name: string): boolean => this.#tools.some((tool) => tool.name === name);
    const sifters: Sifters = { text: new PrintedCallParser(isTool), reasoning: new PrintedCallParser(isTool) };
    const printed: Printed = { text: [], reasoning: [] };
    for (let batch = await events.take(); batch !== null; batch = await events.take()) {
      for (const event of batch) {
        if (event.type !== 'finished') clock.firstToken();
        this.#hear(event, answer, sifters, printed);
      }
      if (this.#out.size > MAX_WAITING) await this.#out.dealtWith();
    }
    for (const type of ['reasoning', 'text'] as const) this.#say(type, sifters[type].flush(), answer, printed);
    this.#rescue(answer, printed, step);
  }

  #hear(event: StepEvent, answer: StepAnswer, sifters: Sifters, printed: Printed): void {
    switch (event.type) {
      case 'text':
      case 'reasoning':
        return this.#say(event.type, sifters[event.type].push(event.delta), answer, printed);
      case 'call_started':
        return this.#emit({ type: 'activity', activity: { phase: 'generating', detail: `writing a call of ${event.name}` } });
      case 'call':
        answer.calls.push({ callId: this.#freshId(event.callId), name: event.name, input: event.input });
        return;
      case 'finished':
        answer.usage = event.usage;
        answer.finish = event.reason;
        return;
      case 'error':
        throw event.error instanceof Error ? event.error : new StreamedError(event.error);
    }
  }

  #say(type: 'text' | 'reasoning', sifted: Sifted, answer: StepAnswer, printed: Printed): void {
    printed[type].push(...sifted.calls);
    if (sifted.text === '') return;
    if (answer.text === '' && answer.reasoning === '') this.#emit({ type: 'activity', activity: { phase: 'generating', detail: null } });
    answer[type] += sifted.text;
    this.#emit({ type, delta: sifted.text });
  }

  /** Printed calls count as called. Those within reasoning only when nothing else was said or called: thoughts are not deeds. */
  #rescue(answer: StepAnswer, printed: Printed, step: number): void {
    const thought = answer.calls.length === 0 && printed.text.length === 0 && answer.text.trim() === '' ? printed.reasoning : [];
    const rescued = [...printed.text, ...thought];
    if (rescued.length === 0) return;
    for (const [index, call] of rescued.entries()) answer.calls.push({ callId: this.#freshId(`printed-${step}-${index}`), ...call });
    this.#emit({
      type: 'notice',
      level: 'info',
      code: 'tool_call_rescued',
      text:
        rescued.length === 1
          ? 'The model printed a tool call as text; it was understood.'
          : `The model printed ${rescued.length} tool calls as text; they were understood.`,
    });
  }

  #count(target: ModelTarget, usage: StepUsage, items: readonly ConversationItem[]): AgentEvent {
    const { knowledge } = this.#services;
    knowledge.learnUsage(target, this.#size(items), usage.inputTokens);
    this.#usage = {
      inputTokens: add(this.#usage.inputTokens, usage.inputTokens),
      outputTokens: add(this.#usage.outputTokens, usage.outputTokens),
      cachedTokens: add(this.#usage.cachedTokens, usage.cachedTokens),
      contextUsed: usage.contextUsed,
      contextSize: knowledge.of(target).contextSize,
      cost: null,
    };
    return { type: 'usage', usage: this.#usage };
  }

  /** One tool call from its row to its result. The row is durable before the tool has any effect. */
  async #call(asked: AskedCall, step: number): Promise<ConversationCall> {
    const { now } = this.#services;
    const { callId, name } = asked;
    const tool = this.#tools.find((candidate) => candidate.name === name);
    const prepared = prepare(tool, asked, this.#tools);
    const input = 'problem' in prepared ? parsedOrRaw(asked.input) : prepared.input;
    const row = { type: 'tool', callId, step, name, kind: tool?.kind ?? 'other', input } as const;
    const end = (result: ToolResult, status: 'completed' | 'failed' | 'cancelled'): AgentEvent => ({
      type: 'tool',
      callId,
      at: now(),
      status,
      output: outputOf(result),
    });
    const done = (result: ToolResult): ConversationCall => ({ callId, name, input: input ?? {}, result: result.text });
    if ('problem' in prepared) {
      const result = { text: prepared.problem, failed: true };
      this.#emit({ ...row, at: now(), title: name, status: 'running' });
      this.#emit(end(result, 'failed'));
      return done(result);
    }
    const title = prepared.title.replace(/\s+/g, ' ').trim().slice(0, 300);
    const refusal = await this.#permit(prepared, { ...row, at: now(), title, status: 'pending' });
    if (refusal !== null) {
      this.#emit(end(refusal, 'failed'));
      return done(refusal);
    }
    this.#emit({ ...row, at: now(), title, status: 'running' });
    this.#emit({ type: 'activity', activity: { phase: 'running_tool', detail: title } });
    if (prepared.effect.type !== 'none') {
      await this.#out.dealtWith();
      this.#signal.throwIfAborted();
      await this.#prompt.commit();
    }
    const result = await this.#runTool(prepared, callId);
    if (this.#signal.aborted) {
      this.#emit(end(result, 'cancelled'));
      this.#signal.throwIfAborted();
    }
    this.#emit(end(result, result.failed === true ? 'failed' : 'completed'));
    return done(result);
  }

  /** null = go on. A question is asked after its row is there, so that it can be seen what it is about. */
  async #permit(prepared: PreparedCall, row: Extract<AgentEvent, { type: 'tool' }>): Promise<ToolResult | null> {
    const facts = await this.#fileFacts(prepared.effect);
    if (facts !== null && 'text' in facts) {
      this.#emit(row);
      return facts;
    }
    const decision = decideAccess(prepared.effect, facts, this.#prompt.access);
    if (decision.type === 'allow') return null;
    this.#emit(row);
    if (decision.type === 'refuse') return { text: decision.reason, failed: true };
    this.#emit({ type: 'activity', activity: { phase: 'waiting_for_person', detail: prepared.title } });
    return this.#question(prepared, row.callId, decision);
  }

  async #question(prepared: PreparedCall, callId: string, decision: Extract<AccessDecision, { type: 'ask' }>): Promise<ToolResult | null> {
    const isCommand = prepared.effect.type === 'execute';
    const answer = await this.#prompt.ask(
      {
        callId,
        kind: isCommand ? 'execute' : 'edit',
        title: isCommand ? 'Run this command?' : 'Change this file?',
        subject: prepared.effect.type === 'execute' ? prepared.effect.command : prepared.effect.type === 'edit' ? prepared.effect.path : prepared.title,
        reason: decision.reason,
        options: [...ALLOW_OR_NOT],
      },
      this.#signal,
    );
    if (answer.allowed) return null;
    return { text: `The person refused this call.${answer.note === null || answer.note === '' ? '' : ` They said: ${answer.note}`}`, failed: true };
  }

  /** What the policy must know of the file, found behind its links; or the refusal of a path outside. */
  async #fileFacts(effect: Effect): Promise<FileFacts | ToolResult | null> {
    if (effect.type !== 'edit') return null;
    try {
      const path = await confinePath(effect.path, 'write', this.#options);
      const facts = await lstat(path.absolute).catch(() => null); // a new file
      return { path: path.shown, isExecutable: facts !== null && facts.isFile() && (facts.mode & 0o111) !== 0 };
    } catch (error) {
      if (error instanceof ToolFailure) return { text: error.message, failed: true };
      throw error;
    }
  }

  async #runTool(prepared: PreparedCall, callId: string): Promise<ToolResult> {
    const { registry, containment, environment, limits } = this.#services;
    const { cwd, allowedReadPaths, outputDir } = this.#options;
    const context: ToolContext = {
      cwd,
      allowedReadPaths,
      outputDir,
      environment,
      registry,
      containment,
      shellTimeoutMs: limits.shellTimeoutMs,
      signal: this.#signal,
      onOutput: (delta) => this.#emit({ type: 'tool_output', callId, delta }),
    };
    return runToEnd(prepared, context);
  }

  /** Some servers count their calls anew in every answer; ours must differ within the chat. */
  #freshId(asked: string): string {
    let id = asked === '' ? `call-${this.#callIds.size}` : asked;
    while (this.#callIds.has(id)) id = `${id}-${this.#callIds.size}`;
    this.#callIds.add(id);
    return id;
  }

  #fixedSize(): number {
    return this.#system.length + JSON.stringify(this.#modelTools).length;
  }

  #size(items: readonly ConversationItem[]): number {
    return items.reduce((sum, item) => sum + sizeOf(item), this.#fixedSize());
  }
}

function prepare(tool: Tool | undefined, asked: AskedCall, tools: readonly Tool[]): PreparedCall | { readonly problem: string } {
  if (tool === undefined) return { problem: `There is no tool "${asked.name}". The tools are: ${tools.map((known) => known.name).join(', ')}.` };
  return tool.prepare(asked.input);
}

function parsedOrRaw(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch {
    return { raw: input }; // shown and sent back as it came
  }
}

/** A tool that throws is a failed call, never the end of the turn. */
async function runToEnd(prepared: PreparedCall, context: ToolContext): Promise<ToolResult> {
  try {
    return await prepared.run(context);
  } catch (error) {
    if (context.signal.aborted) return { text: '(cancelled)', failed: true };
    return { text: error instanceof Error ? error.message : String(error), failed: true };
  }
}

const MAX_OUTPUT = 48_000;

function outputOf(result: ToolResult): ToolOutput {
  const text = cutMiddle(result.text, MAX_OUTPUT);
  const bytes = result.whole?.bytes ?? Buffer.byteLength(result.text);
  return {
    text,
    bytes,
    lines: result.whole?.lines ?? (result.text === '' ? 0 : result.text.split('\n').length),
    truncated: text !== result.text || (result.whole !== undefined && bytes > Buffer.byteLength(result.text)),
    file: result.whole?.file ?? null,
    exitCode: result.exitCode ?? null,
    diffs: [...(result.diffs ?? [])],
  };
}

function shortenedText(outputs: number, messages: number, contextSize: number): string {
  const what = [
    outputs === 0 ? null : `${outputs} older tool ${outputs === 1 ? 'output' : 'outputs'}`,
    messages === 0 ? null : `${messages} older ${messages === 1 ? 'message' : 'messages'}`,
  ];
  return `To fit the model's context of ${contextSize} tokens, ${what.filter((part) => part !== null).join(' and ')} ${outputs + messages === 1 ? 'was' : 'were'} left out.`;
}

function add(sum: number | null, value: number | null): number | null {
  return value === null ? sum : (sum ?? 0) + value;
}
