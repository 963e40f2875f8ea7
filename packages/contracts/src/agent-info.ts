import * as z from 'zod/mini';

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

export const EMPTY_AGENT_INFO: AgentInfo = { modes: [], mode: null, models: [], model: null, commands: [], title: null };
