import type { ChangesPreview } from '@boocode/contracts/change.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { type Choice, choiceKey } from './hunk-choice.ts';

/** Events come in bursts: a choice is looked at when it has settled. */
const SETTLE_MS = 150;

/**
 * What an apply of the choice would do, asked ahead: when the choice or `stamp` changes, and when somebody comes back to the page, because the folder may
 * have changed meanwhile. Null while it is not known of this choice; the last answer stays while the same choice is asked about again.
 */
export function useChangesPreview(sessionId: SessionId, choice: Choice | null, stamp: string): ChangesPreview | null {
  const { api } = useLive();
  const [known, setKnown] = useState<{ readonly key: string; readonly preview: ChangesPreview } | null>(null);
  const [returns, setReturns] = useState(0);
  const key = choice === null ? '' : choiceKey(choice);
  useEffect(() => {
    const onReturn = () => document.visibilityState === 'visible' && setReturns((count) => count + 1);
    addEventListener('focus', onReturn);
    document.addEventListener('visibilitychange', onReturn);
    return () => {
      removeEventListener('focus', onReturn);
      document.removeEventListener('visibilitychange', onReturn);
    };
  }, []);
  useEffect(() => {
    if (choice === null) return;
    const life = new AbortController();
    const timer = setTimeout(() => {
      api.previewChanges({ params: { id: sessionId }, body: { ...choice, action: 'apply' }, signal: life.signal }).then(
        (preview) => !life.signal.aborted && setKnown({ key, preview }),
        // the apply itself says what is wrong; there is only nothing to show ahead of it
        () => !life.signal.aborted && setKnown(null),
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key says what the choice is
  }, [api, sessionId, key, stamp, returns]);
  return known?.key === key ? known.preview : null;
}
