import * as z from 'zod/mini';
import { listOf, maybe, orElse } from './lenient.ts';

const Flag = orElse(z.optional(z.boolean()), false);
const Offer = maybe(z.record(z.string(), z.unknown()));

export const InitializeResult = z.object({
  protocolVersion: z.number(),
  agentCapabilities: orElse(
    z.optional(
      z.object({
        loadSession: Flag,
        mcpCapabilities: maybe(z.object({ http: Flag, sse: Flag })),
        sessionCapabilities: maybe(z.object({ resume: Offer })),
      }),
    ),
    undefined,
  ),
  authMethods: maybe(listOf(z.object({ name: z.string(), description: maybe(z.string()) }))),
});
export type InitializeResult = z.infer<typeof InitializeResult>;

const Choice = z.object({ id: z.string(), name: z.string(), description: maybe(z.string()) });
const Value = z.object({ value: z.string(), name: z.string(), description: maybe(z.string()) });
const ValueGroup = z.object({ options: listOf(Value) });

const ConfigOption = z.object({
  id: z.string(),
  category: maybe(z.string()),
  currentValue: orElse(z.string(), ''),
  options: listOf(z.union([Value, ValueGroup])),
});
export type ConfigOption = z.infer<typeof ConfigOption>;

export const ConfigOptions = listOf(ConfigOption);

/** What an agent tells of a conversation that was begun, loaded or resumed. */
export const SessionResult = z.object({
  sessionId: maybe(z.string()),
  modes: maybe(z.object({ currentModeId: z.string(), availableModes: listOf(Choice) })),
  /** From before models were a config option. */
  models: maybe(
    z.object({ currentModelId: z.string(), availableModels: listOf(z.object({ modelId: z.string(), name: z.string(), description: maybe(z.string()) })) }),
  ),
  configOptions: maybe(ConfigOptions),
});
export type SessionResult = z.infer<typeof SessionResult>;

export const ConfigOptionsResult = z.object({ configOptions: maybe(ConfigOptions) });

const ContentBlock = z.object({
  type: z.string(),
  text: maybe(z.string()),
  name: maybe(z.string()),
  uri: maybe(z.string()),
  resource: maybe(z.object({ uri: maybe(z.string()), text: maybe(z.string()) })),
});
export type ContentBlock = z.infer<typeof ContentBlock>;

const ToolContent = z.object({
  type: z.string(),
  content: maybe(ContentBlock),
  path: maybe(z.string()),
  oldText: maybe(z.string()),
  newText: maybe(z.string()),
  terminalId: maybe(z.string()),
});

const toolCall = {
  toolCallId: z.string(),
  title: maybe(z.string()),
  name: maybe(z.string()),
  kind: maybe(z.string()),
  status: maybe(z.string()),
  content: maybe(listOf(ToolContent)),
  locations: maybe(listOf(z.object({ path: z.string() }))),
  rawInput: z.optional(z.unknown()),
  rawOutput: z.optional(z.unknown()),
  _meta: z.optional(z.unknown()),
};

/** A tool call, from whichever message first tells of it. */
export const AcpToolCall = z.object(toolCall);
export type AcpToolCall = z.infer<typeof AcpToolCall>;

const TokenCounts = z.object({
  inputTokens: maybe(z.number()),
  outputTokens: maybe(z.number()),
  cachedReadTokens: maybe(z.number()),
});
export type TokenCounts = z.infer<typeof TokenCounts>;

const chunk = {
  content: orElse(ContentBlock, { type: 'text' }),
  messageId: maybe(z.string()),
  _meta: maybe(z.object({ usage: maybe(TokenCounts) })),
};

/** What an agent tells without being asked. Kinds that are not listed are not understood, and ignored. */
export const AcpUpdate = z.discriminatedUnion('sessionUpdate', [
  z.object({ sessionUpdate: z.literal('user_message_chunk'), ...chunk }),
  z.object({ sessionUpdate: z.literal('agent_message_chunk'), ...chunk }),
  z.object({ sessionUpdate: z.literal('agent_thought_chunk'), ...chunk }),
  z.object({ sessionUpdate: z.literal('tool_call'), ...toolCall }),
  z.object({ sessionUpdate: z.literal('tool_call_update'), ...toolCall }),
  z.object({ sessionUpdate: z.literal('plan'), entries: listOf(z.object({ content: z.string(), status: orElse(z.string(), 'pending') })) }),
  z.object({
    sessionUpdate: z.literal('usage_update'),
    used: maybe(z.number()),
    size: maybe(z.number()),
    cost: maybe(z.object({ amount: z.number(), currency: z.string() })),
  }),
  z.object({
    sessionUpdate: z.literal('available_commands_update'),
    availableCommands: listOf(z.object({ name: z.string(), description: orElse(z.string(), ''), input: maybe(z.object({ hint: maybe(z.string()) })) })),
  }),
  z.object({ sessionUpdate: z.literal('current_mode_update'), currentModeId: z.string() }),
  z.object({ sessionUpdate: z.literal('config_option_update'), configOptions: ConfigOptions }),
  z.object({ sessionUpdate: z.literal('session_info_update'), title: maybe(z.string()) }),
  z.object({ sessionUpdate: z.literal('notice'), severity: orElse(z.string(), 'info'), title: z.string(), description: maybe(z.string()) }),
]);
export type AcpUpdate = z.infer<typeof AcpUpdate>;

export const SessionNotification = z.object({ sessionId: z.string(), update: AcpUpdate });

export const PromptResult = z.object({
  stopReason: orElse(z.string(), 'end_turn'),
  usage: maybe(TokenCounts),
  _meta: maybe(z.object({ usage: maybe(TokenCounts) })),
});
export type PromptResult = z.infer<typeof PromptResult>;

export const PermissionParams = z.object({
  toolCall: AcpToolCall,
  options: listOf(z.object({ optionId: z.string(), name: orElse(z.string(), ''), kind: orElse(z.string(), '') })),
});
export type PermissionParams = z.infer<typeof PermissionParams>;

const Field = z.object({
  type: orElse(z.string(), 'string'),
  title: maybe(z.string()),
  description: maybe(z.string()),
  default: z.optional(z.unknown()),
  enum: maybe(z.array(z.string())),
  oneOf: maybe(listOf(z.object({ const: z.string(), title: maybe(z.string()) }))),
  items: maybe(z.object({ enum: maybe(z.array(z.string())), anyOf: maybe(listOf(z.object({ const: z.string(), title: maybe(z.string()) }))) })),
});
export type ElicitationField = z.infer<typeof Field>;

export const ElicitationParams = z.object({
  mode: orElse(z.string(), 'form'),
  message: orElse(z.string(), ''),
  requestedSchema: maybe(z.object({ properties: orElse(z.record(z.string(), Field), {}) })),
});
export type ElicitationParams = z.infer<typeof ElicitationParams>;

export const ReadFileParams = z.object({ path: z.string(), line: maybe(z.number()), limit: maybe(z.number()) });
export const WriteFileParams = z.object({ path: z.string(), content: z.string() });
export const NewTerminalParams = z.object({
  command: z.string(),
  args: maybe(z.array(z.string())),
  env: maybe(listOf(z.object({ name: z.string(), value: z.string() }))),
  cwd: maybe(z.string()),
  outputByteLimit: maybe(z.number()),
});
export type NewTerminalParams = z.infer<typeof NewTerminalParams>;
export const TerminalParams = z.object({ terminalId: z.string() });
