import * as z from 'zod/mini';
import { ProjectId, SessionId, WorktreeId } from './ids.ts';
import { Timestamp } from './time.ts';

export const WorktreeState = z.enum(['creating', 'ready', 'failed', 'removed']);
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

/** What would be lost if a worktree went away. Counts, not guesses; `reason` is null when it can go. */
export const WorktreeRiskReport = z.object({
  dirty: z.int(),
  untracked: z.int(),
  unpushed: z.int(),
  locked: z.boolean(),
  runningTasks: z.int(),
  canDelete: z.boolean(),
  reason: z.nullable(z.string()),
});
export type WorktreeRiskReport = z.infer<typeof WorktreeRiskReport>;
