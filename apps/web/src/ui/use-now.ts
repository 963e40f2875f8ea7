import { useSyncExternalStore } from 'react';

/** The current time to the given step, redrawing the caller when it changes. */
export function useNow(stepMs: number): number {
  return useSyncExternalStore(
    (listener) => {
      const timer = setInterval(listener, stepMs);
      return () => clearInterval(timer);
    },
    () => Math.floor(Date.now() / stepMs) * stepMs,
  );
}
