import type { ReapReport, WorktreeItem } from '@boocode/contracts/worktree.ts';
import { useCallback, useEffect, useReducer } from 'react';
import { useConnection, useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { useNow } from '../ui/use-now.ts';

export interface Worktrees {
  readonly items: readonly WorktreeItem[] | null;
  /** What the reaper would do; it comes after the list, since it looks at files. */
  readonly plan: ReapReport | null;
  readonly problem: string | null;
  readonly reload: () => void;
}

type Known = Omit<Worktrees, 'reload'>;

/** The worktrees as the server knows them, read again every half minute: leases and sizes change by themselves. */
export function useWorktrees(): Worktrees {
  const { api } = useLive();
  const isOnline = useConnection() === 'online';
  const tick = useNow(30_000);
  const [known, set] = useReducer((now: Known, change: Partial<Known>) => ({ ...now, ...change }), { items: null, plan: null, problem: null });
  const load = useCallback(
    (signal?: AbortSignal) => {
      const given = signal === undefined ? {} : { signal };
      const read = async () => {
        set({ items: (await api.listWorktrees(given)).items, problem: null });
        set({ plan: await api.planReap(given) });
      };
      read().catch((error: unknown) => signal?.aborted || set({ problem: sentenceOf(error) }));
    },
    [api],
  );
  useEffect(() => {
    const reading = new AbortController();
    load(reading.signal);
    return () => reading.abort();
  }, [load, isOnline, tick]);
  return { ...known, reload: () => load() };
}
