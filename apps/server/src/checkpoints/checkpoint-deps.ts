import type { Limits } from '@boocode/contracts/config-file.ts';
import type { ChatId, ProjectId, SessionId, TaskId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { Git, WorkTree } from '@boocode/git/run-git.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import type { Hub } from '../live/hub.ts';
import type { KeyedQueue } from '../live/keyed-queue.ts';

export interface CheckpointDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly git: Git;
  readonly log: Logger;
  /** `<home>/worktrees` */
  readonly worktreesDir: string;
  /** `<home>/journal` */
  readonly journalDir: string;
  readonly now: () => number;
  /** One at a time per folder: the same as applies wait for. */
  readonly folders: KeyedQueue;
  readonly limits: CheckpointLimits;
  /** The git side of a worktree. */
  readonly openTree: (worktree: Pick<Worktree, 'id' | 'projectId' | 'path'>) => Promise<WorkTree>;
  /** The repository that a worktree belongs to, or belonged to. Rejects when it is gone. */
  readonly openRepository: (where: { readonly projectId: ProjectId; readonly worktreeId: WorktreeId | null }) => Promise<WorkTree>;
  /** Reads a worktree's pending changes anew and tells everybody; for who holds the project's folder. */
  readonly collect: (worktree: Worktree, sessionId: SessionId) => Promise<void>;
  /** Ends the agents that are kept ready for a chat. */
  readonly endAgents: (chatId: ChatId) => Promise<void>;
  /** Tells every screen of tasks that a restore took back or brought again: those are in nobody's inbox, these may be. */
  readonly showTasks: (ids: readonly TaskId[], what: 'hidden' | 'shown') => Promise<void>;
  /** Looks at the queue again: turns may have waited. */
  readonly wake: () => void;
}

export type CheckpointLimits = Pick<
  Limits,
  'checkpointMaxFileBytes' | 'checkpointMaxTotalBytes' | 'checkpointTimeoutMs' | 'checkpointKeepDays' | 'checkpointMaxDays' | 'restoreUndoDays'
>;
