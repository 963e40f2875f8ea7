/** A conversation that is kept ready, as far as evicting it is concerned. */
export interface WarmEntry {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly lastUsedAt: number;
  /** A turn or a question is open, or the agent or something that it started works. */
  readonly isInUse: boolean;
}

export interface WarmLimits {
  /** How many are kept at most, those in use included; more only while all of them are in use. */
  readonly maxWarm: number;
  readonly idleMs: number;
}

/** Which conversations are to be ended now: idle for too long, and the least recently used of too many. Never one that is in use. */
export function chooseEvicted(entries: readonly WarmEntry[], limits: WarmLimits, now: number): readonly string[] {
  const idle = entries.filter((entry) => !entry.isInUse).toSorted((a, b) => a.lastUsedAt - b.lastUsedAt);
  const expired = idle.filter((entry) => now - entry.lastUsedAt >= limits.idleMs);
  const surplus = Math.max(0, entries.length - expired.length - limits.maxWarm);
  const spare = idle.slice(expired.length, expired.length + surplus);
  return [...expired, ...spare].map((entry) => entry.key);
}
