import * as z from 'zod/mini';

/** Every id is a random (version 4) UUID, so that a short prefix of it is already unique for people who type it. */
export const ProjectId = z.uuid().brand<'ProjectId'>();
export type ProjectId = z.infer<typeof ProjectId>;

export const SessionId = z.uuid().brand<'SessionId'>();
export type SessionId = z.infer<typeof SessionId>;

export const ChatId = z.uuid().brand<'ChatId'>();
export type ChatId = z.infer<typeof ChatId>;

export const MessageId = z.uuid().brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const TaskId = z.uuid().brand<'TaskId'>();
export type TaskId = z.infer<typeof TaskId>;

export const WorktreeId = z.uuid().brand<'WorktreeId'>();
export type WorktreeId = z.infer<typeof WorktreeId>;

export const ChangeId = z.uuid().brand<'ChangeId'>();
export type ChangeId = z.infer<typeof ChangeId>;

export const ChangeCommentId = z.uuid().brand<'ChangeCommentId'>();
export type ChangeCommentId = z.infer<typeof ChangeCommentId>;

export const CheckpointId = z.uuid().brand<'CheckpointId'>();
export type CheckpointId = z.infer<typeof CheckpointId>;

export const PermissionId = z.uuid().brand<'PermissionId'>();
export type PermissionId = z.infer<typeof PermissionId>;

export const PermissionRuleId = z.uuid().brand<'PermissionRuleId'>();
export type PermissionRuleId = z.infer<typeof PermissionRuleId>;

export const TerminalId = z.uuid().brand<'TerminalId'>();
export type TerminalId = z.infer<typeof TerminalId>;

export const StashId = z.uuid().brand<'StashId'>();
export type StashId = z.infer<typeof StashId>;
