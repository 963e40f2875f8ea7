import * as z from 'zod/mini';
import { ProjectId, SessionId, StashId, WorktreeId } from './ids.ts';
import { Timestamp } from './time.ts';

/**
 * creating -> ready -> trashing -> trashed -> purging -> removed, and trashed -> restoring -> ready. The `-ing` states are intents: they are written before
 * anything is touched, and the next start finishes what a kill cut off.
 */
export const WorktreeState = z.enum(['creating', 'ready', 'failed', 'trashing', 'trashed', 'restoring', 'purging', 'removed']);
export type WorktreeState = z.infer<typeof WorktreeState>;

/** A session's own git worktree, below BOOCODE_HOME. */
export const Worktree = z.object({
  id: WorktreeId,
  projectId: ProjectId,
  sessionId: z.nullable(SessionId),
  path: z.string(),
  branch: z.string(),
  base: z.string(),
  state: WorktreeState,
  /** What set-up did or why it failed; null = nothing to say. */
  setup: z.nullable(z.string()),
  createdAt: Timestamp,
});
export type Worktree = z.infer<typeof Worktree>;

/** Who works in a worktree. It holds until `until` and is renewed while the work goes on; a lease that has expired is nobody's. */
export const WorktreeLease = z.object({ use: z.enum(['turn', 'agent', 'terminal']), until: Timestamp });
export type WorktreeLease = z.infer<typeof WorktreeLease>;

/** What a folder takes on the disk, as last measured. Blocks that it shares with another folder by a clone are counted all the same. */
export const DiskUse = z.object({ bytes: z.int(), files: z.int(), measuredAt: Timestamp });
export type DiskUse = z.infer<typeof DiskUse>;

/** Uncommitted files that were put aside: a commit under `refs/boocode/stashes/`, never an entry of the person's own stash. */
export const WorktreeStash = z.object({
  id: StashId,
  worktreeId: WorktreeId,
  files: z.int(),
  note: z.nullable(z.string()),
  createdAt: Timestamp,
  /** When it was brought back; it stays listed until the worktree is purged. */
  restoredAt: z.nullable(Timestamp),
});
export type WorktreeStash = z.infer<typeof WorktreeStash>;

export const CreateStash = z.optional(z.strictObject({ note: z.optional(z.string().check(z.maxLength(500))) }));
export const RestoreStash = z.optional(z.strictObject({ stash: z.optional(StashId) }));

/** What set-up brought over, which way, and how long it took. `how` of a script: `ran` or `failed`. */
export const SetUpStep = z.object({
  what: z.string(),
  how: z.enum(['cloned', 'hardlinked', 'copied', 'skipped', 'ran', 'failed']),
  ms: z.int(),
  note: z.nullable(z.string()),
});
export type SetUpStep = z.infer<typeof SetUpStep>;

/** A worktree with everything one wants to see of it. */
export const WorktreeItem = z.extend(Worktree, {
  projectName: z.string(),
  projectPath: z.string(),
  /** Also of a session that is deleted: `sessionId` is null then. */
  sessionTitle: z.nullable(z.string()),
  leases: z.array(WorktreeLease),
  disk: z.nullable(DiskUse),
  trash: z.nullable(z.object({ path: z.string(), at: Timestamp, by: z.enum(['person', 'reaper']), purgeAt: Timestamp })),
  stashes: z.array(WorktreeStash),
  steps: z.array(SetUpStep),
  /** What is wrong with its files or with what git knows of it, as a sentence; null = nothing that was noticed. */
  problem: z.nullable(z.string()),
  usedAt: Timestamp,
});
export type WorktreeItem = z.infer<typeof WorktreeItem>;

/** What would be lost if a worktree went away. Counts, not guesses; `reason` is null when it can go. */
export const WorktreeRiskReport = z.object({
  /** Files that git knew, with changes that are neither committed nor applied. */
  dirty: z.int(),
  untracked: z.int(),
  /** Commits of its branch or HEAD that no other branch, remote or tag has, in substance: what was merged by squash or rebase is not counted. */
  unpushed: z.int(),
  /** Commits that are elsewhere under another name: merged by squash or rebase. */
  merged: z.int(),
  locked: z.boolean(),
  runningTasks: z.int(),
  /** HEAD is on no branch. */
  detached: z.boolean(),
  /** Stashes of ours that were not brought back, and the person's own that were made on its branch. */
  stashes: z.int(),
  /** Repositories inside (sub-modules that are checked out, too). They are not looked into. */
  nested: z.array(z.string()),
  /** Files that git ignores, that one would miss (`.env` and the like), and that are not the same in the project's folder. */
  ignored: z.array(z.string()),
  canDelete: z.boolean(),
  reason: z.nullable(z.string()),
});
export type WorktreeRiskReport = z.infer<typeof WorktreeRiskReport>;

/** What the reaper would do (or did) with one thing it found, and why. */
export const ReapItem = z.object({
  kind: z.enum(['worktree', 'folder', 'metadata']),
  worktreeId: z.nullable(WorktreeId),
  path: z.string(),
  /** `trash`: it can be brought back for days; `purge`: its time in the trash is over; `remove`: nothing is in it; `keep`: nothing is done. */
  action: z.enum(['keep', 'trash', 'purge', 'remove']),
  reason: z.string(),
  /** When that may change by itself; null = not by time alone. */
  after: z.nullable(Timestamp),
});
export type ReapItem = z.infer<typeof ReapItem>;

/** `ranAt`: when it ran last; null = not since BooCode was started. */
export const ReapReport = z.object({ items: z.array(ReapItem), ranAt: z.nullable(Timestamp), graceMs: z.int(), trashMs: z.int() });
export type ReapReport = z.infer<typeof ReapReport>;

/** The ends of what the scripts of a worktree wrote; null = it did not run. */
export const WorktreeLog = z.object({ setup: z.nullable(z.string()), teardown: z.nullable(z.string()) });
export type WorktreeLog = z.infer<typeof WorktreeLog>;
