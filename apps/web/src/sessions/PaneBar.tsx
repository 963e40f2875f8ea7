import type { Session } from '@boocode/contracts/chat.ts';
import { type LayoutTab, listPanes } from '@boocode/contracts/layout.ts';
import { Ellipsis, Plus, Search } from 'lucide-react';
import { useLive } from '../live/live-context.tsx';
import { ChatMenuItems } from '../panes/ChatMenuItems.tsx';
import { frontTab } from '../panes/layout-state.ts';
import { PANE_KINDS } from '../panes/pane-kinds.tsx';
import { faceOf } from '../panes/tab-face.ts';
import type { Panes } from '../panes/use-panes.ts';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';

/** Where there is room for one pane only: the kinds of tabs, and behind More every tab there is. */
export function PaneBar({ session, panes }: { session: Session; panes: Panes }) {
  const { actions, overlay } = useLive();
  const { layout } = panes;
  const front = layout === null ? null : frontTab(layout);
  const tabs: readonly LayoutTab[] = layout === null ? [] : listPanes(layout.root).flatMap((pane) => pane.tabs);
  return (
    <nav aria-label="Panes" className="flex border-t border-line bg-bg-0 pb-[env(safe-area-inset-bottom)]">
      {Object.entries(PANE_KINDS).map(([kind, { label, icon: Icon, isInBar }]) =>
        isInBar ? (
          <button
            key={kind}
            type="button"
            aria-pressed={front?.kind === kind}
            onClick={() => actions.run(`open.${kind}`)}
            className={`pane-bar-button ${front?.kind === kind ? 'text-accent-text' : 'text-fg-1'}`}
          >
            <Icon size={19} />
            <span>
              {label}
              {kind === 'changes' && session.pendingChanges > 0 ? (
                <span className="ml-1.5 rounded-full bg-bg-3 px-1.5 text-11 font-bold text-fg-0">{session.pendingChanges}</span>
              ) : null}
            </span>
          </button>
        ) : null,
      )}
      <Menu
        label="More"
        side="top"
        align="end"
        trigger={{
          className: 'pane-bar-button text-fg-1',
          children: (
            <>
              <Ellipsis size={19} />
              <span>More</span>
            </>
          ),
        }}
      >
        <MenuItem onSelect={() => overlay.set({ kind: 'palette' })}>
          <Search size={15} className="mt-0.5" /> Search or run a command
        </MenuItem>
        <MenuItem onSelect={() => actions.run('open.new-chat')}>
          <Plus size={15} className="mt-0.5" /> New chat
        </MenuItem>
        <ChatMenuItems />
        <p className="px-2.5 pt-2 pb-1 text-12 text-fg-1">Open tabs</p>
        {tabs.map((tab) => {
          const face = faceOf(tab, session);
          const Icon = face.icon;
          return (
            <MenuItem key={tab.id} onSelect={() => panes.arrange({ type: 'show', tab: tab.id })}>
              <span className="grid h-5 w-4 place-items-center">{face.status === null ? <Icon size={14} /> : <StatusDot status={face.status} />}</span>
              <span className={`truncate ${tab.id === front?.id ? 'font-semibold text-fg-0' : ''}`}>{face.title}</span>
            </MenuItem>
          );
        })}
      </Menu>
    </nav>
  );
}
