import type { LayoutPane } from '@boocode/contracts/layout.ts';
import { Columns2, Ellipsis, Maximize2, Minimize2, Rows2, X } from 'lucide-react';
import { useLive } from '../live/live-context.tsx';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { ShortcutHint } from '../ui/ShortcutHint.tsx';
import { ChatMenuItems } from './ChatMenuItems.tsx';
import type { Panes } from './use-panes.ts';

interface PaneMenuProps {
  readonly panes: Panes;
  readonly pane: LayoutPane;
  readonly number: number;
  readonly isMaximised: boolean;
  readonly hasOthers: boolean;
}

/** What one can do with a pane: the same as its keys, which the menu shows. */
export function PaneMenu({ panes, pane, number, isMaximised, hasOthers }: PaneMenuProps) {
  const { actions } = useLive();
  const keysLabel = useKeysLabel();
  const item = (id: string, label: string, Icon: typeof X | null) => (
    <MenuItem
      onSelect={() => {
        panes.arrange({ type: 'focus', pane: pane.id }, 'stay');
        actions.run(id);
      }}
    >
      {Icon === null ? <span className="w-[15px]" /> : <Icon size={15} className="mt-0.5" />}
      {label}
      <ShortcutHint keys={keysLabel(id)} />
    </MenuItem>
  );
  const canMove = pane.tabs.length > 1 || hasOthers;
  return (
    <Menu
      label={`Pane ${number}`}
      align="end"
      trigger={{
        className: 'btn btn-small btn-icon shrink-0',
        'aria-label': `Pane ${number}`,
        title: 'Split, maximise, close',
        children: <Ellipsis size={15} />,
      }}
    >
      {pane.tabs.find((tab) => tab.id === pane.active)?.kind === 'chat' ? <ChatMenuItems /> : null}
      {item('pane.split-right', 'Split right', Columns2)}
      {item('pane.split-down', 'Split down', Rows2)}
      {hasOthers ? item('pane.maximise', isMaximised ? 'Back to all panes' : 'Maximise', isMaximised ? Minimize2 : Maximize2) : null}
      {canMove && pane.active !== null ? item('tab.move-left', 'Move the tab left', null) : null}
      {canMove && pane.active !== null ? item('tab.move-right', 'Move the tab right', null) : null}
      {pane.tabs.length > 1 ? item('tab.close-others', 'Close the other tabs', null) : null}
      {pane.active === null ? null : item('tab.close', 'Close the tab', X)}
      {hasOthers ? item('pane.close', 'Close the pane', null) : null}
    </Menu>
  );
}
