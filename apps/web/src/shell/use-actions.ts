import { useEffect, useRef } from 'react';
import { useLive } from '../live/live-context.tsx';

/** Offers actions to keys, menus and the palette for as long as the component is there. The set of ids must not change; pass null to offer nothing. */
export function useActions(actions: Readonly<Record<string, () => unknown>> | null): void {
  const live = useLive();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const ids = actions === null ? '' : Object.keys(actions).join(' ');
  useEffect(() => {
    if (ids === '') return;
    return live.actions.offer(Object.fromEntries(ids.split(' ').map((id) => [id, () => latest.current?.[id]?.()])));
  }, [live, ids]);
}
