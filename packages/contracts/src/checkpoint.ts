import * as z from 'zod/mini';
import { CheckpointId, ChatId, MessageId, SessionId, TaskId, WorktreeId } from './ids.ts';
import { Attachment } from './message.ts';
import { ChangeKind } from './change.ts';
import { Timestamp } from './time.ts';

/**
 * Why a checkpoint was taken: before or after a turn, by a person, or to make something undoable (`safety`: before a restore, `rejection`: before a rejection).
 */
export const CheckpointKind = z.enum(['before', 'after', 'manual', 'safety', 'rejection']);
export type CheckpointKind = z.infer<typeof CheckpointKind>;

/** What a checkpoint does not hold, or a restore leaves as it is, and why. */
export const LeftOut = z.object({ path: z.string(), reason: z.string() });
export type LeftOut = z.infer<typeof LeftOut>;

/** A turn that began or ended at a checkpoint. One where nothing changed begins and ends at the same, and so does the next. */
export const CheckpointTurn = z.object({
  moment: z.enum(['before', 'after']),
  taskId: TaskId,
  chatId: ChatId,
  messageId: MessageId,
  agent: z.string(),
  /** The beginning of its prompt. */
  prompt: z.string(),
  /** Whether a restore has taken the turn back. */
  hidden: z.boolean(),
});
export type CheckpointTurn = z.infer<typeof CheckpointTurn>;

/** The files of a worktree at a moment. `files`, `additions` and `deletions` count what is different from the checkpoint before it in the list. */
export const Checkpoint = z.object({
  id: CheckpointId,
  sessionId: SessionId,
  worktreeId: z.nullable(WorktreeId),
  kind: CheckpointKind,
  label: z.string(),
  /** The chat, the turn and the prompt it was taken for. */
  chatId: z.nullable(ChatId),
  taskId: z.nullable(TaskId),
  messageId: z.nullable(MessageId),
  agent: z.nullable(z.string()),
  /** `refs/boocode/checkpoints/<id>` in the project's repository. */
  commit: z.string(),
  tree: z.string(),
  files: z.int(),
  additions: z.int(),
  deletions: z.int(),
  skipped: z.array(LeftOut),
  turns: z.array(CheckpointTurn),
  createdAt: Timestamp,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const CreateCheckpoint = z.strictObject({ label: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))) });
export type CreateCheckpoint = z.infer<typeof CreateCheckpoint>;

export const RestoreWhat = z.enum(['both', 'files', 'chat']);
export type RestoreWhat = z.infer<typeof RestoreWhat>;

const Paths = z.array(z.string().check(z.minLength(1), z.maxLength(4_096))).check(z.minLength(1), z.maxLength(1_000));

/** `before`: the prompt that is to go, with all that follows it in its chat; without it, what came after the checkpoint goes. `paths`: files and folders, the rest stays. */
export const RestoreCheckpoint = z.strictObject({
  what: RestoreWhat,
  before: z.optional(MessageId),
  paths: z.optional(Paths),
});
export type RestoreCheckpoint = z.infer<typeof RestoreCheckpoint>;

/** One file that differs between two states, with its unified patch: null when binary. */
export const FileDifference = z.object({
  path: z.string(),
  oldPath: z.nullable(z.string()),
  kind: ChangeKind,
  binary: z.boolean(),
  additions: z.int(),
  deletions: z.int(),
  patch: z.nullable(z.string()),
  patchTruncated: z.boolean(),
});
export type FileDifference = z.infer<typeof FileDifference>;

/** How two states differ. `leftOut`: files that cannot be compared. */
export const Comparison = z.object({ items: z.array(FileDifference), leftOut: z.array(LeftOut), nextCursor: z.null() });
export type Comparison = z.infer<typeof Comparison>;

/** What a restore would do. */
export const RestorePreview = z.object({
  files: z.array(z.object({ path: z.string(), kind: z.enum(['added', 'modified', 'deleted']) })),
  /** How many messages go, and how many that had gone come back. */
  hides: z.int(),
  brings: z.int(),
  /** Agents that begin a conversation of their own anew. */
  agents: z.array(z.string()),
  leftAlone: z.array(LeftOut),
  /** Files that will differ from the project's folder, where they were applied. */
  applied: z.array(z.string()),
  /** Why it cannot be done now. */
  refusal: z.nullable(z.string()),
});
export type RestorePreview = z.infer<typeof RestorePreview>;

export const RestoreResult = z.object({
  message: z.string(),
  files: z.int(),
  hidden: z.int(),
  broughtBack: z.int(),
  leftAlone: z.array(LeftOut),
  applied: z.array(z.string()),
  /** What the first hidden prompt said, for the composer of its chat. */
  prompt: z.nullable(z.object({ chatId: ChatId, text: z.string(), attachments: z.array(Attachment) })),
  /** Restoring this one undoes it all. */
  safety: CheckpointId,
});
export type RestoreResult = z.infer<typeof RestoreResult>;

/** `checkpoints` in `.boocode/project.json`: whether ignored files are kept, too, and up to which size. */
export const CheckpointConfig = z.object({
  ignored: z.optional(z.boolean()),
  maxFileBytes: z.optional(z.int().check(z.gte(1), z.lte(100_000_000))),
});
export type CheckpointConfig = z.infer<typeof CheckpointConfig>;
