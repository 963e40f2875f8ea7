import type { SessionId } from '@boocode/contracts/ids.ts';
import type { Worktree } from '@boocode/contracts/worktree.ts';
import type { Git } from '@boocode/git/run-git.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import type { KeyedQueue } from '../live/keyed-queue.ts';
import type { CommonDirs } from './common-dirs.ts';
import type { SetUpWorktree } from './set-up-worktree.ts';
import type { TearDownWorktree } from './tear-down-worktree.ts';
import type { WorktreeLeases } from './worktree-leases.ts';

/** What the life of worktrees needs, with the questions that rooms above answer. */
export interface WorktreeDeps {
  readonly sql: Sql;
  readonly git: Git;
  readonly log: Logger;
  /** `<home>/worktrees` */
  readonly worktreesDir: string;
  /** `<home>/journal` */
  readonly journalDir: string;
  /** Where the scripts' output is kept. */
  readonly logDir: string;
  readonly leases: WorktreeLeases;
  readonly commonDirs: CommonDirs;
  readonly setUp: SetUpWorktree;
  readonly tearDown: TearDownWorktree;
  /** How long a worktree nobody owns stays in its place, and one in the trash can be brought back. */
  readonly graceMs: number;
  readonly trashMs: number;
  readonly now: () => number;
  /** One thing at a time per worktree. */
  readonly queue: KeyedQueue;
  readonly hasUnended: (where: { readonly sessionId: SessionId }) => Promise<boolean>;
  /** Ends what waits ready or stands open in a session's worktree: agents between turns, terminals. */
  readonly endUse: (sessionId: SessionId) => Promise<void>;
  /** The worktree's files are not there to be applied any more, or there again. */
  readonly onFilesGone: (worktree: Worktree, sessionId: SessionId) => Promise<void>;
  readonly onFilesBack: (worktree: Worktree, sessionId: SessionId) => Promise<void>;
  /** A worktree is about to be gone for good: what was kept of it beside its files may go, too. */
  readonly onPurge: (worktree: Worktree) => Promise<void>;
}
