import type { AgentEvent, Outcome, PlanEntry, Usage } from '@boocode/contracts/agent-event.ts';
import type { Failure } from '@boocode/contracts/error-code.ts';
import * as z from 'zod/mini';
import { findModelError } from '../acp/model-failure-policy.ts';
import { mapAgentFailure } from './map-agent-failure.ts';
import { mapPlan, mapToolCall, planStatus } from './map-tool-call.ts';
import type { Block, ResultMessage, StepUsage, StreamMessage } from './stream-message.ts';
import { mapToolOutput } from './tool-output.ts';

interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

interface Streamed {
  readonly text: string;
  readonly reasoning: string;
}

interface AskedTool {
  readonly name: string;
  readonly input: unknown;
}

/** What a conversation remembers from one turn to the next. */
interface Memory {
  /** What the conversation had cost before this turn, in USD; null: not known. */
  readonly costBefore: number | null;
  /** The agent's list of tasks, by its ids. */
  readonly tasks: ReadonlyMap<string, PlanEntry>;
}

/** What the messages so far have come to. */
export interface StreamJsonState extends Memory {
  readonly step: number;
  /** A tool has given its result: what the model says next is the next step. */
  readonly isStepOver: boolean;
  /** What was told piece by piece and will come again as a whole. */
  readonly streamed: Streamed;
  readonly tools: ReadonlyMap<string, AskedTool>;
  readonly done: Tokens;
  readonly current: Tokens;
  /** What the model's server refused, where the agent says so in place of an answer. */
  readonly refusal: { readonly text: string; readonly status: number | null } | null;
  readonly said: boolean;
}

export interface MapFacts {
  readonly agent: string;
  readonly at: number;
  /** Whether the usage of a result is that of its turn; otherwise it is that of the whole conversation. */
  readonly isUsageOfTurn: boolean;
}

interface Ending {
  readonly outcome: Exclude<Outcome, 'cancelled'>;
  readonly failure: Failure | null;
}

export interface MappedMessage {
  readonly state: StreamJsonState;
  readonly events: readonly AgentEvent[];
  readonly ending: Ending | null;
}

const NOTHING: Tokens = { input: 0, output: 0, cached: 0 };
const UNSAID: Streamed = { text: '', reasoning: '' };

/** A conversation before its first turn. A resumed one has cost something already. */
export function startConversation(isResumed: boolean): StreamJsonState {
  return startTurn({ costBefore: isResumed ? null : 0, tasks: new Map() });
}

/** The conversation at the beginning of its next turn. */
export function startTurn({ costBefore, tasks }: Memory): StreamJsonState {
  return {
    costBefore,
    tasks,
    step: 0,
    isStepOver: false,
    streamed: UNSAID,
    tools: new Map(),
    done: NOTHING,
    current: NOTHING,
    refusal: null,
    said: false,
  };
}

/** Translates one message of an agent. What a sub-agent says is left out, what it does is shown. */
export function mapStreamMessage(state: StreamJsonState, message: StreamMessage, facts: MapFacts): MappedMessage {
  switch (message.type) {
    case 'system':
      return { state, events: mapSystem(message), ending: null };
    case 'stream_event':
      return isNested(message) ? { state, events: [], ending: null } : mapPartial(state, message.event, facts);
    case 'assistant':
      return mapAssistant(state, message, facts);
    case 'user':
      return message.isReplay === true ? { state, events: [], ending: null } : mapUser(state, message, facts);
    case 'result':
      return mapResult(state, message, facts);
  }
}

function isNested(message: { readonly parent_tool_use_id?: string | null | undefined }): boolean {
  return typeof message.parent_tool_use_id === 'string';
}

