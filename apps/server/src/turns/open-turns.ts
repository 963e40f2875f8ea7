import type { SessionId, WorktreeId } from '@boocode/contracts/ids.ts';
import type { Capacity } from '../tasks/lane-policy.ts';
import { ChatInfos, type ChatInfosDeps } from './chat-infos.ts';
import { Dispatcher } from './dispatcher.ts';
import { LiveTurns } from './live-turns.ts';
import { publishTask } from './publish-task.ts';
import { Recorder } from './recorder.ts';
import { runTurn } from './run-turn.ts';
import { collectInterrupted, settleTurns } from './settle-turns.ts';
import type { TurnDeps } from './turn-deps.ts';

export interface TurnsOptions extends Omit<TurnDeps, 'liveTurns' | 'recorder' | 'infos'> {
  /** This server process: the owner of the leases of its tasks. */
  readonly runnerId: string;
  /** Hears what an agent offers, for every chat. */
  readonly onLearned: ChatInfosDeps['onLearned'];
  readonly capacity: () => Capacity;
  /** What a task needs of the hardware: a model server's id, or null. */
  readonly laneOf: (task: { readonly agent: string; readonly model: string | null }) => string | null;
  /** The model of tasks that name none, if it is known without asking. */
  readonly defaultModel: () => string | null;
  readonly findWorktree: (sessionId: SessionId) => Promise<WorktreeId | null>;
}

/** Everything that runs turns in this process. */
export interface Turns {
  readonly dispatcher: Dispatcher;
  readonly liveTurns: LiveTurns;
  /** Ends what a dead server left running; to be called once, before anything starts. The worktrees of those turns are read behind `collected`. */
  settleAtStart(): Promise<{ readonly collected: Promise<void> }>;
}

export function openTurns(options: TurnsOptions): Turns {
  const { sql, hub, log, runnerId } = options;
  const liveTurns = new LiveTurns();
  const recorder = new Recorder(sql, log, (turn) => dispatcher.lose(turn.claimed.task.id));
  const infos = new ChatInfos({ sql, hub, log, onLearned: options.onLearned });
  const deps: TurnDeps = { ...options, liveTurns, recorder, infos };
  const settling = { ...deps, runnerId, findWorktree: options.findWorktree };
  const dispatcher: Dispatcher = new Dispatcher({
    sql,
    log,
    runnerId,
    capacity: options.capacity,
    laneOf: options.laneOf,
    defaultModel: options.defaultModel,
    run: (claimed, signal, stopReason, ahead) => runTurn(deps, claimed, signal, stopReason, ahead),
    onWaiting: (task) => publishTask(hub, task),
    settleOrphans: async (running) => collectInterrupted(settling, await settleTurns(settling, { isStart: false, running })),
  });
  return {
    dispatcher,
    liveTurns,
    settleAtStart: async () => ({ collected: collectInterrupted(settling, await settleTurns(settling, { isStart: true, running: [] })) }),
  };
}
