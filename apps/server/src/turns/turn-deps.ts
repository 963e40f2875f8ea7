import type { AgentSession, McpServer, OpenOptions } from '@boocode/agents/backend.ts';
import type { SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import type { CollectedSession } from '../changes/collect-session-changes.ts';
import type { CheckpointNotice, TurnCheckpoint } from '../checkpoints/take-checkpoint.ts';
import type { Hub } from '../live/hub.ts';
import type { PermissionBroker } from '../permissions/permission-broker.ts';
import type { Workplace, WorkplaceRequest } from '../worktrees/open-workplace.ts';
import type { AgentKey } from '../chats/agent-session-store.ts';
import type { ChatInfos } from './chat-infos.ts';
import type { LiveTurns } from './live-turns.ts';
import type { Recorder } from './recorder.ts';

export interface OpenedAgent {
  readonly session: AgentSession;
  /** How it is reached, for the row of its conversation. */
  readonly transport: string;
}

export interface ProjectParts {
  readonly isTrusted: boolean;
  readonly mcpServers: readonly McpServer[];
  /** What could not be used, and what to do. */
  readonly notices: readonly { readonly code: string; readonly text: string }[];
}

/** What a turn needs of the house; put together in main.ts. */
export interface TurnDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly log: Logger;
  readonly broker: PermissionBroker;
  readonly liveTurns: LiveTurns;
  readonly recorder: Recorder;
  readonly infos: ChatInfos;
  /** Where the turn works. Rejects with a BooError that says why it cannot. */
  readonly openWorkplace: (request: WorkplaceRequest) => Promise<Workplace>;
  /** Reads the worktree's changes into rows. */
  readonly collectChanges: (request: { readonly sessionId: SessionId; readonly worktreeId: WorktreeId; readonly task: Task }) => Promise<CollectedSession>;
  /** Notes the files before a turn's first effect, and after its end. Never reject: what could not be kept is said in a notice. */
  readonly takeBefore: (turn: TurnCheckpoint) => Promise<CheckpointNotice | null>;
  readonly takeAfter: (turn: TurnCheckpoint, known: CollectedSession['snapshot']) => Promise<CheckpointNotice | null>;
  /** Rejects with `agent_unavailable` when there is no such agent or it cannot start; never gives another one. What is disposed at the turn's end may live on. */
  readonly openAgent: (key: AgentKey, options: OpenOptions) => Promise<OpenedAgent>;
  /** What of the repository in `cwd` agents may be given: whether its settings may have an effect, and its MCP servers. */
  readonly readProjectParts: (project: Project, cwd: string) => Promise<ProjectParts>;
  /** Where hooks of the agent may tell its status; null where nobody can listen. */
  readonly notifyOf: (key: AgentKey) => OpenOptions['notify'];
  /** The model that an agent uses when a task names none; null when only the agent knows. Rejects when there is none to be had. */
  readonly defaultModelOf: (agent: string) => Promise<string | null>;
  /** A folder of this chat, outside any worktree, for long outputs. */
  readonly outputDirOf: (task: Task) => string;
}
