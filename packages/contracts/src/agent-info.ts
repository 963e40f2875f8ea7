import * as z from 'zod/mini';
import { ChatId, SessionId } from './ids.ts';
import { Timestamp } from './time.ts';

/** A thing that an agent offers to choose: one of its modes or models. `id` is the agent's own. */
export const AgentChoice = z.object({ id: z.string(), label: z.string(), description: z.nullable(z.string()) });
export type AgentChoice = z.infer<typeof AgentChoice>;

/** A slash command of an agent: sent as `/name arguments`. */
export const AgentCommand = z.object({ name: z.string(), description: z.string(), hint: z.nullable(z.string()) });
export type AgentCommand = z.infer<typeof AgentCommand>;

/** What an agent has said of itself in one chat. Empty lists: it offers no choice. */
export const AgentInfo = z.object({
  modes: z.array(AgentChoice),
  mode: z.nullable(z.string()),
  models: z.array(AgentChoice),
  model: z.nullable(z.string()),
  commands: z.array(AgentCommand),
  /** Its own title of the conversation. */
  title: z.nullable(z.string()),
});
export type AgentInfo = z.infer<typeof AgentInfo>;

/** What one agent has said of itself in one chat. */
export const ChatAgent = z.object({ agent: z.string(), info: AgentInfo });
export type ChatAgent = z.infer<typeof ChatAgent>;

/** BooCode's own agent. */
export const NATIVE_AGENT = 'boocode';

export const EMPTY_AGENT_INFO: AgentInfo = { modes: [], mode: null, models: [], model: null, commands: [], title: null };

/** An agent's program that is kept ready between turns. `memoryBytes`: its process and all it has started; null where the system does not tell. */
export const RunningAgent = z.object({
  chatId: ChatId,
  sessionId: SessionId,
  agent: z.string(),
  pid: z.nullable(z.int()),
  memoryBytes: z.nullable(z.int()),
  /** working: a turn of it runs, or it works by itself · idle: it is kept warm. */
  state: z.enum(['working', 'idle']),
  lastUsedAt: Timestamp,
});
export type RunningAgent = z.infer<typeof RunningAgent>;

/** What a vendor's hook says, in the vendor's own words. */
export const AgentNotification = z.object({ vendor: z.string().check(z.maxLength(100)), event: z.record(z.string(), z.unknown()) });
export type AgentNotification = z.infer<typeof AgentNotification>;
