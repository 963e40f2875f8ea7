import type { ChatId, SessionId, TaskId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Git } from '@boocode/git/run-git.ts';
import type { SnapshotBudget } from '@boocode/git/snapshot.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import type { Hub } from '../live/hub.ts';
import type { KeyedQueue } from '../live/keyed-queue.ts';
import type { StoredHunk } from './stored-hunk.ts';

export interface ChangeDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly git: Git;
  readonly log: Logger;
  /** `<home>/worktrees` */
  readonly worktreesDir: string;
  /** `<home>/journal` */
  readonly journalDir: string;
  readonly now: () => number;
  /** What reading a worktree may cost; what is beyond it is in no change and no checkpoint. */
  readonly readBudget?: SnapshotBudget | undefined;
  /** One at a time per folder. */
  readonly folders: KeyedQueue;
  /** Whether a writing turn of the session runs: its files change under everybody's hands. */
  readonly isWriting: (sessionId: SessionId) => Promise<boolean>;
  /** The chat that a task belongs to; null when it is gone. */
  readonly chatOf: (taskId: TaskId) => Promise<ChatId | null>;
}

export interface CollectRequest {
  readonly sessionId: SessionId;
  readonly worktreeId: WorktreeId;
  /** Whose turn it was; null: a person's. */
  readonly task: { readonly id: TaskId; readonly agent: string } | null;
  /** Hunks that come back from elsewhere and are to be known again, by path. */
  readonly inherited?: ReadonlyMap<string, readonly StoredHunk[]> | undefined;
}
