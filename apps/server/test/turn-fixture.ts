import type { AgentSession, OpenOptions, Prompt } from '@boocode/agents/backend.ts';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import type { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import pino from 'pino';
import { createTestDatabase } from '../src/db/testing.ts';
import { Hub } from '../src/live/hub.ts';
import { KeyedQueue } from '../src/live/keyed-queue.ts';
import { PermissionBroker } from '../src/permissions/permission-broker.ts';
import { insertProject } from '../src/projects/project-store.ts';
import { insertSession } from '../src/sessions/session-store.ts';
import { ChatInfos } from '../src/turns/chat-infos.ts';
import { Dispatcher } from '../src/turns/dispatcher.ts';
import { LiveTurns } from '../src/turns/live-turns.ts';
import { publishTask } from '../src/turns/publish-task.ts';
import { Recorder } from '../src/turns/recorder.ts';
import { runTurn } from '../src/turns/run-turn.ts';
import { settleTurns } from '../src/turns/settle-turns.ts';
import { snapshotReader } from '../src/turns/snapshots.ts';
import { startTurn } from '../src/turns/start-turn.ts';
import type { NewTurn } from '../src/tasks/task-store.ts';
import type { TurnDeps } from '../src/turns/turn-deps.ts';

/** What the scripted agent does with a prompt. */
export type Script = (prompt: Prompt, signal: AbortSignal) => AsyncIterable<AgentEvent>;

/** The turn path on a real database, with an agent that follows a script and no worktrees. */
export async function createTurnFixture(
  script: Script,
  options: { capacity?: number; agents?: Readonly<Record<string, (options: OpenOptions) => AgentSession>> } = {},
) {
  const database = await createTestDatabase();
  const { sql } = database;
  const log = pino({ level: 'silent' });
  const hub = new Hub(log);
  const broker = new PermissionBroker(sql, hub);
  const liveTurns = new LiveTurns();
  const runnerId = crypto.randomUUID();
  const recorder = new Recorder(sql, log, (turn) => dispatcher.lose(turn.claimed.task.id));
  const deps: TurnDeps = {
    sql,
    hub,
    log,
    broker,
    liveTurns,
    recorder,
    openWorkplace: async ({ project, access }) => ({ cwd: project.path, worktreeId: null, access, notices: [], sharedGit: null }),
    collectChanges: async () => ({ pending: 0, snapshot: null }),
    takeBefore: async () => null,
    takeAfter: async () => null,
    openAgent: async ({ agent }, open) => {
      const session = options.agents?.[agent]?.(open) ?? (agent === 'boocode' ? scriptedSession(script) : null);
      if (session === null) throw new BooError('agent_unavailable', `Cannot start ${agent}: there is no such agent`);
      return { session, transport: agent === 'boocode' ? 'native' : 'acp' };
    },
    readProjectParts: async () => ({ isTrusted: true, mcpServers: [], notices: [] }),
    notifyOf: () => null,
    infos: new ChatInfos({ sql, hub, log, onLearned: () => {} }),
    defaultModelOf: async () => null,
    outputDirOf: () => '/tmp',
  };
  const settleDeps = { ...deps, runnerId, findWorktree: async () => null };
  const dispatcher: Dispatcher = new Dispatcher({
    sql,
    log,
    runnerId,
    capacity: () => ({ total: options.capacity ?? 64, lanes: new Map() }),
    laneOf: () => null,
    defaultModel: () => null,
    run: (claimed, signal, reason, ahead) => runTurn(deps, claimed, signal, reason, ahead),
    onWaiting: (task) => publishTask(hub, task),
    settleOrphans: async (running) => void (await settleTurns(settleDeps, { isStart: false, running })),
  });
  const start = { sql, hub, dispatcher, accepting: new KeyedQueue() };
  const { project } = await insertProject(sql, { path: `/tmp/${crypto.randomUUID()}`, name: 'fixture' });
  return {
    ...deps,
    dispatcher,
    settleDeps,
    start,
    project,
    snapshotOf: snapshotReader({ sql, liveTurns, notices: () => [] }),
    async newChat(access: 'ask' | 'read-only' = 'ask'): Promise<{ chatId: ChatId; sessionId: SessionId }> {
      const session = await insertSession(sql, { projectId: project.id, title: 'S', baseline: 'head', agent: 'boocode', model: null, mode: null, access });
      return { chatId: session.chats[0]!.id, sessionId: session.id };
    },
    send: (chatId: ChatId, text: string, more: Partial<NewTurn> = {}) => startTurn(start, newTurn(chatId, text, more)),
    async [Symbol.asyncDispose]() {
      await dispatcher.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

export function newTurn(chatId: ChatId, text: string, more: Partial<NewTurn> = {}): NewTurn {
  return {
    chatId,
    text,
    attachments: [],
    kind: 'prompt',
    agent: null,
    model: null,
    mode: null,
    access: null,
    priority: 0,
    parentTaskId: null,
    idempotencyKey: null,
    again: null,
    ...more,
  };
}

function scriptedSession(script: Script): AgentSession {
  const gone = Promise.withResolvers<void>();
  return {
    resumeToken: null,
    isResumed: false,
    pid: null,
    isBusy: false,
    canSteer: true,
    closed: gone.promise,
    prompt: (prompt, signal) => script(prompt, signal),
    [Symbol.asyncDispose]: async () => gone.resolve(),
  };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
}
