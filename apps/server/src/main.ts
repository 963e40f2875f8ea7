import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AgentPool } from '@boocode/agents/agent-pool.ts';
import { nativeBackend } from '@boocode/agents/native/native-backend.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { DEFAULT_SETTINGS } from '@boocode/contracts/settings.ts';
import { startDemoModel } from '@boocode/demo-model/demo-model.ts';
import { sweepPrivateIndexes } from '@boocode/git/private-index.ts';
import { openGit } from '@boocode/git/run-git.ts';
import { openRepositoryOf } from '@boocode/git/repository.ts';
import { shadowFoldersOf } from '@boocode/git/shadow.ts';
import { openWorktree } from '@boocode/git/worktree.ts';
import { childEnvironment } from '@boocode/processes/child-environment.ts';
import { findContainment } from '@boocode/processes/containment.ts';
import { startGuardian } from '@boocode/processes/guardian.ts';
import { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { announceReady } from './announce-ready.ts';
import { buildApp } from './app.ts';
import { devicesIn, openDoor } from './auth/door.ts';
import { openTokenFile } from './auth/token-file.ts';
import { ChangeChecks } from './changes/change-checks.ts';
import type { ChangeDeps } from './changes/change-deps.ts';
import { reconcileChanges } from './changes/change-store.ts';
import { collectInQueue, collectSessionChanges } from './changes/collect-session-changes.ts';
import { publishChanges } from './changes/publish-changes.ts';
import { recoverChanges } from './changes/recover-changes.ts';
import { sweepChecks } from './changes/sweep-checks.ts';
import type { CheckpointDeps } from './checkpoints/checkpoint-deps.ts';
import { collectGarbage, forgetCheckpoints } from './checkpoints/collect-garbage.ts';
import { budgetOf, takeAfter, takeBefore } from './checkpoints/take-checkpoint.ts';
import { type Config, loadConfig } from './config.ts';
import { mapDatabaseError } from './db/db-errors.ts';
import { openDatabase } from './db/open-database.ts';
import { allHandlers } from './handlers.ts';
import { openHome, removeServerFile, writeServerFile } from './home.ts';
import { pastPlaces } from './imports/past-places.ts';
import { listAllowedHosts, serverUrl } from './http/host-policy.ts';
import { ownAddresses } from './http/own-addresses.ts';
import { registerRoutes } from './http/register-route.ts';
import { Hub } from './live/hub.ts';
import { KeyedQueue } from './live/keyed-queue.ts';
import { Notices } from './live/notices.ts';
import { serveSocket } from './live/socket.ts';
import { createLog } from './log.ts';
import { tidyHistories } from './projects/tidy-histories.ts';
import { PermissionBroker } from './permissions/permission-broker.ts';
import { getProject } from './projects/project-routes.ts';
import { AgentRegistry } from './providers/agent-registry.ts';
import { ConfigEditor } from './providers/config-editor.ts';
import { ModelRegistry } from './providers/model-registry.ts';
import { publishSession } from './sessions/publish-session.ts';
import { readSettings } from './settings/settings-store.ts';
import { findTask, hasUnended } from './tasks/task-store.ts';
import { TerminalPool } from './terminal/terminal-pool.ts';
import { registerTerminalSocket } from './terminal/terminal-socket.ts';
import { AgentNotifications } from './turns/agent-notifications.ts';
import { openTurns } from './turns/open-turns.ts';
import { publishTask } from './turns/publish-task.ts';
import { readProjectParts } from './turns/read-project-parts.ts';
import { snapshotReader } from './turns/snapshots.ts';
import { VERSION } from './version.ts';
import { CommonDirs } from './worktrees/common-dirs.ts';
import { WorktreeMeter } from './worktrees/measure-worktrees.ts';
import { openWorkplace } from './worktrees/open-workplace.ts';
import { Reaper } from './worktrees/reaper.ts';
import { worktreeSetUp } from './worktrees/set-up-worktree.ts';
import { worktreeTearDown } from './worktrees/tear-down-worktree.ts';
import { recoverTrash } from './worktrees/trash-worktree.ts';
import type { WorktreeDeps } from './worktrees/worktree-deps.ts';
import { WorktreeLeases } from './worktrees/worktree-leases.ts';
import { findSessionWorktree } from './worktrees/worktree-store.ts';
import { endUse, usedPlaces } from './worktree-use.ts';

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;
const SWEEP_MS = 60_000;
const DAY_MS = 86_400_000;
/** So that one can watch it work. */
const DEMO_TOKENS_PER_SECOND = 120;

/** Runs the server until it is told to stop; resolves with the exit status. What cannot be started is one sentence on stderr. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  try {
    await serve(() => loadConfig(env, argv), env, stop);
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
async function serve(load: () => Config, env: NodeJS.ProcessEnv, stop: AbortController): Promise<void> {
  const config = load();
  const startedAt = new Date().toISOString();
  const home = await openHome(config.home);
  const secrets = new Set(config.secrets);
  const log = createLog({ folder: home.logs, stderr: config.json ? null : process.stderr, secrets });
  await using life = new AsyncDisposableStack();
  life.use(await startGuardian({ runDir: home.run }));
  const registry = new ProcessRegistry(join(home.run, 'groups'));
  life.defer(() => registry.endOwn());
  const hub = new Hub(log);
  const notices = new Notices(hub);
  const environment = childEnvironment(env);
  const [database, token, containment] = await Promise.all([
    openDatabase({
      home: home.root,
      databaseUrl: config.databaseUrl,
      log,
      signal: stop.signal,
      onProblem: (problem) => notices.set('database', problem?.text ?? null),
    }),
    openTokenFile(home.tokenFile),
    findContainment({
      home: home.root,
      worktreesDir: home.worktrees,
      env: environment,
      histories: { dir: home.shadow, of: (id) => shadowFoldersOf(home.shadow, id) },
    }),
    registry.endLeftovers(),
  ]);
  const { sql } = life.use(database);
  const git = openGit({ env, shadowDir: home.shadow });

  const defaults = { ...DEFAULT_SETTINGS, access: config.defaultAccess };
  const demo = life.use(new AsyncDisposableStack());
  const models: ModelRegistry = new ModelRegistry({
    servers: config.modelServers,
    defaultModel: config.defaultModel,
    chosenModel: async () => (await readSettings(sql, defaults)).model,
    startDemo: async () => demo.use(await startDemoModel({ keepRequests: 0, tokensPerSecond: DEMO_TOKENS_PER_SECOND })).url,
    onChange: () => announceProviders(),
    now: Date.now,
  });
  const editor = new ConfigEditor({ path: join(home.root, 'config.json'), config, load, env, models, secrets });
  const native = life.use(nativeBackend({ modelServers: (model) => models.resolve(model), limits: config.limits, registry, containment, environment }));
  const agents = life.use(
    await AgentRegistry.start({
      sql,
      log,
      models,
      native,
      host: { registry, containment },
      worktreesDir: home.worktrees,
      config: () => editor.config,
      personal: env,
      environment,
      secrets,
      onChange: () => announceProviders(),
      now: Date.now,
    }),
  );
  const announceProviders = (): void => hub.publish('user', { type: 'provider_snapshot_updated', providers: agents.list(), servers: models.list().servers });

  const { maxWarmAgents, agentIdleMs, agentStallMs } = config.limits;
  const pool = life.use(
    new AgentPool({
      limits: { maxWarm: maxWarmAgents, idleMs: agentIdleMs, stallMs: agentStallMs },
      now: Date.now,
      onGone: (key) => log.warn({ agent: key.agent, chat: key.chatId }, 'an agent has ended by itself between two turns'),
    }),
  );
  const runnerId = crypto.randomUUID();
  // The address is known only when the server listens; everything that needs it asks then.
  let url = '';
  const notifications = new AgentNotifications(() => url);
  const broker = new PermissionBroker(sql, hub);
  const changes: ChangeDeps = {
    sql,
    hub,
    git,
    log,
    worktreesDir: home.worktrees,
    journalDir: home.journal,
    now: Date.now,
    folders: new KeyedQueue(),
    readBudget: budgetOf(config.limits),
    isWriting: (sessionId) => hasUnended(sql, { sessionId, isWriting: true }),
    chatOf: async (id) => (await findTask(sql, id))?.chatId ?? null,
  };
  const checks = life.use(new ChangeChecks({ ...changes, registry, containment, environment, timeoutMs: config.limits.checkTimeoutMs }));
  const scripts = { registry, containment, environment, timeoutMs: config.limits.setupTimeoutMs, logDir: home.outputs };
  const { maxCopyBytes, maxCopyFiles, worktreeGraceMs: graceMs, worktreeTrashMs: trashMs } = config.limits;
  const setUp = worktreeSetUp({ sql, git, ...scripts, maxCopyBytes, maxCopyFiles });
  const commonDirs = new CommonDirs(git);
  const checkpoints: CheckpointDeps = {
    ...changes,
    limits: config.limits,
    openTree: async ({ id, projectId, path }) => openWorktree(await commonDirs.of({ project: (await getProject(sql, projectId)).path, id }), path),
    openRepository: async ({ projectId, worktreeId }) =>
      (await openRepositoryOf(git, { project: (await getProject(sql, projectId)).path, id: worktreeId ?? '' })).tree,
    collect: async (worktree, sessionId) => {
      await collectInQueue(changes, { sessionId, worktreeId: worktree.id, task: null });
      await publishChanges(changes, sessionId);
    },
    endAgents: (chatId) => pool.end(chatId),
    showTasks: async (ids, what) => {
      for (const id of ids) {
        const task = await findTask(sql, id);
        if (task !== null) publishTask(hub, what === 'hidden' ? { ...task, settled: true } : task);
      }
    },
    wake: () => turns.dispatcher.wake(),
  };
  const terminals = life.use(new TerminalPool({ registry, containment, environment, now: Date.now }));
  const leases = life.use(new WorktreeLeases({ sql, log, owner: runnerId, inUse: () => usedPlaces(pool, terminals) }));
  const worktrees: WorktreeDeps = {
    sql,
    git,
    log,
    leases,
    commonDirs,
    setUp,
    graceMs,
    trashMs,
    worktreesDir: home.worktrees,
    journalDir: home.journal,
    logDir: home.outputs,
    tearDown: worktreeTearDown({ sql, ...scripts }),
    now: Date.now,
    queue: new KeyedQueue(),
    hasUnended: (where) => hasUnended(sql, where),
    endUse: (sessionId) => endUse({ sql, pool, terminals }, sessionId),
    onFilesGone: async ({ id }, sessionId) => {
      await reconcileChanges(sql, { worktreeId: id, sessionId }, [], { agent: null, chatId: null, taskId: null }, new Map());
      await publishSession(sql, hub, sessionId);
    },
    onPurge: ({ id }) => forgetCheckpoints(checkpoints, id),
    onFilesBack: async ({ id }, sessionId) => {
      await collectSessionChanges(changes, { sessionId, worktreeId: id, task: null });
      await publishSession(sql, hub, sessionId);
    },
  };
  const reaper = life.use(new Reaper(worktrees));
  const meter = life.use(new WorktreeMeter(worktrees));
  const turns = openTurns({
    sql,
    hub,
    log,
    broker,
    runnerId,
    openWorkplace: (request) => openWorkplace({ sql, git, log, worktreesDir: home.worktrees, setUp, commonDirs, leases }, request),
    findWorktree: async (sessionId) => (await findSessionWorktree(sql, sessionId))?.id ?? null,
    collectChanges: (request) => collectSessionChanges(changes, request),
    takeBefore: (turn) => takeBefore(checkpoints, turn),
    takeAfter: (turn, known) => takeAfter(checkpoints, turn, known),
    openAgent: async (key, options) => ({ session: await pool.open(key, agents.backendOf(key.agent), options), transport: agents.transportOf(key.agent) }),
    readProjectParts: (project, folder) => readProjectParts({ sql, home: home.root, env }, project, folder),
    notifyOf: (key) => notifications.of(key),
    onLearned: (agent, info) => agents.learn(agent, info),
    defaultModelOf: (agent) => agents.defaultModelOf(agent),
    outputDirOf: (task) => join(home.outputs, task.chatId),
    capacity: () => ({ total: config.limits.maxRunningTasks, lanes: models.slots() }),
    laneOf: (task) => agents.laneOf(task),
    defaultModel: () => models.knownDefaultId(),
  });

  let allowedHosts: ReadonlySet<string> = new Set();
  const problems = () => [...editor.config.problems, ...(token.problem === null ? [] : [token.problem]), ...notices.list()];
  const door = openDoor({ token: token.token, devices: devicesIn(sql), url: () => url, now: Date.now });
  const app = await buildApp({
    log,
    version: VERSION,
    webRoot: fileURLToPath(new URL('../../../dist/web/', import.meta.url)),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    tokens: door.tokens,
    allowedHosts: () => allowedHosts,
    translateError: mapDatabaseError,
  });
  const status = {
    version: VERSION,
    startedAt,
    url: () => url,
    isContained: containment !== null,
    database: () => database,
    problems,
    requestShutdown: () => stop.abort(),
  };
  registerRoutes(
    app,
    allHandlers({
      changes,
      checks,
      worktrees: { ...worktrees, reaper, meter },
      checkpoints,
      broker,
      models,
      agents,
      config: editor,
      turns,
      terminals,
      pool,
      notifications,
      auth: door.handlers,
      places: pastPlaces(environment, home.run),
      defaults,
      home: home.root,
      status,
    }),
  );
  const snapshotOf = snapshotReader({ sql, liveTurns: turns.liveTurns, notices: problems });
  app.get('/api/ws', { websocket: true }, (socket) => serveSocket(socket, { hub, version: VERSION, snapshotOf }));

  await sweepPrivateIndexes(join(home.worktrees, 'index'));
  registerTerminalSocket(app, terminals);
  await recoverTrash(worktrees);
  await recoverChanges(changes, checkpoints);
  await sweepChecks(changes);
  const { collected } = await turns.settleAtStart();
  life.defer(() => collected);
  life.defer(() => app.close());
  const { port } = new URL(await app.listen({ host: config.host, port: config.port }));
  url = serverUrl(config.host, Number(port));
  allowedHosts = listAllowedHosts({ host: config.host, port: Number(port), extra: config.allowedHosts, addresses: ownAddresses() });
  await writeServerFile(home, { pid: process.pid, url, startedAt, version: VERSION });
  life.defer(() => removeServerFile(home, process.pid));
  await turns.dispatcher.start();
  life.defer(() => turns.dispatcher.stop());
  await leases.beat();
  const tidied = reaper.runQuietly().then(() => meter.run());
  life.defer(() => tidied);
  const sweep = setInterval(() => hub.sweep((channel) => turns.liveTurns.channels().has(channel)), SWEEP_MS);
  life.defer(() => clearInterval(sweep));
  life.use(tidyHistories({ sql, git, log }));
  const garbage = setInterval(() => void collectGarbage(checkpoints), DAY_MS);
  life.defer(() => clearInterval(garbage));
  void collected.then(() => collectGarbage(checkpoints));
  announceReady({ config, url, link: door.makeLink(), token: token.token, problems: problems(), models });
  await new Promise<void>((resolve) => (stop.signal.aborted ? resolve() : stop.signal.addEventListener('abort', () => resolve(), { once: true })));
  log.info('stopping');
}
