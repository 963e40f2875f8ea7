import type { AgentEvent, PlanEntry, ToolDiff, ToolKind, ToolOutput, ToolStatus, Usage } from '@boocode/contracts/agent-event.ts';
import { textDiff } from '@boocode/tools/text-diff.ts';
import * as z from 'zod/mini';
import { shownPath } from '../agent-paths.ts';
import { boundOutput } from '../bound-output.ts';
import type { AcpToolCall, AcpUpdate, ContentBlock, TokenCounts } from './acp-wire.ts';
import { decideToolKind } from './tool-kind-policy.ts';
import { orElse } from './lenient.ts';

type ToolEvent = Extract<AgentEvent, { type: 'tool' }>;

/** What is known of a call from the messages so far; agents tell of it in several, in any order. */
export interface KnownCall {
  readonly name: string | null;
  readonly title: string;
  readonly kind: ToolKind;
  readonly input: unknown;
  readonly status: ToolStatus;
  readonly diffs: readonly ToolDiff[];
  /** What it has shown so far, but for terminals. */
  readonly live: string;
  /** Our terminals in which its commands run. */
  readonly terminals: readonly string[];
}

/** What one of our terminals has shown, and how its command ended. */
export interface TerminalText {
  readonly text: string;
  readonly exitCode: number | null;
}

export interface ToolPlace {
  readonly cwd: string;
  readonly at: number;
  readonly terminal: (terminalId: string) => TerminalText;
}

/** Folds one message about a tool call, whichever comes first, into what is known of it, and into what the transcript must show. */
export function mapToolCall(
  call: AcpToolCall,
  before: KnownCall | null,
  place: ToolPlace,
): { readonly known: KnownCall; readonly events: readonly AgentEvent[] } {
  const name = call.name ?? nameInMeta(call._meta) ?? before?.name ?? null;
  const input = isEmpty(call.rawInput) ? before?.input : call.rawInput;
  const kind = decideToolKind({ kind: call.kind ?? before?.kind ?? null, name: name ?? call.title?.split(/[ :(]/)[0] ?? null, input });
  const title = call.title ?? before?.title ?? name ?? 'Tool';
  const diffs = [...(before?.diffs ?? []), ...diffsOf(call, place.cwd)].filter(
    (diff, index, all) => all.findLastIndex(({ path }) => path === diff.path) === index,
  );
  const status = mapStatus(call.status ?? null) ?? before?.status ?? 'running';
  const terminals = [...new Set([...(before?.terminals ?? []), ...terminalsOf(call)])];
  const said = textOfCall(call);
  const live = said === '' || status === 'pending' ? (before?.live ?? '') : said; // before it runs, what is said describes it
  const known: KnownCall = { name, title, kind, input, status, diffs, live, terminals };
  const isOver = status === 'completed' || status === 'failed';
  const event: ToolEvent = {
    type: 'tool',
    callId: call.toolCallId,
    at: place.at,
    ...(name === null ? {} : { name }),
    kind,
    title,
    ...(input === undefined ? {} : { input }),
    status,
    ...(isOver ? outputOf(known, call.rawOutput, place) : {}),
  };
  if (!isOver && before !== null && isSame(known, before)) return { known, events: [] };
  const more = live.startsWith(before?.live ?? '') ? live.slice(before?.live.length ?? 0) : live;
  return { known, events: isOver || more === '' ? [event] : [event, { type: 'tool_output', callId: call.toolCallId, delta: more }] };
}

function isSame(call: KnownCall, before: KnownCall): boolean {
  const shown = ({ name, title, kind, input, status, live }: KnownCall) => [name, title, kind, input, status, live];
  return JSON.stringify(shown(call)) === JSON.stringify(shown(before));
}

function outputOf({ live, diffs, terminals }: KnownCall, rawOutput: unknown, place: ToolPlace): { output?: ToolOutput } {
  const shown = terminals.map((id) => place.terminal(id));
  const text = [...shown.map((terminal) => terminal.text), live].filter((part) => part !== '').join('\n');
  const whole = text === '' && diffs.length === 0 ? rawText(rawOutput) : text;
  const exitCode = exitCodeOf(rawOutput) ?? shown.at(-1)?.exitCode ?? null;
  return whole === '' && diffs.length === 0 && exitCode === null ? {} : { output: boundOutput(whole, { exitCode, diffs }) };
}

function terminalsOf({ content }: AcpToolCall): readonly string[] {
  return (content ?? []).flatMap(({ terminalId }) => (typeof terminalId === 'string' ? [terminalId] : []));
}

function mapStatus(status: string | null): ToolStatus | null {
  switch (status) {
    case 'pending':
      return 'pending';
    case 'in_progress':
      return 'running';
    case 'completed':
      return 'completed';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    default:
      return null; // no status, or one that is not known
  }
}

function isEmpty(input: unknown): boolean {
  return input === undefined || input === null || (typeof input === 'object' && Object.keys(input).length === 0);
}

const Meta = orElse(
  z.object({
    toolName: z.optional(z.string()),
    goose: z.optional(z.object({ toolCall: z.optional(z.object({ toolName: z.optional(z.string()) })) })),
    claudeCode: z.optional(z.object({ toolName: z.optional(z.string()) })),
  }),
  {},
);

/** Where agents put the tool's own name, since the protocol had no place for it. */
function nameInMeta(meta: unknown): string | null {
  const { toolName, goose, claudeCode } = Meta.parse(meta);
  return toolName ?? goose?.toolCall?.toolName ?? claudeCode?.toolName ?? null;
}

function diffsOf(call: AcpToolCall, cwd: string): readonly ToolDiff[] {
  return (call.content ?? []).flatMap((item) => {
    if (item.type !== 'diff' || typeof item.path !== 'string' || typeof item.newText !== 'string') return [];
    const before = item.oldText === '' ? null : (item.oldText ?? null);
    return [textDiff(shownPath(item.path, cwd), before, item.newText)];
  });
}

function textOfCall({ content }: AcpToolCall): string {
  const said = (content ?? []).map((item) => (item.type === 'content' && item.content ? blockText(item.content) : ''));
  return unfenced(said.filter((part) => part !== '').join('\n'));
}

/** Some agents put what a command has shown into a block of code. */
function unfenced(text: string): string {
  const whole = text.trimEnd();
  const from = whole.indexOf('\n') + 1;
  if (!/^```[\w-]*\n/.test(whole) || !whole.endsWith('\n```')) return text;
  const body = whole.slice(from, Math.max(from, whole.length - 4));
  return body.includes('\n```') ? text : body;
}

/** The words of a block of content; what is no text is named. */
export function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text ?? '';
    case 'resource_link':
      return `[${block.name ?? 'file'}](${block.uri ?? ''})`;
    case 'resource':
      return block.resource?.text ?? block.resource?.uri ?? '';
    default:
      return `(${block.type})`;
  }
}

