import * as z from 'zod/mini';
import { Failure } from './error-code.ts';

/** What a tool does, for its icon and its row; the same words for every agent. */
export const ToolKind = z.enum(['read', 'search', 'edit', 'delete', 'move', 'execute', 'think', 'fetch', 'task', 'other']);
export type ToolKind = z.infer<typeof ToolKind>;

export const ToolStatus = z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']);
export type ToolStatus = z.infer<typeof ToolStatus>;

/** One file that a tool call changed, with a unified patch of it (bounded; null when too large or binary). */
export const ToolDiff = z.object({ path: z.string(), patch: z.nullable(z.string()), additions: z.int(), deletions: z.int() });
export type ToolDiff = z.infer<typeof ToolDiff>;

/** The result of a tool call as the model saw it. `bytes` and `lines` count the whole output, `text` may be cut; `file` keeps all of it. */
export const ToolOutput = z.object({
  text: z.string(),
  bytes: z.int(),
  lines: z.int(),
  truncated: z.boolean(),
  file: z.nullable(z.string()),
  exitCode: z.nullable(z.int()),
  diffs: z.array(ToolDiff),
});
export type ToolOutput = z.infer<typeof ToolOutput>;

/** Tokens of the turn so far: each event replaces the one before. `null` = the server does not say. `cost` is in USD; local models cost null. */
export const Usage = z.object({
  inputTokens: z.nullable(z.int()),
  outputTokens: z.nullable(z.int()),
  cachedTokens: z.nullable(z.int()),
  contextUsed: z.nullable(z.int()),
  contextSize: z.nullable(z.int()),
  cost: z.nullable(z.number()),
});
export type Usage = z.infer<typeof Usage>;

/** What the turn is doing right now; shown live, never stored. */
export const Activity = z.object({
  phase: z.enum(['starting', 'waiting_for_model', 'generating', 'running_tool', 'waiting_for_person']),
  detail: z.nullable(z.string()),
});
export type Activity = z.infer<typeof Activity>;

export const PlanEntry = z.object({ text: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) });
export type PlanEntry = z.infer<typeof PlanEntry>;

export const Outcome = z.enum(['completed', 'cancelled', 'failed']);
export type Outcome = z.infer<typeof Outcome>;

/**
 * What an agent tells us during one turn, whatever the transport. Every stream ends with exactly one `ended`.
 * `at` is milliseconds since the epoch. A `tool` event inserts or updates the call with its `callId`; absent fields keep their value.
 */
export const AgentEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), delta: z.string() }),
  z.object({ type: z.literal('reasoning'), delta: z.string() }),
  z.object({
    type: z.literal('tool'),
    callId: z.string(),
    at: z.int(),
    /** Which request to the model asked for it (0, 1, ...): calls of one step were asked for together. */
    step: z.optional(z.int()),
    name: z.optional(z.string()),
    kind: z.optional(ToolKind),
    title: z.optional(z.string()),
    input: z.optional(z.unknown()),
    status: z.optional(ToolStatus),
    output: z.optional(ToolOutput),
  }),
  /** Live output of a running tool, appended; replaced by the tool's `output` when it ends. */
  z.object({ type: z.literal('tool_output'), callId: z.string(), delta: z.string() }),
  z.object({ type: z.literal('usage'), usage: Usage }),
  z.object({ type: z.literal('activity'), activity: Activity }),
  /** Something the reader should know that the model did not say: a rescue, dropped context, a read-only fallback. */
  z.object({ type: z.literal('notice'), level: z.enum(['info', 'warning']), code: z.string(), text: z.string() }),
  /** A waiting message of the person was put into the turn here, and is no message of its own any more. */
  z.object({ type: z.literal('steered'), text: z.string(), messageId: z.string() }),
  /** What the agent means to do, whole: each replaces the one before. */
  z.object({ type: z.literal('plan'), entries: z.array(PlanEntry) }),
  z.object({ type: z.literal('limit_reached'), limit: z.enum(['steps']), value: z.int() }),
  z.object({ type: z.literal('ended'), outcome: Outcome, failure: z.nullable(Failure) }),
]);
export type AgentEvent = z.infer<typeof AgentEvent>;
