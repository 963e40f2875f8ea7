import type { AgentSession, OpenOptions } from '@boocode/agents/backend.ts';
import type { SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Access } from '@boocode/contracts/access.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import type { Hub } from '../live/hub.ts';
import type { PermissionBroker } from '../permissions/permission-broker.ts';
import type { LiveTurns } from './live-turns.ts';
import type { Recorder } from './recorder.ts';

/** What a turn needs of the house; put together in main.ts. */
export interface TurnDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly log: Logger;
  readonly broker: PermissionBroker;
  readonly liveTurns: LiveTurns;
  readonly recorder: Recorder;
  /** Where the turn works. Rejects with a BooError that says why it cannot. */
  readonly openWorkplace: (request: WorkplaceRequest) => Promise<Workplace>;
  /** Reads the worktree's changes into rows; returns how many are pending. */
  readonly collectChanges: (request: { readonly sessionId: SessionId; readonly worktreeId: WorktreeId; readonly task: Task }) => Promise<number>;
  /** Rejects with `agent_unavailable` when there is no such agent or it cannot start; never gives another one. */
  readonly openAgent: (agent: string, options: OpenOptions) => Promise<AgentSession>;
  /** A folder of this chat, outside any worktree, for long outputs. */
  readonly outputDirOf: (task: Task) => string;
}

export interface WorkplaceRequest {
  readonly project: Project;
  readonly sessionId: SessionId;
  readonly task: Task;
  readonly access: Access;
  readonly signal: AbortSignal;
  /** Set-up takes long: says what it does. */
  readonly onProgress: (text: string) => void;
  /** Asks before the repository's own set-up script runs for the first time. */
  readonly ask: (request: PermissionRequest) => Promise<{ readonly allowed: boolean }>;
}

export interface Workplace {
  readonly cwd: string;
  /** Null: the turn reads the project's folder itself. */
  readonly worktreeId: WorktreeId | null;
  /** What the agent may do here: the task's access, or read-only where nothing can be edited safely. */
  readonly access: Access;
  /** What the reader should know about the place. */
  readonly notices: readonly { readonly code: string; readonly text: string }[];
}
