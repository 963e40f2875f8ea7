import * as z from 'zod/mini';
import { orElse } from '../acp/lenient.ts';

/** What does not fit is left out, not refused: agents differ, and their versions too. */
const maybe = <T extends z.core.$ZodType>(schema: T) => orElse(z.optional(schema), undefined);

const text = maybe(z.string());
const count = maybe(z.number());

const StepUsage = z.looseObject({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
});
export type StepUsage = z.infer<typeof StepUsage>;

const Block = z.looseObject({
  type: z.string(),
  text,
  thinking: text,
  id: text,
  name: text,
  input: z.optional(z.unknown()),
  tool_use_id: text,
  is_error: maybe(z.boolean()),
  content: z.optional(z.unknown()),
});
export type Block = z.infer<typeof Block>;

const Content = z.union([z.string(), z.array(Block)]);
const Message = z.looseObject({ id: text, model: text, content: maybe(Content), usage: maybe(StepUsage) });
const parent = maybe(z.nullable(z.string()));

const System = z.looseObject({
  type: z.literal('system'),
  subtype: text,
  session_id: text,
  model: text,
  permissionMode: text,
  permission_mode: text,
  cwd: text,
  attempt: count,
  max_retries: count,
  error_status: maybe(z.nullable(z.number())),
  tasks: maybe(z.array(z.looseObject({}))),
});

const StreamEvent = z.looseObject({
  type: z.literal('stream_event'),
  parent_tool_use_id: parent,
  event: z.looseObject({
    type: z.string(),
    message: maybe(Message),
    content_block: maybe(Block),
    delta: maybe(z.looseObject({ type: text, text, thinking: text })),
    usage: maybe(StepUsage),
  }),
});

const Assistant = z.looseObject({
  type: z.literal('assistant'),
  parent_tool_use_id: parent,
  message: Message,
  is_api_error_message: maybe(z.boolean()),
  api_error_status: maybe(z.nullable(z.number())),
});

const User = z.looseObject({
  type: z.literal('user'),
  parent_tool_use_id: parent,
  message: z.looseObject({ content: maybe(Content) }),
  tool_use_result: z.optional(z.unknown()),
  isReplay: maybe(z.boolean()),
});

const Result = z.looseObject({
  type: z.literal('result'),
  subtype: text,
  session_id: text,
  is_error: maybe(z.boolean()),
  result: text,
  error: maybe(z.looseObject({ message: text })),
  errors: maybe(z.array(z.string())),
  api_error_status: maybe(z.nullable(z.number())),
  num_turns: count,
  usage: maybe(StepUsage),
  modelUsage: maybe(z.record(z.string(), z.looseObject({ contextWindow: count }))),
  total_cost_usd: count,
  permission_denials: maybe(z.array(z.looseObject({ tool_name: text, tool_use_id: text }))),
  /** What the agent's own turn came from, where no person began it. */
  origin: maybe(z.looseObject({ kind: text })),
});
export type ResultMessage = z.infer<typeof Result>;

/** A message of the family that claude, its SDK and qwen speak. */
export const StreamMessage = z.discriminatedUnion('type', [System, StreamEvent, Assistant, User, Result]);
export type StreamMessage = z.infer<typeof StreamMessage>;
