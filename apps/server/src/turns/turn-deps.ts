import type { AgentSession, OpenOptions } from '@boocode/agents/backend.ts';
import type { SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import type { Hub } from '../live/hub.ts';
import type { PermissionBroker } from '../permissions/permission-broker.ts';
import type { Workplace, WorkplaceRequest } from '../worktrees/open-workplace.ts';
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
  /** The model that an agent uses when a task names none; null when only the agent knows. Rejects when there is none to be had. */
  readonly defaultModelOf: (agent: string) => Promise<string | null>;
  /** A folder of this chat, outside any worktree, for long outputs. */
  readonly outputDirOf: (task: Task) => string;
}
