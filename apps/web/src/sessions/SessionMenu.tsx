import type { Session } from '@boocode/contracts/chat.ts';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useContext } from 'react';
import { useLive } from '../live/live-context.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { MenuHolderContext } from '../ui/menu-holder.ts';

/** What one can do with a session as a whole. */
export function SessionMenu({ session, className = '' }: { session: Session; className?: string }) {
  const { overlay } = useLive();
  const holder = useContext(MenuHolderContext);
  const open = (kind: 'rename_session' | 'delete_session') => () => {
    // in the drawer of a phone the dialog comes after it
    holder?.closest('dialog')?.close();
    overlay.set({ kind, sessionId: session.id });
  };
  return (
    <Menu
      label="Session"
      trigger={{
        className: `btn btn-small btn-icon ${className}`,
        'aria-label': `Session ${session.title}`,
        title: 'Rename, delete',
        children: <Ellipsis size={15} />,
      }}
    >
      <MenuItem onSelect={open('rename_session')}>
        <Pencil size={15} className="mt-0.5" /> Rename
      </MenuItem>
      <MenuItem onSelect={open('delete_session')}>
        <Trash2 size={15} className="mt-0.5" /> Delete
      </MenuItem>
    </Menu>
  );
}
