import type { AgentEvent } from '@boocode/contracts/agent-event.ts';

/** How an agent's running turn stands, as far as its health is concerned. Times are milliseconds since the epoch. */
export interface TurnHealth {
  readonly heardAt: number;
  /** Calls that run: a compiler may say nothing for long. */
  readonly openCalls: ReadonlySet<string>;
  /** Questions that wait for a person. */
  readonly questions: number;
}

export type HealthEvent =
  | { readonly type: 'heard'; readonly event: AgentEvent; readonly at: number }
  | { readonly type: 'asked'; readonly at: number }
  | { readonly type: 'answered'; readonly at: number };

export function beginTurnHealth(at: number): TurnHealth {
  return { heardAt: at, openCalls: new Set(), questions: 0 };
}

/** Folds what happens in a turn. */
export function applyHealthEvent(health: TurnHealth, happened: HealthEvent): TurnHealth {
  const { at } = happened;
  switch (happened.type) {
    case 'asked':
      return { ...health, heardAt: at, questions: health.questions + 1 };
    case 'answered':
      return { ...health, heardAt: at, questions: Math.max(0, health.questions - 1) };
    case 'heard':
      return { ...health, heardAt: at, openCalls: foldCalls(health.openCalls, happened.event) };
  }
}

/** Milliseconds until the turn counts as stuck when nothing more is heard; null while a tool runs or a person is asked: then silence is no sign. */
export function stuckIn(health: TurnHealth, stallMs: number, now: number): number | null {
  if (health.openCalls.size > 0 || health.questions > 0) return null;
  return Math.max(0, health.heardAt + stallMs - now);
}

function foldCalls(open: ReadonlySet<string>, event: AgentEvent): ReadonlySet<string> {
  if (event.type !== 'tool' || event.status === undefined) return open;
  const isOpen = event.status === 'pending' || event.status === 'running';
  if (isOpen === open.has(event.callId)) return open;
  const next = new Set(open);
  if (isOpen) next.add(event.callId);
  else next.delete(event.callId);
  return next;
}

/** How often an agent could not be kept alive lately. */
export interface CrashRecord {
  readonly times: readonly number[];
}

export const NO_CRASHES: CrashRecord = { times: [] };
const WINDOW_MS = 60_000;
const MOST_CRASHES = 3;

export function recordCrash(record: CrashRecord, at: number): CrashRecord {
  return { times: [...record.times, at].filter((time) => at - time < WINDOW_MS) };
}

/** Milliseconds to wait before an agent that crashes again and again is started once more; 0 = now. */
export function restartDelay(record: CrashRecord, now: number): number {
  const recent = record.times.filter((time) => now - time < WINDOW_MS);
  const [oldest] = recent.slice(-MOST_CRASHES);
  return recent.length < MOST_CRASHES || oldest === undefined ? 0 : oldest + WINDOW_MS - now;
}
