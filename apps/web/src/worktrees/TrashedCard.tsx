import type { WorktreeItem } from '@boocode/contracts/worktree.ts';
import { Undo2 } from 'lucide-react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { RemoveButton } from '../ui/RemoveButton.tsx';
import { useNow } from '../ui/use-now.ts';
import { timeLeft } from './worktree-words.ts';
import { WorktreeFacts } from './WorktreeFacts.tsx';

/** A worktree in the trash, with the time in which it can be brought back. */
export function TrashedCard({ item, onChange }: { item: WorktreeItem; onChange: () => void }) {
  const { api } = useLive();
  const action = useAction();
  const now = useNow(30_000);
  const params = { id: item.id };
  const title = item.sessionTitle ?? 'worktree';
  const act = (work: () => Promise<unknown>) => void action.run(work).then((isDone) => isDone && onChange());
  const left = item.trash === null ? '' : timeLeft(item.trash.purgeAt, now);
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-start gap-2">
        <WorktreeFacts item={item} status={item.state === 'trashed' ? left : 'Being moved'} />
        <div className="flex shrink-0 items-center gap-1.5">
          <button
            type="button"
            className="btn btn-small btn-line"
            disabled={action.isBusy}
            onClick={() => act(() => api.restoreWorktree({ params, body: {} }))}
          >
            <Undo2 size={14} /> Bring back<span className="sr-only"> {title}</span>
          </button>
          <RemoveButton what={`${title} for good`} isBusy={action.isBusy} onRemove={() => act(() => api.purgeWorktree({ params, body: {} }))} />
        </div>
      </div>
      <ErrorLine message={action.message} />
    </div>
  );
}
