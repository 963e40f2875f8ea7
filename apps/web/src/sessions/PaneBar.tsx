import type { Session } from '@boocode/contracts/chat.ts';
import { type LayoutTab, listPanes } from '@boocode/contracts/layout.ts';
import { Ellipsis, Plus, Search } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext } from 'react';
import { useLive } from '../live/live-context.tsx';
import { frontTab } from '../panes/layout-state.ts';
import { PANE_KINDS } from '../panes/pane-kinds.tsx';
import { faceOf } from '../panes/tab-face.ts';
import type { Panes } from '../panes/use-panes.ts';
import { MenuHolderContext } from '../ui/menu-holder.ts';
import { StatusDot } from '../ui/StatusDot.tsx';

/** Where there is room for one pane only: the kinds of tabs, and behind More every tab there is. */
export function PaneBar({ session, panes }: { session: Session; panes: Panes }) {
  const { actions, overlay } = useLive();
  const holder = useContext(MenuHolderContext);
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
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="pane-bar-button text-fg-1">
          <Ellipsis size={19} />
          <span>More</span>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal container={holder}>
          <DropdownMenu.Content className="menu" side="top" align="end" sideOffset={6} collisionPadding={8} aria-label="More">
            <DropdownMenu.Item className="menu-item" onSelect={() => overlay.set({ kind: 'palette' })}>
              <Search size={15} className="mt-0.5" /> Search or run a command
            </DropdownMenu.Item>
            <DropdownMenu.Item className="menu-item" onSelect={() => actions.run('open.new-chat')}>
              <Plus size={15} className="mt-0.5" /> New chat
            </DropdownMenu.Item>
            <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-12 text-fg-1">Open tabs</DropdownMenu.Label>
            {tabs.map((tab) => {
              const face = faceOf(tab, session);
              const Icon = face.icon;
              return (
                <DropdownMenu.Item key={tab.id} className="menu-item" onSelect={() => panes.arrange({ type: 'show', tab: tab.id })}>
                  <span className="grid h-5 w-4 place-items-center">{face.status === null ? <Icon size={14} /> : <StatusDot status={face.status} />}</span>
                  <span className={`truncate ${tab.id === front?.id ? 'font-semibold text-fg-0' : ''}`}>{face.title}</span>
                </DropdownMenu.Item>
              );
            })}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </nav>
  );
}
