import type { Access } from '@boocode/contracts/access.ts';

/** A task in the queue as the policy sees it. `lane` is what it needs of the hardware: a model server's id, or null for nothing. */
export interface Waiting {
  readonly id: string;
  readonly chatId: string;
  readonly sessionId: string;
  readonly access: Access;
  readonly priority: number;
  readonly position: number;
  readonly createdAt: number;
  readonly lane: string | null;
}

export interface Running {
  readonly chatId: string;
  readonly sessionId: string;
  readonly access: Access;
  readonly lane: string | null;
  /** It waits for a person: it keeps its chat and its worktree, but holds no slot. */
  readonly isBlocked: boolean;
}

export interface Capacity {
  readonly total: number;
  /** Slots per lane; a lane that is not named has no limit of its own. */
  readonly lanes: ReadonlyMap<string, number>;
}

export interface LaneDecision {
  /** In this order. */
  readonly start: readonly string[];
  /** Why each of the others waits: a sentence for the person. */
  readonly waits: ReadonlyMap<string, string>;
}

/**
 * Decides what runs next. A chat's messages run in their order, one at a time; a session's writing turns one at a time, since they share a
 * worktree; then priority, then age. Pure: the claim itself is decided by the database.
 */
export function decideLanes(waiting: readonly Waiting[], running: readonly Running[], capacity: Capacity): LaneDecision {
  const busyChats = new Set(running.map((task) => task.chatId));
  const busyTrees = new Set(running.filter((task) => task.access !== 'read-only').map((task) => task.sessionId));
  const used = new Map<string, number>();
  let total = 0;
  for (const task of running) {
    if (task.isBlocked) continue;
    total++;
    if (task.lane !== null) used.set(task.lane, (used.get(task.lane) ?? 0) + 1);
  }
  const first = new Map<string, number>();
  for (const task of waiting) first.set(task.chatId, Math.min(task.position, first.get(task.chatId) ?? task.position));
  const start: string[] = [];
  const waits = new Map<string, string>();
  for (const task of waiting.toSorted(byPriorityAndAge)) {
    const reason = reasonToWait(task);
    if (reason !== null) {
      waits.set(task.id, reason);
      continue;
    }
    start.push(task.id);
    busyChats.add(task.chatId);
    if (task.access !== 'read-only') busyTrees.add(task.sessionId);
    total++;
    if (task.lane !== null) used.set(task.lane, (used.get(task.lane) ?? 0) + 1);
  }
  return { start, waits };

  function reasonToWait(task: Waiting): string | null {
    if (busyChats.has(task.chatId) || task.position !== first.get(task.chatId)) return 'the turn before it in this chat';
    if (task.access !== 'read-only' && busyTrees.has(task.sessionId)) return "another chat's turn that writes in this session's worktree";
    if (total >= capacity.total) return `a free place: ${capacity.total} turns run already`;
    const slots = task.lane === null ? undefined : capacity.lanes.get(task.lane);
    if (task.lane !== null && slots !== undefined && (used.get(task.lane) ?? 0) >= slots) return `a free slot of the model server "${task.lane}"`;
    return null;
  }
}

function byPriorityAndAge(a: Waiting, b: Waiting): number {
  return b.priority - a.priority || a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
