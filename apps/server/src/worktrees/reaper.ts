import { stat } from 'node:fs/promises';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ReapItem, ReapReport } from '@boocode/contracts/worktree.ts';
import { findStrayEntries, findStrayFolders, type Stray } from './find-strays.ts';
import { noticeDamage } from './notice-damage.ts';
import { decideByLook, decideByRow, type Decision, type ReapLook } from './reap-policy.ts';
import { purgeEmpty, purgeTrashed, recoverTrash, trashWorktree } from './trash-worktree.ts';
import { listTracked, type TrackedWorktree } from './trash-store.ts';
import type { WorktreeDeps } from './worktree-deps.ts';
import { lookAtRisk } from './worktree-risk-report.ts';

const EVERY_MS = 3_600_000;

/** Takes worktrees that nobody needs to the trash, and out of it when their time is over. `reap-policy` decides; here it is looked and done. */
export class Reaper implements AsyncDisposable {
  readonly #deps: WorktreeDeps;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();
  #ranAt: string | null = null;

  constructor(deps: WorktreeDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.runQuietly(), EVERY_MS).unref();
  }

  /** What it would do now, and why. Changes no file and no worktree. */
  async plan(): Promise<ReapReport> {
    const plans = await this.#look();
    return this.#report(plans.map(({ item }) => item));
  }

  /** Does it, one after the other; what cannot be done is kept, with the reason. One run at a time. */
  run(): Promise<ReapReport> {
    const ran = this.#running.then(async () => {
      await recoverTrash(this.#deps);
      const items: ReapItem[] = [];
      for (const plan of await this.#look()) items.push(await this.#carryOut(plan));
      await this.#deps.leases.tidy();
      this.#ranAt = new Date(this.#deps.now()).toISOString();
      return this.#report(items);
    });
    this.#running = ran.then(
      () => {},
      () => {},
    );
    return ran;
  }

  /** For timers: a failure is logged. */
  async runQuietly(): Promise<void> {
    try {
      const { items } = await this.run();
      const done = items.filter(({ action }) => action !== 'keep');
      if (done.length > 0) this.#deps.log.info({ done }, 'worktrees were tidied up');
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'cannot tidy up worktrees: it is tried again in an hour');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #look(): Promise<Plan[]> {
    // What ended a moment ago is still on record until the next beat.
    await this.#deps.leases.beat();
    await noticeDamage(this.#deps);
    const tracked = await listTracked(this.#deps.sql, this.#deps.trashMs);
    const known = new Set<string>(tracked.map(({ item }) => item.id));
    const plans: Plan[] = [];
    for (const each of tracked) plans.push(await planFor(this.#deps, each));
    const strays = [...(await findStrayFolders(this.#deps, known)), ...(await findStrayEntries(this.#deps, known))];
    return [...plans, ...strays.map(planForStray)];
  }

  async #carryOut({ item, act }: Plan): Promise<ReapItem> {
    if (act === null) return item;
    try {
      await act();
      return item;
    } catch (error) {
      this.#deps.log.warn({ err: error, path: item.path }, 'a worktree could not be tidied up');
      return { ...item, action: 'keep', reason: error instanceof BooError ? error.message : 'it could not be moved; the log says more' };
    }
  }

  #report(items: ReapItem[]): ReapReport {
    return { items, ranAt: this.#ranAt, graceMs: this.#deps.graceMs, trashMs: this.#deps.trashMs };
  }
}

interface Plan {
  readonly item: ReapItem;
  readonly act: (() => Promise<unknown>) | null;
}

async function planFor(deps: WorktreeDeps, tracked: TrackedWorktree): Promise<Plan> {
  const { item } = tracked;
  const decision = await decide(deps, tracked);
  const after = decision.afterMs === null ? null : new Date(decision.afterMs).toISOString();
  const path = item.trash?.path ?? item.path;
  const problem = item.problem === null ? '' : `; something is wrong with it: ${item.problem} (its next turn mends it, or \`boocode worktrees repair\`)`;
  return {
    item: { kind: 'worktree', worktreeId: item.id, path, action: decision.action, reason: `${decision.reason}${problem}`, after },
    act: actOf(deps, tracked, decision),
  };
}

function actOf(deps: WorktreeDeps, { item }: TrackedWorktree, { action }: Decision): (() => Promise<unknown>) | null {
  switch (action) {
    case 'keep':
      return null;
    case 'trash':
      return () => trashWorktree(deps, item.id, { by: 'reaper', isForced: false });
    case 'purge':
      return () => purgeTrashed(deps, item.id);
    case 'remove':
      return () => purgeEmpty(deps, item.id);
  }
}

async function decide(deps: WorktreeDeps, { item, sessionId, sessionDeletedAt }: TrackedWorktree): Promise<Decision> {
  const isBusy = sessionId !== null && (await deps.hasUnended({ sessionId }));
  const freeSinceMs = Math.max(Date.parse(item.usedAt), sessionDeletedAt === null ? 0 : Date.parse(sessionDeletedAt));
  const row = {
    state: item.state,
    session: item.sessionId === null ? null : (item.sessionTitle ?? ''),
    freeSinceMs,
    leases: item.leases.map(({ use }) => use),
    isBusy,
    trashedAtMs: item.trash === null ? null : Date.parse(item.trash.at),
  };
  const decision = decideByRow(row, { nowMs: deps.now(), graceMs: deps.graceMs, trashMs: deps.trashMs });
  if (decision !== null) return decision;
  try {
    return decideByLook(await look(deps, item));
  } catch (error) {
    if (!(error instanceof BooError)) throw error;
    return { action: 'keep', reason: `it cannot be looked at: ${error.message}`, afterMs: null };
  }
}

async function look(deps: WorktreeDeps, item: TrackedWorktree['item']): Promise<ReapLook> {
  if ((await stat(item.projectPath).catch(() => null)) === null) throw new BooError('not_found', `its project's folder "${item.projectPath}" is not there`);
  const risk = await lookAtRisk(deps, item);
  if (risk === null) throw new BooError('not_found', 'its project is gone');
  const ours = item.stashes.filter(({ restoredAt }) => restoredAt === null).length;
  return { ...risk, nested: [...risk.nested], ignored: [...risk.ignored], stashes: risk.stashes + ours, skipped: risk.skipped.map(({ path }) => path) };
}

function planForStray({ item, remove }: Stray): Plan {
  return { item, act: remove };
}
