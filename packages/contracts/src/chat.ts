import * as z from 'zod/mini';
import { Access } from './access.ts';
import { ChatId, ProjectId, SessionId } from './ids.ts';
import { Baseline } from './task.ts';
import { Timestamp } from './time.ts';

/** working: a turn runs · blocked: it waits for a person · idle · error: the last turn failed or was interrupted. */
export const AgentStatus = z.enum(['working', 'blocked', 'idle', 'error']);
export type AgentStatus = z.infer<typeof AgentStatus>;

/** A tab: the unit of context. Its choices are the defaults of its next turn. */
export const Chat = z.object({
  id: ChatId,
  sessionId: SessionId,
  projectId: ProjectId,
  title: z.string(),
  agent: z.string(),
  model: z.nullable(z.string()),
  mode: z.nullable(z.string()),
  access: Access,
  status: AgentStatus,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Chat = z.infer<typeof Chat>;

/** A piece of work in a project; owns at most one worktree. */
export const Session = z.object({
  id: SessionId,
  projectId: ProjectId,
  title: z.string(),
  status: AgentStatus,
  pendingChanges: z.int(),
  chats: z.array(Chat),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Session = z.infer<typeof Session>;

const Title = z.string().check(z.minLength(1), z.maxLength(200));
const Choice = {
  agent: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  model: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(200)))),
  /** The agent's own mode; null: the one that fits the access. */
  mode: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(200)))),
  access: z.optional(Access),
};

export const CreateSession = z.strictObject({
  projectId: ProjectId,
  title: z.optional(Title),
  baseline: z.optional(Baseline),
  ...Choice,
});
export type CreateSession = z.infer<typeof CreateSession>;

export const PatchSession = z.strictObject({ title: z.optional(Title) });
export type PatchSession = z.infer<typeof PatchSession>;

export const CreateChat = z.strictObject({ title: z.optional(Title), ...Choice });
export type CreateChat = z.infer<typeof CreateChat>;

export const PatchChat = z.strictObject({ title: z.optional(Title), ...Choice });
export type PatchChat = z.infer<typeof PatchChat>;

/** One agent's own conversation in a session (snake case here alone: a public payload). */
export const AgentSessionRow = z.object({
  agent: z.string(),
  status: AgentStatus,
  has_session: z.boolean(),
  last_active_at: z.nullable(Timestamp),
  chat_id: ChatId,
  backend: z.string(),
  model: z.nullable(z.string()),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost: z.nullable(z.number()),
});
export type AgentSessionRow = z.infer<typeof AgentSessionRow>;
