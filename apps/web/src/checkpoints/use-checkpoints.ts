import type { Checkpoint } from '@boocode/contracts/checkpoint.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { useCallback, useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';

interface Read {
  /** Oldest first; null = not read yet. */
  readonly items: readonly Checkpoint[] | null;
  readonly error: string | null;
}

/** The checkpoints of a session, read again whenever the server says that they are others. */
export function useCheckpoints(id: SessionId): Read & { readonly load: () => void } {
  const { api, user } = useLive();
  const [read, setRead] = useState<Read>({ items: null, error: null });
  const load = useCallback(() => {
    api.listCheckpoints({ params: { id }, query: { limit: 500 } }).then(
      ({ items }) => setRead({ items, error: null }),
      (error: unknown) => setRead((now) => ({ ...now, error: sentenceOf(error) })),
    );
  }, [api, id]);
  useEffect(() => {
    load();
    return user.onFrame((frame) => {
      if (frame.type === 'user_snapshot' || (frame.type === 'checkpoints_updated' && frame.sessionId === id)) load();
    });
  }, [user, id, load]);
  return { ...read, load };
}
