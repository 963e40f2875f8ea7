import * as z from 'zod/mini';
import { ChangeCommentId, ChangeId, ChatId, SessionId, TaskId, WorktreeId } from './ids.ts';
import { Timestamp } from './time.ts';

export const ChangeState = z.enum(['pending', 'applied', 'rejected', 'superseded', 'conflict']);
export type ChangeState = z.infer<typeof ChangeState>;

export const ChangeKind = z.enum(['added', 'modified', 'deleted', 'renamed', 'mode']);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** A pending edit of one file. Paths are relative to the top of the repository, with forward slashes. */
export const Change = z.object({
  id: ChangeId,
  sessionId: SessionId,
  worktreeId: WorktreeId,
  path: z.string(),
  oldPath: z.nullable(z.string()),
  kind: ChangeKind,
  state: ChangeState,
  marked: z.boolean(),
  /** Who made it; null = a person. */
  agent: z.nullable(z.string()),
  taskId: z.nullable(TaskId),
  binary: z.boolean(),
  additions: z.int(),
  deletions: z.int(),
  /** Why it is in conflict, or the note of its rejection. */
  note: z.nullable(z.string()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Change = z.infer<typeof Change>;

/** Which text of a change a line belongs to. */
export const ChangeSide = z.enum(['old', 'new']);
export type ChangeSide = z.infer<typeof ChangeSide>;

/** What a person said about a line of a change; the agent gets it with its next prompt. */
export const ChangeComment = z.object({
  id: ChangeCommentId,
  chatId: ChatId,
  path: z.string(),
  line: z.int(),
  side: ChangeSide,
  text: z.string(),
  createdAt: Timestamp,
});
export type ChangeComment = z.infer<typeof ChangeComment>;

export const CreateChangeComment = z.strictObject({
  line: z.int().check(z.gte(1)),
  side: ChangeSide,
  text: z.string().check(z.minLength(1), z.maxLength(4_000)),
});
export type CreateChangeComment = z.infer<typeof CreateChangeComment>;

/** A change with its unified patch (null when binary or over the limit) and the comments that no agent has been given yet. */
export const ChangeWithPatch = z.object({
  ...Change.shape,
  patch: z.nullable(z.string()),
  patchTruncated: z.boolean(),
  comments: z.optional(z.array(ChangeComment)),
});
export type ChangeWithPatch = z.infer<typeof ChangeWithPatch>;

/** Which changes to act on: by id or by path; both absent = all that can be. */
export const ChooseChanges = z.strictObject({
  ids: z.optional(z.array(ChangeId)),
  paths: z.optional(z.array(z.string().check(z.minLength(1)))),
  note: z.optional(z.string().check(z.maxLength(4_000))),
});
export type ChooseChanges = z.infer<typeof ChooseChanges>;

export const ActOnChange = z.strictObject({ note: z.optional(z.string().check(z.maxLength(4_000))) });
export type ActOnChange = z.infer<typeof ActOnChange>;

/** What became of each chosen change. */
export const ChangesResult = z.object({ items: z.array(Change), message: z.string() });
export type ChangesResult = z.infer<typeof ChangesResult>;

/** One side of a change as text. `blob` names exactly this content: give it back with an edit. Both null where there is no such file. */
export const ChangeContent = z.object({
  path: z.string(),
  side: ChangeSide,
  blob: z.nullable(z.string()),
  /** Null when there is no such file, it is binary, or it is too large to edit. */
  text: z.nullable(z.string()),
  binary: z.boolean(),
  size: z.nullable(z.int()),
});
export type ChangeContent = z.infer<typeof ChangeContent>;

/** A person's own edit of a pending change: refused when the file is not (any more) what `expectedBlob` names. */
export const EditChange = z.strictObject({
  text: z.string().check(z.maxLength(2_000_000)),
  expectedBlob: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)),
});
export type EditChange = z.infer<typeof EditChange>;
