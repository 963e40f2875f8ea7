import type { ModelList, ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { useCallback, useEffect, useReducer } from 'react';
import { useLive, useUser } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';

const LOOK_EVERY_MS = 5_000;

interface Seen {
  readonly list: ModelList | null;
  readonly agents: readonly ProviderSnapshot[] | null;
  readonly problem: string | null;
  readonly isLooking: boolean;
}

/** What is there to work with. While no model server answers it looks again by itself, as long as somebody can see it. */
export function useStartChecks(): Seen & { readonly lookAgain: () => void } {
  const { api } = useLive();
  const { servers } = useUser();
  const [seen, set] = useReducer((now: Seen, next: Partial<Seen>): Seen => ({ ...now, ...next }), {
    list: null,
    agents: null,
    problem: null,
    isLooking: false,
  });
  const isReady = servers.some((server) => !server.demo && server.status === 'ready');
  // Each frame about providers brings the servers anew: then what belongs to them is read again.
  useEffect(() => {
    const reading = new AbortController();
    const { signal } = reading;
    Promise.all([api.listModels({ signal }), api.listProviders({ signal })]).then(
      ([list, { items }]) => set({ list, agents: items, problem: null }),
      (error: unknown) => signal.aborted || set({ problem: sentenceOf(error) }),
    );
    return () => reading.abort();
  }, [api, servers]);
  useEffect(() => {
    if (isReady) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void api.refreshProviders({ body: {} }).catch(() => undefined); // the connection's line says it
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [api, isReady]);
  const lookAgain = useCallback(() => {
    set({ isLooking: true });
    api.refreshProviders({ body: {} }).then(
      () => set({ isLooking: false, problem: null }),
      (error: unknown) => set({ isLooking: false, problem: sentenceOf(error) }),
    );
  }, [api]);
  return { ...seen, lookAgain };
}
