import type { TaskId } from '@boocode/contracts/ids.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';

/** What a turn was asking when it was interrupted: nobody can answer it any more. Nothing where it asked nothing. */
export function ExpiredQuestions({ taskId }: { taskId: TaskId }) {
  const { api } = useLive();
  const [expired, setExpired] = useState<readonly Permission[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    api.listPermissions({ query: { state: 'all', limit: 200 }, signal: leaving.signal }).then(
      ({ items }) => setExpired(items.filter((item) => item.taskId === taskId && item.state === 'expired')),
      () => undefined, // what waits is said without it
    );
    return () => leaving.abort();
  }, [api, taskId]);
  return expired.map((permission) => (
    <div key={permission.id} className="mt-2 rounded-m border border-dashed border-control px-3 py-2 text-13">
      <p className="text-fg-1">
        It was asking: <span className="font-medium text-fg-0">{permission.title}</span> The question has expired; it is asked again if the agent goes on and
        still needs it.
      </p>
      <p className="mt-1 line-clamp-3 font-mono text-12 text-fg-1 [overflow-wrap:anywhere]">{permission.subject}</p>
    </div>
  ));
}
