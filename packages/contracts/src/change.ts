import * as z from 'zod/mini';
import { ChangeId, SessionId, TaskId, WorktreeId } from './ids.ts';
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

/** A change with its unified patch (null when binary or over the limit). */
export const ChangeWithPatch = z.object({ ...Change.shape, patch: z.nullable(z.string()), patchTruncated: z.boolean() });
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
