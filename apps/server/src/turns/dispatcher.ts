import type { TaskId } from '@boocode/contracts/ids.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { type Capacity, decideLanes } from '../tasks/lane-policy.ts';
import { type Claim, type ClaimedTask, claimTask, findCancelRequests, type QueueRow, readQueue, renewLeases, updateWaitsFor } from '../tasks/task-store.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { ContextAhead } from './read-context.ts';
import type { StopReason } from './run-turn.ts';

const POLL_MS = 2_000;
const LEASE_MS = 15_000;
const HEARTBEAT_MS = 4_000;
/** How long running turns may take to end when the server stops. */
const SHUTDOWN_MS = 8_000;

export interface DispatcherDeps {
  readonly sql: Sql;
  readonly log: Logger;
  /** This process among all that take tasks from the database. */
  readonly runnerId: string;
  readonly capacity: () => Capacity;
  /** The model of tasks that name none, if it is known without asking. */
  readonly defaultModel: () => string | null;
  /** What a task needs of the hardware: a model server's id, or null. */
  readonly laneOf: (task: { readonly agent: string; readonly model: string | null }) => string | null;
  readonly run: (claimed: ClaimedTask, signal: AbortSignal, stopReason: () => StopReason | null, ahead: ContextAhead) => Promise<void>;
  readonly onWaiting: (task: Task) => void;
  /** Ends tasks that nobody runs, though not those `running` here, and pending ones that somebody cancelled. */
  readonly settleOrphans: (running: readonly TaskId[]) => Promise<void>;
}

interface RunningTurn {
  readonly controller: AbortController;
  readonly done: Promise<void>;
  reason: StopReason | null;
}

/**
 * Takes tasks from the queue and runs them; knows no agents. Woken directly after a commit in this process, by a notification from any other,
 * and by a slow poll as a net.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #running = new Map<TaskId, RunningTurn>();
  readonly #timers: NodeJS.Timeout[] = [];
  #unlisten: (() => Promise<void>) | null = null;
  #scanning: Promise<void> | null = null;
  #isScanWanted = false;
  #isStopped = false;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  /** Begins to take tasks. */
  async start(): Promise<void> {
    const { sql, log } = this.#deps;
    const { unlisten } = await sql.listen('tasks', (id) => this.#onNotification(id));
    this.#unlisten = unlisten;
    this.#timers.push(
      setInterval(() => this.wake(), POLL_MS),
      setInterval(() => void this.#renew().catch((error: unknown) => log.warn({ err: error }, 'cannot renew leases')), HEARTBEAT_MS),
    );
    this.wake();
  }

  /** Looks at the queue soon. Cheap to call often. */
  wake(): void {
    this.#isScanWanted = true;
    if (this.#scanning !== null || this.#isStopped) return;
    this.#scanning = this.#scanAll().finally(() => {
      this.#scanning = null;
      if (this.#isScanWanted) this.wake(); // asked for between the last look and this moment
    });
  }

  /** What a new turn may be claimed with as it is accepted; null when there is no room for it now, or when its lane has to be looked at. */
  claimFor(turn: { readonly model: string | null }): Claim | null {
    const { total, lanes } = this.#deps.capacity();
    if (this.#isStopped || this.#running.size >= total || lanes.size > 0) return null;
    return { owner: this.#deps.runnerId, leaseMs: LEASE_MS, defaultModel: turn.model ?? this.#deps.defaultModel() };
  }

  /** Runs a turn that was claimed with its acceptance. `ahead`: what was read beside it. */
  adopt(claimed: ClaimedTask, ahead: ContextAhead): void {
    this.#run(claimed, ahead);
  }

  /** Aborts the task if it runs here. */
  cancel(id: TaskId): boolean {
    return this.#abort(id, 'cancel');
  }

  /** Resolves when the task does not run here (any more). */
  async ended(id: TaskId): Promise<void> {
    await this.#running.get(id)?.done;
  }

  /** Takes no more; ends what runs, which is then written as interrupted. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#unlisten?.().catch(() => {}); // the connection may be gone already
    await this.#scanning;
    const turns = [...this.#running.keys()];
    for (const id of turns) this.#abort(id, 'shutdown');
    const all = Promise.all([...this.#running.values()].map((turn) => turn.done));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, SHUTDOWN_MS);
    await Promise.race([all, late]);
    clearTimeout(timer);
  }

  #onNotification(id: string): void {
    const running = [...this.#running.keys()].find((known) => known === id);
    if (running === undefined) return this.wake();
    findCancelRequests(this.#deps.sql, [running]).then(
      (ids) => ids.forEach((cancelled) => this.#abort(cancelled, 'cancel')),
      (error: unknown) => this.#deps.log.warn({ err: error }, 'cannot read cancel requests'),
    );
  }

  async #scanAll(): Promise<void> {
    while (this.#isScanWanted && !this.#isStopped) {
      this.#isScanWanted = false;
      try {
        await this.#deps.settleOrphans([...this.#running.keys()]);
        await this.#scan();
      } catch (error) {
        this.#deps.log.warn({ err: error }, 'cannot read the queue: the poll tries again');
      }
    }
  }

  async #scan(): Promise<void> {
    const queue = await readQueue(this.#deps.sql);
    const withLane = queue.map((row) => ({ ...row, lane: this.#deps.laneOf(row), isBlocked: row.state === 'blocked' }));
    const { start, waits } = decideLanes(
      withLane.filter((row) => row.state === 'pending'),
      withLane.filter((row) => row.state !== 'pending'),
      this.#deps.capacity(),
    );
    for (const id of start) {
      const row = queue.find((candidate) => candidate.id === id);
      if (row !== undefined && !this.#isStopped) await this.#claim(row.id);
    }
    await this.#sayWaits(queue, waits);
  }

  async #sayWaits(queue: readonly QueueRow[], waits: ReadonlyMap<string, string>): Promise<void> {
    for (const row of queue) {
      const reason = waits.get(row.id);
      if (reason === undefined || reason === row.waitsFor) continue;
      const task = await updateWaitsFor(this.#deps.sql, row.id, reason);
      if (task !== null) this.#deps.onWaiting(task);
    }
  }

  async #claim(id: TaskId): Promise<boolean> {
    if (this.#running.has(id)) return true;
    const claimed = await claimTask(this.#deps.sql, id, this.#deps.runnerId, LEASE_MS);
    if (claimed === null) return false;
    this.#run(claimed, null);
    return true;
  }

  #run(claimed: ClaimedTask, ahead: ContextAhead): void {
    const { id } = claimed.task;
    const controller = new AbortController();
    const turn: RunningTurn = {
      controller,
      reason: null,
      done: this.#deps
        .run(claimed, controller.signal, () => turn.reason, ahead)
        .finally(() => {
          this.#running.delete(id);
          this.wake();
        }),
    };
    this.#running.set(id, turn);
    if (this.#isStopped) this.#abort(id, 'shutdown');
  }

  #abort(id: TaskId, reason: StopReason): boolean {
    const turn = this.#running.get(id);
    if (turn === undefined) return false;
    turn.reason ??= reason;
    turn.controller.abort();
    return true;
  }

  async #renew(): Promise<void> {
    const lost = await renewLeases(this.#deps.sql, this.#deps.runnerId, [...this.#running.keys()], LEASE_MS);
    for (const id of lost) this.#abort(id, 'lost');
    for (const id of await findCancelRequests(this.#deps.sql, [...this.#running.keys()])) this.#abort(id, 'cancel');
  }

  /** The recorder found that a turn's task is no longer ours. */
  lose(id: TaskId): void {
    this.#abort(id, 'lost');
  }
}
