import { useEffect, useState } from 'react';
import type { Connection } from '../live/live-socket.ts';
import type { UserState } from '../live/user-state.ts';
import { useConnection, useUser } from '../live/live-context.tsx';

const PATIENCE_MS = 600;

/** An honest line when the server is away, and the server's own troubles. */
export function ConnectionLine() {
  const connection = useConnection();
  const { notices, isLoaded, isCurrent } = useUser();
  const isAway = connection === 'offline' || connection === 'restarting' || (connection === 'connecting' && !isLoaded);
  const isOutdated = connection === 'outdated';
  if (!isAway && !isOutdated && notices.length === 0) return null;
  return (
    <div role="status" className="divide-y divide-line bg-bg-2 text-13">
      {isOutdated ? (
        <p className="flex min-h-9 items-center justify-center gap-3 px-3 py-1.5">
          BooCode was updated. Reload this page to go on.
          <button type="button" className="btn btn-small btn-line" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      ) : null}
      {isAway ? <Away words={wordsOf(connection, { isLoaded, isCurrent })} /> : null}
      {notices.map((notice) => (
        <p key={notice.code} className="flex min-h-9 items-center justify-center gap-2 px-3 py-1.5 text-center">
          <span className="dot dot-blocked" /> {notice.text}
        </p>
      ))}
    </div>
  );
}

/** Lies over the page, so that nothing jumps, and only after a moment: most reconnects nobody would notice. */
function Away({ words }: { words: string }) {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate) return null;
  return (
    <p className="appear fixed top-2 left-1/2 z-30 flex min-h-9 w-max max-w-[calc(100vw-16px)] -translate-x-1/2 items-center gap-2.5 rounded-full border border-line-2 bg-bg-2 px-4 py-1.5 shadow-(--shadow)">
      <span className="dot dot-queued" />
      {words}
    </p>
  );
}

/** What is known, and no more: a server that went away without a word may still be running its agents. */
function wordsOf(connection: Connection, { isLoaded, isCurrent }: Pick<UserState, 'isLoaded' | 'isCurrent'>): string {
  if (connection === 'restarting') return 'BooCode stopped or is restarting. What you write is kept; interrupted turns can be continued.';
  if (!isLoaded) return 'Waiting for BooCode to answer. If you stopped it, start it again with npm start.';
  return isCurrent ? 'Reconnecting. Agents keep running.' : 'Reconnecting. This is what was last seen on this device.';
}
