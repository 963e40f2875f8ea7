import * as z from 'zod/mini';
import { Access } from './access.ts';
import { Failure } from './error-code.ts';
import { ChatId, MessageId, ProjectId, SessionId, TaskId } from './ids.ts';
import { Attachment } from './message.ts';
import { Timestamp } from './time.ts';

export const TASK_STATES = ['pending', 'running', 'blocked', 'completed', 'failed', 'cancelled', 'interrupted'] as const;
export const TaskState = z.enum(TASK_STATES);
export type TaskState = z.infer<typeof TaskState>;

/** Whether nothing more will happen to a task by itself. */
export function hasEnded(state: TaskState): boolean {
  return state !== 'pending' && state !== 'running' && state !== 'blocked';
}

/** The durable request for a turn. */
export const Task = z.object({
  id: TaskId,
  projectId: ProjectId,
  sessionId: SessionId,
  chatId: ChatId,
  parentTaskId: z.nullable(TaskId),
  messageId: MessageId,
  answerId: MessageId,
  state: TaskState,
  agent: z.string(),
  model: z.nullable(z.string()),
  mode: z.nullable(z.string()),
  access: Access,
  priority: z.int(),
  input: z.string(),
  outputSummary: z.nullable(z.string()),
  error: z.nullable(Failure),
  tokensIn: z.nullable(z.int()),
  tokensOut: z.nullable(z.int()),
  cost: z.nullable(z.number()),
  createdAt: Timestamp,
  startedAt: z.nullable(Timestamp),
  endedAt: z.nullable(Timestamp),
  /** Why a pending task does not run yet, or what a blocked one waits for: a sentence. */
  waitsFor: z.nullable(z.string()),
  /** A person has settled it (discarded, continued or retried): it is out of the inbox. */
  settled: z.boolean(),
});
export type Task = z.infer<typeof Task>;

const Prompt = z.string().check(z.minLength(1, 'must not be empty'), z.maxLength(400_000));
const Name = z.string().check(z.minLength(1), z.maxLength(200));

const TurnChoice = {
  agent: z.optional(Name),
  model: z.optional(Name),
  mode: z.optional(Name),
  access: z.optional(Access),
};

/** `baseline` decides what a new session's worktree starts from: the last commit, or that plus the uncommitted changes. */
export const Baseline = z.enum(['head', 'uncommitted']);
export type Baseline = z.infer<typeof Baseline>;

export const CreateTask = z.strictObject({
  input: Prompt,
  projectId: z.optional(ProjectId),
  projectPath: z.optional(z.string().check(z.minLength(1), z.maxLength(4096))),
  sessionId: z.optional(SessionId),
  chatId: z.optional(ChatId),
  priority: z.optional(z.int().check(z.gte(-100), z.lte(100))),
  baseline: z.optional(Baseline),
  ...TurnChoice,
});
export type CreateTask = z.infer<typeof CreateTask>;

export const SendMessage = z.strictObject({
  text: Prompt,
  attachments: z.optional(z.array(Attachment).check(z.maxLength(20))),
  /** A client-made key: the same key is accepted once, so a repeated send cannot double a message. */
  idempotencyKey: z.optional(z.string().check(z.minLength(8), z.maxLength(100))),
  ...TurnChoice,
});
export type SendMessage = z.infer<typeof SendMessage>;

export const MessageAccepted = z.object({ taskId: TaskId, messageId: MessageId });
export type MessageAccepted = z.infer<typeof MessageAccepted>;
