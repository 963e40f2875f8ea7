import type { Session } from '@boocode/contracts/chat.ts';
import type { LayoutPane } from '@boocode/contracts/layout.ts';
import { Plus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext } from 'react';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { MenuHolderContext } from '../ui/menu-holder.ts';
import { ShortcutHint } from '../ui/ShortcutHint.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { findTab } from './layout-state.ts';
import { PANE_KINDS } from './pane-kinds.tsx';
import { chatTitle } from './tab-face.ts';
import type { PaneActions } from './use-pane-actions.ts';
import type { Panes } from './use-panes.ts';

interface NewTabMenuProps {
  readonly session: Session;
  readonly panes: Panes;
  readonly pane: LayoutPane;
  readonly number: number;
  readonly actions: PaneActions;
}

/** + : a new chat, another kind of tab, or a chat of the session that is not open. */
export function NewTabMenu({ session, panes, pane, number, actions }: NewTabMenuProps) {
  const holder = useContext(MenuHolderContext);
  const keysLabel = useKeysLabel();
  const { layout } = panes;
  const closed = session.chats.flatMap((chat, index) => (layout !== null && findTab(layout, 'chat', chat.id) === null ? [{ chat, index }] : []));
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="btn btn-small btn-icon shrink-0" aria-label={`New tab in pane ${number}`} title="New tab">
        <Plus size={15} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={holder}>
        <DropdownMenu.Content className="menu" side="bottom" align="start" sideOffset={4} collisionPadding={8} aria-label="New tab">
          {Object.entries(PANE_KINDS).map(([kind, { label, icon: Icon, offer }]) =>
            offer === 'never' ? null : (
              <DropdownMenu.Item key={kind} className="menu-item" onSelect={() => actions.openKind(kind, pane.id)}>
                <Icon size={15} className="mt-0.5" />
                {kind === 'chat' ? 'New chat' : label}
                <ShortcutHint keys={keysLabel(kind === 'chat' ? 'open.new-chat' : `open.${kind}`)} />
              </DropdownMenu.Item>
            ),
          )}
          {closed.length === 0 ? null : <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-12 text-fg-1">Chats of this session</DropdownMenu.Label>}
          {closed.map(({ chat, index }) => (
            <DropdownMenu.Item key={chat.id} className="menu-item" onSelect={() => panes.open('chat', { ref: chat.id }, pane.id)}>
              <span className="grid h-5 w-4 place-items-center">
                <StatusDot status={chat.status} />
              </span>
              <span className="truncate">{chatTitle(chat.title, index)}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
