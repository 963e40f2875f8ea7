import { useConnection } from '../live/live-context.tsx';
import type { Connection } from '../live/live-socket.ts';

const WORDS: Record<Connection, string> = {
  connecting: 'Connecting to BooCode',
  online: 'Connected to BooCode',
  offline: 'BooCode cannot be reached; trying again',
  restarting: 'BooCode is restarting; agents are kept',
  signed_out: 'Signed out',
  outdated: 'This page is older than BooCode; reload it',
};

/** Whether what is shown is live. */
export function ConnectionDot() {
  const connection = useConnection();
  const look = connection === 'online' ? 'dot-done' : connection === 'connecting' || connection === 'restarting' ? 'dot-queued' : 'dot-error';
  return <span role="img" aria-label={WORDS[connection]} title={WORDS[connection]} className={`dot ml-2 @max-[280px]/prompt:ml-1 ${look}`} />;
}
