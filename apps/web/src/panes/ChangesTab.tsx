import { ChangesPane } from '../changes/ChangesPane.tsx';
import { useUser } from '../live/live-context.tsx';
import type { PaneProps } from './pane-props.ts';

/** What the session's agent edited. */
export function ChangesTab({ sessionId }: PaneProps) {
  const { sessions } = useUser();
  const session = sessions.find((other) => other.id === sessionId);
  return session === undefined ? null : <ChangesPane session={session} />;
}