const RawOutput = z.union([
  z.string(),
  z.object({ output: z.string() }),
  z.object({ text: z.string() }),
  z.object({ stdout: z.string(), stderr: z.optional(z.string()) }),
  z.object({ error: z.string() }),
]);

function rawText(raw: unknown): string {
  const parsed = RawOutput.safeParse(raw);
  if (!parsed.success) return isEmpty(raw) ? '' : JSON.stringify(raw);
  const output = parsed.data;
  if (typeof output === 'string') return output;
  if ('output' in output) return output.output;
  if ('text' in output) return output.text;
  return 'error' in output ? output.error : `${output.stdout}${output.stderr ?? ''}`;
}

const Code = orElse(z.optional(z.nullable(z.int())), null);
const ExitCode = orElse(z.object({ exitCode: Code, exit_code: Code, exit: Code, metadata: orElse(z.optional(z.object({ exit: Code })), undefined) }), {
  exitCode: null,
  exit_code: null,
  exit: null,
  metadata: undefined,
});

function exitCodeOf(raw: unknown): number | null {
  const { exitCode, exit_code: snake, exit, metadata } = ExitCode.parse(raw);
  return exitCode ?? snake ?? exit ?? metadata?.exit ?? null;
}

export function mapPlan(update: Extract<AcpUpdate, { sessionUpdate: 'plan' }>): AgentEvent {
  return { type: 'plan', entries: update.entries.map(({ content, status }): PlanEntry => ({ text: content, status: planStatus(status) })) };
}

function planStatus(status: string): PlanEntry['status'] {
  return status === 'completed' || status === 'in_progress' ? status : 'pending';
}

export const NO_USAGE: Usage = { inputTokens: null, outputTokens: null, cachedTokens: null, contextUsed: null, contextSize: null, cost: null };

/** The tokens of one request to the model, added to those of the turn so far. */
export function addUsage(usage: Usage, counts: TokenCounts): Usage {
  const input = counts.inputTokens ?? null;
  const output = counts.outputTokens ?? null;
  return {
    ...usage,
    inputTokens: sum(usage.inputTokens, input),
    outputTokens: sum(usage.outputTokens, output),
    cachedTokens: sum(usage.cachedTokens, counts.cachedReadTokens ?? null),
    contextUsed: input === null ? usage.contextUsed : Math.round(input + (output ?? 0)),
  };
}

function sum(before: number | null, more: number | null): number | null {
  return more === null ? before : Math.round((before ?? 0) + more);
}

/** `costBefore`: what the conversation had cost when the turn began; agents tell the sum. */
export function applyUsageUpdate(usage: Usage, update: Extract<AcpUpdate, { sessionUpdate: 'usage_update' }>, costBefore: number): Usage {
  const isKnown = typeof update.used === 'number' && update.used > 0;
  return {
    ...usage,
    contextUsed: isKnown ? Math.round(update.used ?? 0) : usage.contextUsed,
    contextSize: typeof update.size === 'number' && update.size > 0 ? Math.round(update.size) : usage.contextSize,
    cost: update.cost?.currency === 'USD' && update.cost.amount > 0 ? Math.max(0, update.cost.amount - costBefore) : usage.cost,
  };
}
