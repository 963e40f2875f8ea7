import type { Session } from '@boocode/contracts/chat.ts';
import { Columns2, Search } from 'lucide-react';
import { useLive } from '../live/live-context.tsx';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { StatusDot } from '../ui/StatusDot.tsx';
import { SessionMenu } from './SessionMenu.tsx';

/** Above the panes: which session this is, the search, and one more pane. */
export function SessionBar({ session }: { session: Session }) {
  const { actions, overlay } = useLive();
  const keysLabel = useKeysLabel();
  const search = keysLabel('palette');
  const split = keysLabel('pane.split-right');
  return (
    <header className="flex min-h-(--bar) items-center gap-2 pb-1.5 pl-2 max-md:hidden">
      <StatusDot status={session.status} />
      <h1 className="min-w-0 truncate font-semibold">{session.title}</h1>
      <SessionMenu session={session} />
      <span className="flex-1" />
      <button
        type="button"
        className="btn btn-small btn-line min-w-0 !font-normal text-fg-1 lg:w-72 lg:!justify-start"
        aria-keyshortcuts="Control+K"
        title={search ?? undefined}
        onClick={() => overlay.set({ kind: 'palette' })}
      >
        <Search size={14} className="shrink-0" />
        <span className="truncate max-lg:sr-only">Search or run a command</span>
        {search === null ? null : (
          <span aria-hidden="true" className="kbd ml-auto max-lg:hidden">
            {search}
          </span>
        )}
      </button>
      <button
        type="button"
        className="btn btn-small max-lg:hidden"
        title={split === null ? 'Split right' : `Split right (${split})`}
        onClick={() => actions.run('pane.split-right')}
      >
        <Columns2 size={15} /> New pane
      </button>
    </header>
  );
}
