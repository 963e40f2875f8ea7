import { fileURLToPath } from 'node:url';
import { BooError } from '@boocode/contracts/error-code.ts';
import { nativeBackend } from '@boocode/agents/native/native-backend.ts';
import { startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { inspectRepository, startRepository } from '@boocode/git/repository.ts';
import { openGit } from '@boocode/git/run-git.ts';
import { childEnvironment } from '@boocode/processes/child-environment.ts';
import { findContainment } from '@boocode/processes/containment.ts';
import { startGuardian } from '@boocode/processes/guardian.ts';
import { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { join } from 'node:path';
import { buildApp } from './app.ts';
import { devicesIn, openDoor } from './auth/door.ts';
import { openTokenFile } from './auth/token-file.ts';
import { changeHandlers } from './changes/change-routes.ts';
import { collectSessionChanges } from './changes/collect-session-changes.ts';
import { recoverChanges } from './changes/recover-changes.ts';
import { chatHandlers } from './chats/chat-routes.ts';
import { listAgentSessions } from './chats/chat-store.ts';
import { type Config, loadConfig } from './config.ts';
import { mapDatabaseError } from './db/db-errors.ts';
import { openDatabase } from './db/open-database.ts';
import { openHome, removeServerFile, writeServerFile } from './home.ts';
import { listAllowedHosts, serverUrl } from './http/host-policy.ts';
import { ownAddresses } from './http/own-addresses.ts';
import { registerRoutes } from './http/register-route.ts';
import { Hub } from './live/hub.ts';
import { Notices } from './live/notices.ts';
import { serveSocket } from './live/socket.ts';
import { createLog } from './log.ts';
import { PermissionBroker } from './permissions/permission-broker.ts';
import { permissionHandlers } from './permissions/permission-routes.ts';
import { projectHandlers } from './projects/project-routes.ts';
import { ModelRegistry } from './providers/model-registry.ts';
import { listProviders, providerHandlers } from './providers/provider-routes.ts';
import { sessionHandlers } from './sessions/session-routes.ts';
import { settingsHandlers } from './settings/settings-routes.ts';
import { readSettings } from './settings/settings-store.ts';
import { statusHandlers } from './stats/status-routes.ts';
import { findTask, hasUnended } from './tasks/task-store.ts';
import { trustHandlers } from './trust/trusted-content.ts';
import { Dispatcher } from './turns/dispatcher.ts';
import { LiveTurns } from './turns/live-turns.ts';
import { publishTask } from './turns/publish-task.ts';
import { Recorder } from './turns/recorder.ts';
import { runTurn } from './turns/run-turn.ts';
import { collectInterrupted, settleTurns } from './turns/settle-turns.ts';
import { snapshotReader } from './turns/snapshots.ts';
import { endTurns, taskHandlers } from './turns/task-routes.ts';
import type { TurnDeps } from './turns/turn-deps.ts';
import { announceReady } from './announce-ready.ts';
import { openWorkplace } from './worktrees/open-workplace.ts';
import { worktreeSetUp } from './worktrees/set-up-worktree.ts';
import { findSessionWorktree } from './worktrees/worktree-store.ts';
import { riskOfSession, worktreeHandlers } from './worktrees/worktree-routes.ts';
import { VERSION } from './version.ts';

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;
const SWEEP_MS = 60_000;
/** So that one can watch it work. */
const DEMO_TOKENS_PER_SECOND = 120;

/** Runs the server until it is told to stop; resolves with the exit status. What cannot be started is one sentence on stderr. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  try {
    await serve(loadConfig(env, argv), env, stop);
    return 0;
  } catch (error) {
    if (!(error instanceof BooError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.code === 'invalid_request' ? 2 : 1;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('SIGHUP', onSignal);
  }
}

/** The whole program: everything that lives is made here, in this order, and ended in the opposite one. */
async function serve(config: Config, env: NodeJS.ProcessEnv, stop: AbortController): Promise<void> {
  const startedAt = new Date().toISOString();
  const home = await openHome(config.home);
  const log = createLog({ folder: home.logs, stderr: config.json ? null : process.stderr, secrets: config.secrets });
  await using life = new AsyncDisposableStack();
  life.use(await startGuardian({ runDir: home.run }));
  const registry = new ProcessRegistry(join(home.run, 'groups'));
  life.defer(() => registry.endOwn());
  const hub = new Hub(log);
  const notices = new Notices(hub);
  const environment = childEnvironment(env);
  const [database, token, containment] = await Promise.all([
    openDatabase({ home: home.root, databaseUrl: config.databaseUrl, log, signal: stop.signal, onProblem: (problem) => notices.set('database', problem?.text ?? null) }),
    openTokenFile(home.tokenFile),
    findContainment({ home: home.root, worktreesDir: home.worktrees, env: environment }),
    registry.endLeftovers(),
  ]);
  life.use(database);
  const { sql } = database;
  const git = openGit({ env });

  const defaults = { theme_id: 'ember', access: config.defaultAccess, model: null } as const;
  const settings = () => readSettings(sql, defaults);
  const models: ModelRegistry = new ModelRegistry({
    servers: config.modelServers,
    defaultModel: config.defaultModel,
    chosenModel: async () => (await settings()).model,
    startDemo: async () => life.use(await startDemoModel({ keepRequests: 0, tokensPerSecond: DEMO_TOKENS_PER_SECOND })).url,
    onChange: () => hub.publish('user', { type: 'provider_snapshot_updated', providers: listProviders(models), servers: models.list().servers }),
    now: Date.now,
  });
  const native = life.use(nativeBackend({ modelServers: (model) => models.resolve(model), limits: config.limits, registry, containment, environment }));

  const broker = new PermissionBroker(sql, hub);
  const liveTurns = new LiveTurns();
  const recorder = new Recorder(sql, log, (turn) => dispatcher.lose(turn.claimed.task.id));
  const changes = {
    ...{ sql, hub, git, log, worktreesDir: home.worktrees, journalDir: home.journal, now: Date.now },
    isWriting: (sessionId) => hasUnended(sql, { sessionId, isWriting: true }),
    chatOf: async (id) => (await findTask(sql, id))?.chatId ?? null,
  } satisfies Parameters<typeof changeHandlers>[0];
  const setUp = worktreeSetUp({ sql, git, registry, containment, environment, timeoutMs: config.limits.setupTimeoutMs, logDir: home.outputs });
  const turnDeps: TurnDeps = {
    ...{ sql, hub, log, broker, liveTurns, recorder },
    openWorkplace: (request) => openWorkplace({ sql, git, log, worktreesDir: home.worktrees, setUp }, request),
    collectChanges: (request) => collectSessionChanges(changes, request),
    openAgent: async (agent, options) => {
      if (agent === native.name) return native.open(options);
      throw new BooError('agent_unavailable', `Cannot start the agent "${agent}": there is no agent of this name; \`boocode agents\` lists them`);
    },
    defaultModelOf: (agent) => (agent === native.name ? models.defaultId() : Promise.resolve(null)),
    outputDirOf: (task) => join(home.outputs, task.chatId),
  };
  const runnerId = crypto.randomUUID();
  const settleDeps = { ...turnDeps, runnerId, findWorktree: async (id: Parameters<typeof findSessionWorktree>[1]) => (await findSessionWorktree(sql, id))?.id ?? null };
  const dispatcher: Dispatcher = new Dispatcher({
    ...{ sql, log, runnerId },
    capacity: () => ({ total: config.limits.maxRunningTasks, lanes: models.slots() }),
    laneOf: (task) => models.serverOf(task.model),
    run: (claimed, signal, reason) => runTurn(turnDeps, claimed, signal, reason),
    onWaiting: (task) => publishTask(hub, task),
    settleOrphans: async () => collectInterrupted(settleDeps, await settleTurns(settleDeps, { isStart: false })),
  });

  let url = '';
  let allowedHosts: ReadonlySet<string> = new Set();
  const door = openDoor({ token: token.token, devices: devicesIn(sql), url: () => url, now: Date.now });
  const webRoot = fileURLToPath(new URL('../../../dist/web/', import.meta.url));
  const app = await buildApp({
    ...{ log, version: VERSION, webRoot, bodyLimitBytes: BODY_LIMIT_BYTES, tokens: door.tokens },
    allowedHosts: () => allowedHosts,
    translateError: mapDatabaseError,
  });
  const problems = () => [...config.problems, ...(token.problem === null ? [] : [token.problem]), ...notices.list()];
  const snapshotOf = snapshotReader({ sql, liveTurns, notices: problems });
  const access = async () => (await settings()).access;
  const taskDeps = { ...{ sql, hub, dispatcher, broker, log, home: home.root }, defaultAccess: access };
  const endTurnsOf = (chatId: Parameters<typeof endTurns>[1]) => endTurns(taskDeps, chatId);
  registerRoutes(app, {
    ...door.handlers,
    ...statusHandlers({
      ...{ sql, version: VERSION, home: home.root, startedAt, isContained: containment !== null, problems },
      url: () => url,
      database: () => ({ kind: database.kind, version: database.version, pid: database.pid, message: notices.list().find((notice) => notice.code === 'database')?.text ?? null }),
      requestShutdown: () => stop.abort(),
    }),
    ...projectHandlers({
      ...{ sql, hub, home: home.root },
      inspect: async (path) => (await inspectRepository(git, path)).state,
      startGit: async (path) => (await startRepository(git, path)).state,
      isBusy: (projectId) => hasUnended(sql, { projectId }),
    }),
    ...trustHandlers({ sql }),
    ...sessionHandlers({
      ...{ sql, hub, defaultAccess: access },
      listAgentSessions: (id) => listAgentSessions(sql, id),
      riskOf: (id) => riskOfSession({ sql, git, worktreesDir: home.worktrees, hasUnended: (where) => hasUnended(sql, where) }, id),
      endTurns: async (chats) => void (await Promise.all(chats.map(endTurnsOf))),
    }),
    ...chatHandlers({ sql, hub, overlay: (message) => liveTurns.overlay(message), endTurns: endTurnsOf }),
    ...providerHandlers(models),
    ...worktreeHandlers({ sql, git, worktreesDir: home.worktrees, hasUnended: (where) => hasUnended(sql, where) }),
    ...changeHandlers(changes),
    ...permissionHandlers({ sql, broker }),
    ...taskHandlers(taskDeps),
    ...settingsHandlers({ sql, defaults }),
  });
  app.get('/api/ws', { websocket: true }, (socket) => serveSocket(socket, { hub, version: VERSION, snapshotOf }));

  await recoverChanges(changes);
  const interrupted = await settleTurns(settleDeps, { isStart: true });
  life.defer(() => app.close());
  const address = await app.listen({ host: config.host, port: config.port });
  const port = Number(new URL(address).port);
  url = serverUrl(config.host, port);
  allowedHosts = listAllowedHosts({ host: config.host, port, extra: config.allowedHosts, addresses: ownAddresses() });
  await writeServerFile(home, { pid: process.pid, url, startedAt, version: VERSION });
  life.defer(() => removeServerFile(home, process.pid));
  const collected = collectInterrupted(settleDeps, interrupted);
  life.defer(() => collected);
  await dispatcher.start();
  life.defer(() => dispatcher.stop());
  const sweep = setInterval(() => hub.sweep((channel) => liveTurns.channels().has(channel)), SWEEP_MS);
  life.defer(() => clearInterval(sweep));
  announceReady({ config, url, link: door.makeLink(), token: token.token, problems: problems(), models });
  await new Promise<void>((resolve) => (stop.signal.aborted ? resolve() : stop.signal.addEventListener('abort', () => resolve(), { once: true })));
  log.info('stopping');
}
