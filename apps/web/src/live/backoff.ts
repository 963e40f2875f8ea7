const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;

/** How long to wait before the next attempt: doubling, bounded, spread by `random` (0 to 1) so that many tabs do not knock at once. */
export function backoffMs(attempt: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return Math.round(delay * (0.75 + random / 4));
}
