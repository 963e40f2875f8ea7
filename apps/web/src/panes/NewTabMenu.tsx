import type { Session } from '@boocode/contracts/chat.ts';
import type { LayoutPane } from '@boocode/contracts/layout.ts';
import { Plus } from 'lucide-react';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { Menu, MenuItem } from '../ui/Menu.tsx';
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
  const keysLabel = useKeysLabel();
  const { layout } = panes;
  const closed = session.chats.flatMap((chat, index) => (layout !== null && findTab(layout, 'chat', chat.id) === null ? [{ chat, index }] : []));
  return (
    <Menu
      label="New tab"
      trigger={{
        className: 'btn btn-small btn-icon shrink-0',
        'aria-label': `New tab in pane ${number}`,
        title: 'New tab',
        children: <Plus size={15} />,
      }}
    >
      {Object.entries(PANE_KINDS).map(([kind, { label, icon: Icon, offer }]) =>
        offer === 'never' ? null : (
          <MenuItem key={kind} onSelect={() => actions.openKind(kind, pane.id)}>
            <Icon size={15} className="mt-0.5" />
            {kind === 'chat' ? 'New chat' : label}
            <ShortcutHint keys={keysLabel(kind === 'chat' ? 'open.new-chat' : `open.${kind}`)} />
          </MenuItem>
        ),
      )}
      {closed.length === 0 ? null : <p className="px-2.5 pt-2 pb-1 text-12 text-fg-1">Chats of this session</p>}
      {closed.map(({ chat, index }) => (
        <MenuItem key={chat.id} onSelect={() => panes.open('chat', { ref: chat.id }, pane.id)}>
          <span className="grid h-5 w-4 place-items-center">
            <StatusDot status={chat.status} />
          </span>
          <span className="truncate">{chatTitle(chat.title, index)}</span>
        </MenuItem>
      ))}
    </Menu>
  );
}