function mapSystem(message: Extract<StreamMessage, { type: 'system' }>): AgentEvent[] {
  switch (message.subtype) {
    case 'status':
    case 'init':
      return [{ type: 'activity', activity: { phase: 'waiting_for_model', detail: null } }];
    case 'api_retry': {
      const status = typeof message.error_status === 'number' ? ` (status ${message.error_status})` : '';
      const attempt = message.attempt === undefined ? '' : `, attempt ${message.attempt} of ${message.max_retries ?? '?'}`;
      return [{ type: 'activity', activity: { phase: 'waiting_for_model', detail: `The model server failed${status}; the agent tries again${attempt}` } }];
    }
    case 'compact_boundary':
    case 'chat_compressed':
      return [{ type: 'notice', level: 'info', code: 'compacted', text: 'The agent shortened its memory of this conversation.' }];
    default:
      return [];
  }
}

function mapPartial(state: StreamJsonState, event: Extract<StreamMessage, { type: 'stream_event' }>['event'], facts: MapFacts): MappedMessage {
  switch (event.type) {
    case 'message_start':
      return withUsage(nextStep({ ...state, isStepOver: state.isStepOver || state.current.input > 0, streamed: UNSAID }), event.message?.usage);
    case 'message_delta':
      return withUsage(state, event.usage);
    case 'content_block_start': {
      const { content_block: block } = event;
      if (block?.type !== 'tool_use' || block.id === undefined || block.name === undefined) return { state, events: [], ending: null };
      return { state, events: [{ ...openTool(state, block, facts), status: 'pending' }], ending: null };
    }
    case 'content_block_delta': {
      const { text, thinking, type } = event.delta ?? {};
      if (type === 'text_delta' && text !== undefined) return say(state, 'text', text);
      if (type === 'thinking_delta' && thinking !== undefined) return say(state, 'reasoning', thinking);
      return { state, events: [], ending: null };
    }
    default:
      return { state, events: [], ending: null };
  }
}

function say(state: StreamJsonState, type: 'text' | 'reasoning', delta: string): MappedMessage {
  const streamed = { ...state.streamed, [type]: state.streamed[type] + delta };
  return { state: { ...state, streamed, said: true }, events: delta === '' ? [] : [{ type, delta }], ending: null };
}

function nextStep(state: StreamJsonState): StreamJsonState {
  if (!state.isStepOver) return state;
  return { ...state, step: state.step + 1, isStepOver: false, done: addTokens(state.done, state.current), current: NOTHING };
}

function mapAssistant(before: StreamJsonState, message: Extract<StreamMessage, { type: 'assistant' }>, facts: MapFacts): MappedMessage {
  const { content, model, usage } = message.message;
  const blocks: readonly Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
  if (isNested(message)) return { state: before, events: blocks.flatMap((block) => nestedTool(before, block, facts)), ending: null };
  if (message.is_api_error_message === true || (model === '<synthetic>' && blocks.some((block) => findModelError(block.text ?? '') !== null))) {
    const refusal = { text: blocks.map((block) => block.text ?? '').join('\n'), status: message.api_error_status ?? null };
    return { state: { ...before, refusal }, events: [], ending: null };
  }
  const mapped = withUsage(nextStep(before), usage);
  let { state } = mapped;
  const events = [...mapped.events];
  for (const block of blocks) {
    const said = mapBlock(state, block, facts);
    state = said.state;
    events.push(...said.events);
  }
  return { state, events, ending: null };
}

function mapBlock(state: StreamJsonState, block: Block, facts: MapFacts): MappedMessage {
  switch (block.type) {
    case 'text':
      return sayWhole(state, 'text', block.text ?? '');
    case 'thinking':
      return sayWhole(state, 'reasoning', block.thinking ?? '');
    case 'tool_use': {
      if (block.id === undefined || block.name === undefined) return { state, events: [], ending: null };
      const tools = new Map(state.tools).set(block.id, { name: block.name, input: block.input });
      const { tasks, plan } = planOf(state.tasks, block.name, block.input);
      const events: AgentEvent[] = [{ ...openTool(state, block, facts), input: block.input, status: 'running' }];
      if (plan !== null) events.push({ type: 'plan', entries: [...plan] });
      return { state: { ...state, tools, tasks, said: true }, events, ending: null };
    }
    default:
      return { state, events: [], ending: null };
  }
}

