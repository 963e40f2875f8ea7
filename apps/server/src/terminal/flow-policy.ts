/** Output that a client was sent and has not shown yet, from which on nobody hurries for it. */
export const HIGH_BYTES = 384 * 1024;
/** Where a program that was held goes on. */
export const LOW_BYTES = 96 * 1024;
/** A client that lags so far behind the fastest one gets no more output, but a fresh screen when it has caught up. */
export const BEHIND_BYTES = 4 * HIGH_BYTES;

/** What one client has of the output; `isBehind` ones get none until they have shown all that they were sent. */
export interface ClientFlow {
  readonly unshownBytes: number;
  readonly isBehind: boolean;
}

/** Whether the program has to wait: for the fastest of those who follow it. Nobody there: it runs. */
export function decideHold(clients: Iterable<ClientFlow>, isHeld: boolean): boolean {
  const following = [...clients].filter(({ isBehind }) => !isBehind);
  const limit = isHeld ? LOW_BYTES : HIGH_BYTES;
  return following.length > 0 && following.every(({ unshownBytes }) => unshownBytes >= limit);
}
