import { ChangesPane } from '../changes/ChangesPane.tsx';
import { useUser } from '../live/live-context.tsx';
import type { PaneProps } from './pane-props.ts';

/** What the session's agent edited. */
export function ChangesTab({ sessionId, isActive, onOpen }: PaneProps) {
  const { sessions } = useUser();
  const session = sessions.find((other) => other.id === sessionId);
  if (session === undefined) return null;
  return (
    <section aria-label="Changes" className="flex min-h-0 flex-1 flex-col">
      <ChangesPane session={session} isActive={isActive} onOpen={onOpen} />
    </section>
  );
}