/** A whole text: what of it was streamed before is not said again. */
function sayWhole(state: StreamJsonState, type: 'text' | 'reasoning', whole: string): MappedMessage {
  const before = state.streamed[type];
  if (before.startsWith(whole)) {
    const rest = before.slice(whole.length);
    return { state: { ...state, streamed: { ...state.streamed, [type]: rest }, said: true }, events: [], ending: null };
  }
  const delta = whole.startsWith(before) ? whole.slice(before.length) : '';
  const streamed = { ...state.streamed, [type]: '' };
  return { state: { ...state, streamed, said: true }, events: delta === '' ? [] : [{ type, delta }], ending: null };
}

type ToolEvent = Extract<AgentEvent, { type: 'tool' }>;

function openTool(state: StreamJsonState, block: Block, { at }: MapFacts): ToolEvent {
  const name = block.name ?? '';
  const { kind, title } = mapToolCall(name, block.input);
  return { type: 'tool', callId: block.id ?? '', at, step: state.step, name, kind, title };
}

function nestedTool(state: StreamJsonState, block: Block, facts: MapFacts): AgentEvent[] {
  if (block.type !== 'tool_use' || block.id === undefined) return [];
  return [{ ...openTool(state, block, facts), input: block.input, status: 'running' }];
}

function mapUser(before: StreamJsonState, message: Extract<StreamMessage, { type: 'user' }>, { at }: MapFacts): MappedMessage {
  const { content } = message.message;
  const results = typeof content === 'string' || content === undefined ? [] : content.filter((block) => block.type === 'tool_result');
  if (results.length === 0) return { state: before, events: [], ending: null };
  const events: AgentEvent[] = [];
  let { tasks } = before;
  for (const block of results) {
    if (block.tool_use_id === undefined) continue;
    const status = block.is_error === true ? 'failed' : 'completed';
    const structured = results.length === 1 ? message.tool_use_result : undefined;
    events.push({ type: 'tool', callId: block.tool_use_id, at, status, output: mapToolOutput(block.content, structured) });
    const made = before.tools.get(block.tool_use_id)?.name === 'TaskCreate' ? madeTask(structured) : null;
    if (made === null) continue;
    tasks = new Map(tasks).set(made.id, { text: made.subject, status: 'pending' });
    events.push({ type: 'plan', entries: [...tasks.values()] });
  }
  const isStepOver = !isNested(message);
  return { state: { ...before, tasks, isStepOver: before.isStepOver || isStepOver, streamed: isStepOver ? UNSAID : before.streamed }, events, ending: null };
}

const MadeTask = z.looseObject({ task: z.looseObject({ id: z.string(), subject: z.string() }) });
const TaskChange = z.looseObject({ taskId: z.string(), status: z.optional(z.string()), subject: z.optional(z.string()) });

function madeTask(structured: unknown): { readonly id: string; readonly subject: string } | null {
  const parsed = MadeTask.safeParse(structured);
  return parsed.success ? parsed.data.task : null;
}

/** A plan is written whole, or changed one entry at a time. */
function planOf(tasks: ReadonlyMap<string, PlanEntry>, name: string, input: unknown): { tasks: ReadonlyMap<string, PlanEntry>; plan: PlanEntry[] | null } {
  if (name !== 'TaskUpdate') return { tasks, plan: mapPlan(name, input) };
  const change = TaskChange.safeParse(input);
  const entry = change.success ? tasks.get(change.data.taskId) : undefined;
  if (!change.success || entry === undefined) return { tasks, plan: null };
  const changed = new Map(tasks);
  const { taskId, status, subject } = change.data;
  if (status === 'deleted') changed.delete(taskId);
  else changed.set(taskId, { text: subject ?? entry.text, status: status === undefined ? entry.status : planStatus(status) });
  return { tasks: changed, plan: [...changed.values()] };
}

function withUsage(before: StreamJsonState, usage: StepUsage | undefined): MappedMessage {
  const current = mostTokens(before.current, usage);
  const isSame = current.input === before.current.input && current.output === before.current.output && current.cached === before.current.cached;
  if (isSame) return { state: before, events: [], ending: null };
  const state = { ...before, current };
  return { state, events: [{ type: 'usage', usage: usageSoFar(state) }], ending: null };
}

