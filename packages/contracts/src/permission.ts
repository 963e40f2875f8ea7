import * as z from 'zod/mini';
import { ChatId, PermissionId, PermissionRuleId, ProjectId, SessionId, TaskId } from './ids.ts';
import { Timestamp } from './time.ts';

export const PermissionOption = z.object({
  id: z.string(),
  label: z.string(),
  /** Choose options by kind, never by id: agents name their ids as they like. */
  kind: z.enum(['allow_once', 'allow_always', 'reject_once', 'reject_always']),
});
export type PermissionOption = z.infer<typeof PermissionOption>;

/** What an agent wants to do, before it is stored. */
export const PermissionRequest = z.object({
  callId: z.nullable(z.string()),
  /** `question`: the agent asks for an answer, not for leave; its options are the answers, and a note is an answer in words. */
  kind: z.enum(['execute', 'edit', 'read', 'fetch', 'script', 'question', 'other']),
  /** A short question, for instance "Run this command?". */
  title: z.string(),
  /** What exactly: the command, the path, the script's text. */
  subject: z.string(),
  /** Why it asks, or what it would change. */
  reason: z.nullable(z.string()),
  options: z.array(PermissionOption),
});
export type PermissionRequest = z.infer<typeof PermissionRequest>;

export const PermissionState = z.enum(['open', 'allowed', 'denied', 'expired']);
export type PermissionState = z.infer<typeof PermissionState>;

/** An agent's question: a row, answered once by whoever is first. */
export const Permission = z.object({
  id: PermissionId,
  projectId: ProjectId,
  sessionId: SessionId,
  chatId: ChatId,
  taskId: TaskId,
  agent: z.string(),
  ...PermissionRequest.shape,
  state: PermissionState,
  answer: z.nullable(z.string()),
  note: z.nullable(z.string()),
  createdAt: Timestamp,
  answeredAt: z.nullable(Timestamp),
});
export type Permission = z.infer<typeof Permission>;

/** What a person has allowed for good: in this project, requests of this agent of this kind about exactly this subject are not asked again. */
export const PermissionRule = z.object({
  id: PermissionRuleId,
  projectId: ProjectId,
  agent: z.string(),
  kind: PermissionRequest.shape.kind,
  subject: z.string(),
  createdAt: Timestamp,
});
export type PermissionRule = z.infer<typeof PermissionRule>;

export const AnswerPermission = z.strictObject({
  optionId: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Said to the agent with the answer. */
  note: z.optional(z.string().check(z.maxLength(4_000))),
});
export type AnswerPermission = z.infer<typeof AnswerPermission>;
