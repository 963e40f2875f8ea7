import type { AgentPool } from '@boocode/agents/agent-pool.ts';
import type { Access } from '@boocode/contracts/access.ts';
import type { PastPlaces } from '@boocode/agents/import/past-session.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { inspectRepository, startRepository } from '@boocode/git/repository.ts';
import { forgetShadow } from '@boocode/git/tidy-shadows.ts';
import type { AuthHandlers } from './auth/door.ts';
import type { ChangeChecks } from './changes/change-checks.ts';
import type { ChangeDeps } from './changes/change-deps.ts';
import { changeHandlers } from './changes/change-routes.ts';
import type { CheckpointDeps } from './checkpoints/checkpoint-deps.ts';
import { checkpointHandlers } from './checkpoints/checkpoint-routes.ts';
import { chatHandlers } from './chats/chat-routes.ts';
import { listAgentSessions } from './chats/chat-store.ts';
import type { Handlers } from './http/register-route.ts';
import { importHandlers } from './imports/import-routes.ts';
import { KeyedQueue } from './live/keyed-queue.ts';
import type { PermissionBroker } from './permissions/permission-broker.ts';
import { permissionHandlers } from './permissions/permission-routes.ts';
import { getProject, projectHandlers } from './projects/project-routes.ts';
import type { AgentRegistry } from './providers/agent-registry.ts';
import type { ConfigEditor } from './providers/config-editor.ts';
import type { ModelRegistry } from './providers/model-registry.ts';
import { providerHandlers } from './providers/provider-routes.ts';
import { getSession, sessionHandlers } from './sessions/session-routes.ts';
import { settingsHandlers, type SettingsDeps } from './settings/settings-routes.ts';
import { readSettings } from './settings/settings-store.ts';
import { statusHandlers, type StatusDeps } from './stats/status-routes.ts';
import { hasUnended, listUnsettled } from './tasks/task-store.ts';
import type { TerminalPool } from './terminal/terminal-pool.ts';
import { terminalHandlers } from './terminal/terminal-routes.ts';
import { trustHandlers } from './trust/trusted-content.ts';
import type { Turns } from './turns/open-turns.ts';
import { type AgentNotifications, notificationHandlers } from './turns/agent-notifications.ts';
import { publishTask } from './turns/publish-task.ts';
import { runningAgentHandlers } from './turns/running-agents.ts';
import { endTurns, taskHandlers } from './turns/task-routes.ts';
import { findWorkingFolder } from './worktrees/open-workplace.ts';
import { workspaceHandlers } from './workspace-handlers.ts';
import { riskOfSession } from './worktrees/worktree-risk-report.ts';
import { restoreOfSession, worktreeHandlers, type WorktreeRouteDeps } from './worktrees/worktree-routes.ts';
import { findSessionWorktree } from './worktrees/worktree-store.ts';

export interface HandlerParts {
  readonly changes: ChangeDeps;
  readonly checks: ChangeChecks;
  readonly worktrees: WorktreeRouteDeps;
  readonly checkpoints: CheckpointDeps;
  readonly broker: PermissionBroker;
  readonly models: ModelRegistry;
  readonly agents: AgentRegistry;
  readonly config: ConfigEditor;
  readonly turns: Turns;
  readonly terminals: TerminalPool;
  readonly pool: AgentPool;
  readonly notifications: AgentNotifications;
  readonly auth: AuthHandlers;
  /** Where the agents keep their own sessions. */
  readonly places: PastPlaces;
  readonly defaults: SettingsDeps['defaults'];
  /** BOOCODE_HOME. */
  readonly home: string;
  readonly status: Omit<StatusDeps, 'sql' | 'home'>;
}

/** Every route's handler, each room with what it needs of the others: events and questions that go up travel through these functions. */
export function allHandlers({
  changes,
  checks,
  worktrees,
  checkpoints,
  broker,
  models,
  agents,
  config,
  turns,
  terminals,
  pool,
  notifications,
  auth,
  places,
  defaults,
  home,
  status,
}: HandlerParts): Partial<Handlers> {
  const { sql, hub, git, log } = changes;
  const { dispatcher, liveTurns } = turns;
  const defaultAccess = async (): Promise<Access> => (await readSettings(sql, defaults)).access;
  const tasks = { sql, hub, dispatcher, accepting: new KeyedQueue(), broker, log, home, defaultAccess };
  const endTurnsOf = async (chatId: Parameters<typeof endTurns>[1]): Promise<void> => {
    await endTurns(tasks, chatId);
    await pool.end(chatId);
  };
  const announceUnsettled = async (sessionId: SessionId): Promise<void> => {
    for (const task of await listUnsettled(sql)) if (task.sessionId === sessionId) publishTask(hub, task);
  };
  return {
    ...auth,
    ...statusHandlers({ ...status, sql, home }),
    ...projectHandlers({
      sql,
      hub,
      home,
      inspect: async (path) => (await inspectRepository(git, path)).state,
      startGit: async (path) => (await startRepository(git, path)).state,
      forgetHistory: async (path) => void (git.shadowDir === null || (await forgetShadow(git.shadowDir, path))),
      isBusy: (projectId) => hasUnended(sql, { projectId }),
      endTerminals: (id) => terminals.closeAll(({ projectId }) => projectId === id),
    }),
    ...importHandlers({ sql, hub, places, defaultAccess }),
    ...trustHandlers({ sql }),
    ...sessionHandlers({
      sql,
      hub,
      defaultAccess,
      listAgentSessions: (id) => listAgentSessions(sql, id),
      riskOf: (id) => riskOfSession(worktrees, id),
      endTurns: async (chats) => void (await Promise.all(chats.map(endTurnsOf))),
      endTerminals: (id) => terminals.closeAll(({ sessionId }) => sessionId === id),
      announceUnsettled,
      restoreFiles: (id) => restoreOfSession(worktrees, id),
    }),
    ...chatHandlers({
      sql,
      hub,
      overlay: (message) => liveTurns.overlay(message),
      steer: (message) => liveTurns.steer(message),
      isBusy: (chatId) => hasUnended(sql, { chatId }),
      endTurns: endTurnsOf,
      announceUnsettled,
    }),
    ...providerHandlers(models, config, agents),
    ...worktreeHandlers(worktrees),
    ...changeHandlers(changes, checks),
    ...checkpointHandlers(checkpoints),
    ...permissionHandlers({ sql, broker }),
    ...taskHandlers(tasks),
    ...runningAgentHandlers({ sql, list: () => pool.list() }),
    ...notificationHandlers({ hub, liveTurns, notifications }),
    ...settingsHandlers({ sql, defaults, onChange: () => models.forgetChosen() }),
    ...workspaceHandlers({ sql, hub, git }),
    ...terminalHandlers({
      terminals,
      findFolder: async (projectId, sessionId) => {
        const project = await getProject(sql, projectId);
        if (sessionId !== null && (await getSession(sql, sessionId)).projectId !== projectId)
          throw new BooError('invalid_request', `Cannot open the terminal: session ${sessionId} belongs to another project; give its own project's id`);
        const folder = await findWorkingFolder(changes, project, sessionId);
        const worktree = sessionId !== null && folder.isInWorktree ? await findSessionWorktree(sql, sessionId) : null;
        if (worktree !== null) await worktrees.leases.take(worktree.id, 'terminal');
        return folder;
      },
    }),
  };
}