/** Agents repeat the usage of a step with its pieces, at first with numbers that are too small. */
function mostTokens(before: Tokens, usage: StepUsage | undefined): Tokens {
  const cached = (usage?.cache_read_input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0);
  return {
    input: Math.max(before.input, usage?.input_tokens ?? 0),
    output: Math.max(before.output, usage?.output_tokens ?? 0),
    cached: Math.max(before.cached, cached),
  };
}

function addTokens(one: Tokens, other: Tokens): Tokens {
  return { input: one.input + other.input, output: one.output + other.output, cached: one.cached + other.cached };
}

function usageSoFar({ done, current }: StreamJsonState): Usage {
  const { input, output, cached } = addTokens(done, current);
  return {
    inputTokens: input,
    outputTokens: output,
    cachedTokens: cached,
    contextUsed: current.input + current.cached + current.output,
    contextSize: null,
    cost: null,
  };
}

function mapResult(before: StreamJsonState, message: ResultMessage, facts: MapFacts): MappedMessage {
  const { events, costBefore } = mapResultUsage(before, message, facts);
  const state = { ...before, costBefore };
  const failure = findFailure(state, message, facts.agent);
  if (failure !== null) return { state, events, ending: { outcome: 'failed', failure } };
  if (message.subtype === 'error_max_turns') events.push({ type: 'limit_reached', limit: 'steps', value: Math.round(message.num_turns ?? state.step + 1) });
  if (!state.said && message.result !== undefined && message.result !== '') events.push({ type: 'text', delta: message.result });
  return { state, events, ending: { outcome: 'completed', failure: null } };
}

/** The cost of a conversation grows from turn to turn: a turn cost the difference. */
function mapResultUsage(state: StreamJsonState, message: ResultMessage, facts: MapFacts): { events: AgentEvent[]; costBefore: number | null } {
  const total = message.total_cost_usd ?? null;
  const cost = total === null || state.costBefore === null ? null : Math.max(0, total - state.costBefore);
  const soFar = usageSoFar(state);
  const told = facts.isUsageOfTurn ? mostTokens(NOTHING, message.usage) : NOTHING;
  const hasTold = told.input + told.output > 0;
  const sizes = Object.values(message.modelUsage ?? {}).flatMap(({ contextWindow }) => contextWindow ?? []);
  const usage: Usage = {
    ...soFar,
    ...(hasTold ? { inputTokens: told.input, outputTokens: told.output, cachedTokens: told.cached } : {}),
    contextUsed: state.current.input === 0 ? null : soFar.contextUsed,
    contextSize: sizes.length === 0 ? null : Math.max(...sizes),
    cost,
  };
  const isEmpty = !hasTold && soFar.inputTokens === 0 && soFar.outputTokens === 0 && (cost === null || cost === 0);
  return { events: isEmpty ? [] : [{ type: 'usage', usage }], costBefore: total ?? state.costBefore };
}

/** An error may come as a success whose text is the error. */
function findFailure(state: StreamJsonState, message: ResultMessage, agent: string): Failure | null {
  const said = message.error?.message ?? message.result ?? message.errors?.join('; ') ?? '';
  const status = message.api_error_status ?? state.refusal?.status ?? null;
  if (message.subtype === 'error_max_turns') return null;
  if (message.subtype === 'error_max_budget_usd')
    return { code: 'model_rate_limited', message: `Cannot go on with ${agent}: the limit of costs is reached; raise it, then continue` };
  if (message.is_error === true || (message.subtype !== undefined && message.subtype !== 'success'))
    return mapAgentFailure(agent, said === '' ? (state.refusal?.text ?? '') : said, status);
  if (state.refusal !== null) return mapAgentFailure(agent, state.refusal.text, status);
  return state.done.output + state.current.output === 0 && findModelError(said) !== null ? mapAgentFailure(agent, said, status) : null;
}
