import * as z from 'zod/mini';
import { ChangeCommentId, ChangeId, ChatId, SessionId, TaskId, WorktreeId } from './ids.ts';
import { Timestamp } from './time.ts';

export const ChangeState = z.enum(['pending', 'applied', 'rejected', 'superseded', 'conflict']);
export type ChangeState = z.infer<typeof ChangeState>;

export const ChangeKind = z.enum(['added', 'modified', 'deleted', 'renamed', 'mode']);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** A run of changed lines: the smallest part of a change that can be chosen. Lines count from 1; of no lines, the start is the line before. */
export const ChangeHunk = z.object({
  /** Names what the hunk says and where: the same while its lines are, whatever else is written in the file. */
  id: z.string(),
  oldStart: z.int(),
  oldLines: z.int(),
  newStart: z.int(),
  newLines: z.int(),
  /** Accepted for the next apply. */
  marked: z.boolean(),
  /** Who wrote it, in which chat and turn; null = a person. */
  agent: z.nullable(z.string()),
  chatId: z.nullable(ChatId),
  taskId: z.nullable(TaskId),
});
export type ChangeHunk = z.infer<typeof ChangeHunk>;

/** A pending edit of one file. Paths are relative to the top of the repository, with forward slashes. */
export const Change = z.object({
  id: ChangeId,
  sessionId: SessionId,
  worktreeId: WorktreeId,
  path: z.string(),
  oldPath: z.nullable(z.string()),
  kind: ChangeKind,
  state: ChangeState,
  /** All of it is accepted for the next apply. */
  marked: z.boolean(),
  /** Who made it last; null = a person. Each hunk says its own. */
  agent: z.nullable(z.string()),
  taskId: z.nullable(TaskId),
  /** In order; what has no lines to choose from (binary, a mode, a link) is one hunk. */
  hunks: z.array(ChangeHunk),
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
  /** Other sessions that wait with a change of the same file. */
  others: z.optional(z.array(z.object({ sessionId: SessionId, sessionTitle: z.string(), changeId: ChangeId, agent: z.nullable(z.string()) }))),
  comments: z.optional(z.array(ChangeComment)),
});
export type ChangeWithPatch = z.infer<typeof ChangeWithPatch>;

const Note = z.optional(z.string().check(z.maxLength(4_000)));
const HunkIds = z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.maxLength(10_000)));

/** A text that was proposed for a file in conflict, and that a person has seen: `blob` is its name, as the conflict gave it. */
export const ConfirmedText = z.strictObject({ path: z.string().check(z.minLength(1)), blob: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)) });
export type ConfirmedText = z.infer<typeof ConfirmedText>;

const choice = {
  ids: z.optional(z.array(ChangeId)),
  paths: z.optional(z.array(z.string().check(z.minLength(1)))),
  /** Only these hunks of the chosen changes. */
  hunks: HunkIds,
  /** Only what is marked. */
  marked: z.optional(z.literal(true)),
};

/** Which changes to act on: by id, by path, by hunk; all absent = all that can be. */
export const ChooseChanges = z.strictObject({
  ...choice,
  note: Note,
  /** Places that a person has looked at and confirmed. */
  confirm: z.optional(z.array(ConfirmedText)),
  /** A check that has passed: the changes are applied only if they are still those that it was about. */
  checkId: z.optional(z.uuid()),
});
export type ChooseChanges = z.infer<typeof ChooseChanges>;

export const ActOnChange = z.strictObject({ hunks: HunkIds, note: Note, confirm: z.optional(z.array(ConfirmedText)) });
export type ActOnChange = z.infer<typeof ActOnChange>;

export const MarkChange = z.strictObject({ marked: z.boolean(), hunks: HunkIds });
export type MarkChange = z.infer<typeof MarkChange>;

/** What to look at before it is done. */
export const PreviewChanges = z.strictObject({ ...choice, action: z._default(z.enum(['apply', 'rewind', 'reject']), 'apply') });
export type PreviewChanges = z.infer<typeof PreviewChanges>;

/** Why one file does not fit the folder. */
export const ChangeConflict = z.object({
  path: z.string(),
  reason: z.string(),
  message: z.string(),
  /** Both versions between marks; null when there is no text to show or it is too long. */
  merged: z.nullable(z.string()),
  /** Where the change seems to belong: the whole text it would give, to be looked at and given back as `confirm`. */
  proposal: z.nullable(z.object({ blob: z.string(), text: z.string(), patch: z.nullable(z.string()), explanation: z.string() })),
});
export type ChangeConflict = z.infer<typeof ChangeConflict>;

/** A pending change of another session that would not fit the folder any more. */
export const ChangeCollision = z.object({
  path: z.string(),
  sessionId: SessionId,
  sessionTitle: z.string(),
  changeId: ChangeId,
  agent: z.nullable(z.string()),
  message: z.string(),
});
export type ChangeCollision = z.infer<typeof ChangeCollision>;

/** What an action would do, without doing it. */
export const ChangesPreview = z.object({
  files: z.array(z.object({ path: z.string(), oldPath: z.nullable(z.string()), outcome: z.enum(['written', 'merged', 'removed', 'unchanged']) })),
  conflicts: z.array(ChangeConflict),
  collisions: z.array(ChangeCollision),
  /** A sentence that sums it up. */
  message: z.string(),
});
export type ChangesPreview = z.infer<typeof ChangesPreview>;

/** Chosen changes as a commit of the project's repository: on the branch that is checked out, or as a branch of its own. */
export const CommitChanges = z.strictObject({ ...choice, message: z.string().check(z.minLength(1), z.maxLength(20_000)) });
export type CommitChanges = z.infer<typeof CommitChanges>;
export const BranchChanges = z.strictObject({
  ...choice,
  message: z.string().check(z.minLength(1), z.maxLength(20_000)),
  branch: z.string().check(z.minLength(1), z.maxLength(200)),
});
export type BranchChanges = z.infer<typeof BranchChanges>;

/** The commit that was made; `items` are the changes as they are now. */
export const CommittedChanges = z.object({ commit: z.string(), branch: z.nullable(z.string()), items: z.array(Change), message: z.string() });
export type CommittedChanges = z.infer<typeof CommittedChanges>;

/** Runs a command on the folder as it would be with the chosen changes, in a place of its own. Without `command`, the project's own check. */
export const StartCheck = z.strictObject({ ...choice, command: z.optional(z.string().check(z.minLength(1), z.maxLength(4_000))) });
export type StartCheck = z.infer<typeof StartCheck>;

export const ChangesCheck = z.object({
  id: z.uuid(),
  sessionId: SessionId,
  command: z.string(),
  state: z.enum(['running', 'passed', 'failed', 'cancelled']),
  /** What it does now, or how it ended. */
  detail: z.string(),
  /** The end of what it printed. */
  output: z.string(),
  startedAt: Timestamp,
  endedAt: z.nullable(Timestamp),
});
export type ChangesCheck = z.infer<typeof ChangesCheck>;

/** Which changes a patch is made of: those that wait, or those that were applied. */
export const ExportChanges = z.strictObject({ ...choice, state: z._default(z.enum(['pending', 'applied']), 'pending') });
export type ExportChanges = z.infer<typeof ExportChanges>;

/** A patch that `git apply` takes, of the chosen changes. */
export const ChangesPatch = z.object({
  patch: z.string(),
  files: z.int(),
  /** The same byte by byte, where the patch is no UTF-8. */
  base64: z.optional(z.string()),
});
export type ChangesPatch = z.infer<typeof ChangesPatch>;

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
