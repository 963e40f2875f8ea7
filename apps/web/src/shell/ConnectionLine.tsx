import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Connection } from '../live/live-socket.ts';
import type { UserState } from '../live/user-state.ts';
import { useConnection, useLive, useUser } from '../live/live-context.tsx';

const PATIENCE_MS = 600;

/** An honest line when the server is away, and the server's own troubles. */
export function ConnectionLine() {
  const { update } = useLive();
  const connection = useConnection();
  const hasUpdate = useSyncExternalStore(update.isReady.subscribe, update.isReady.get);
  const { notices, isLoaded, isCurrent } = useUser();
  const isAway = connection === 'offline' || connection === 'restarting' || (connection === 'connecting' && !isLoaded);
  const isOutdated = connection === 'outdated';
  if (!isAway && !isOutdated && !hasUpdate && notices.length === 0) return null;
  return (
    <div role="status" className="divide-y divide-line bg-bg-2 text-13">
      {isOutdated || hasUpdate ? <Updated isOutdated={isOutdated} /> : null}
      {isAway ? <Away words={wordsOf(connection, { isLoaded, isCurrent })} /> : null}
      {notices.map((notice) => (
        <p key={notice.code} className="flex min-h-9 items-center justify-center gap-2 px-3 py-1.5 text-center">
          <span className="dot dot-blocked" /> {notice.text}
        </p>
      ))}
    </div>
  );
}

/** Lies over the page, so that nothing jumps; on a phone below its buttons. */
const PILL =
  'appear fixed top-2 max-md:top-15 left-1/2 z-30 flex min-h-9 w-max max-w-[calc(100vw-16px)] -translate-x-1/2 items-center gap-2.5 rounded-l md:rounded-full border border-line-2 bg-bg-2 px-4 py-1.5 shadow-(--shadow)';

/** A newer page is there. It waits for a person: nothing is reloaded under their hands. */
function Updated({ isOutdated }: { isOutdated: boolean }) {
  const { update } = useLive();
  const [isLater, setIsLater] = useState(false);
  if (isLater && !isOutdated) return null;
  return (
    <p className={`${PILL} md:pr-1.5`}>
      <span className="min-w-0">
        {isOutdated
          ? 'BooCode was updated. Reload this page to go on; what you wrote is kept.'
          : 'A newer version of this page is here. Reload when it suits you; what you wrote is kept.'}
      </span>
      <button type="button" className="btn btn-small btn-line shrink-0 md:rounded-full" onClick={() => void update.reload()}>
        Reload
      </button>
      {isOutdated ? null : (
        <button type="button" className="btn btn-small shrink-0 md:rounded-full" onClick={() => setIsLater(true)}>
          Later
        </button>
      )}
    </p>
  );
}

/** Only after a moment: most reconnects nobody would notice. */
function Away({ words }: { words: string }) {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate) return null;
  return (
    <p className={`${PILL} pointer-events-none`}>
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
