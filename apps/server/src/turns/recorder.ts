import type { Part } from '@boocode/contracts/turn-state.ts';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { mapPartRows } from './map-part-rows.ts';
import { writeParts } from './part-store.ts';
import type { LiveTurn } from './live-turn.ts';

/** Shown text is at most this old when it is durable, plus the write itself. */
const INTERVAL_MS = 100;
const RETRY_MS = 500;

/**
 * Writes the parts of all running turns in one statement a few times a second. While the database cannot write (a full disk, a restart) it keeps
 * everything and tries again; nothing is dropped.
 */
export class Recorder {
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #saved = new Map<LiveTurn, readonly Part[]>();
  readonly #dirty = new Set<LiveTurn>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #lastWrite = 0;
  readonly #onLost: (turn: LiveTurn) => void;

  /** `onLost` is called for a turn whose task another runner has taken over. */
  constructor(sql: Sql, log: Logger, onLost: (turn: LiveTurn) => void) {
    this.#sql = sql;
    this.#log = log;
    this.#onLost = onLost;
  }

  /** Notes that the turn's state has changed. */
  mark(turn: LiveTurn): void {
    this.#dirty.add(turn);
    if (this.#timer !== null || this.#writing !== null) return;
    const wait = Math.max(0, this.#lastWrite + INTERVAL_MS - performance.now());
    this.#timer = setTimeout(() => void this.#write(), wait);
  }

  /** Resolves when everything folded so far is durable. Waits as long as the database needs to come back; rejects only when the signal aborts. */
  async flush(turn: LiveTurn, signal: AbortSignal | null): Promise<void> {
    while (this.#isBehind(turn)) {
      signal?.throwIfAborted();
      this.#dirty.add(turn);
      await (this.#writing ?? this.#write());
    }
  }

  forget(turn: LiveTurn): void {
    this.#dirty.delete(turn);
    this.#saved.delete(turn);
  }

  #isBehind(turn: LiveTurn): boolean {
    return this.#dirty.has(turn) || turn.state.parts !== (this.#saved.get(turn) ?? EMPTY);
  }

  #write(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writeOnce().finally(() => {
      this.#writing = null;
      this.#lastWrite = performance.now();
      for (const turn of this.#dirty) this.mark(turn);
    });
    return this.#writing;
  }

  async #writeOnce(): Promise<void> {
    const batch = [...this.#dirty].map((turn) => ({ turn, parts: turn.state.parts }));
    this.#dirty.clear();
    const rows = batch.flatMap(({ turn, parts }) =>
      mapPartRows(this.#saved.get(turn) ?? EMPTY, parts).map((row) => ({
        ...row,
        taskId: turn.claimed.task.id,
        messageId: turn.claimed.task.answerId,
        fence: turn.claimed.fence,
      })),
    );
    try {
      const kept = rows.length === 0 ? new Set<string>() : await writeParts(this.#sql, rows);
      const written = new Set<string>(rows.map((row) => row.taskId));
      for (const { turn, parts } of batch) {
        this.#saved.set(turn, parts);
        if (written.has(turn.claimed.task.id) && !kept.has(turn.claimed.task.id)) this.#onLost(turn);
      }
    } catch (error) {
      for (const { turn } of batch) this.#dirty.add(turn);
      this.#log.warn({ err: error, turns: batch.length }, 'cannot write the timeline yet: kept in memory, trying again');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

const EMPTY: readonly Part[] = [];
