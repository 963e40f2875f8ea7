import type { Session } from '@boocode/contracts/chat.ts';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useContext } from 'react';
import { useLive } from '../live/live-context.tsx';
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
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={`btn btn-small btn-icon ${className}`} aria-label={`Session ${session.title}`} title="Rename, delete">
        <Ellipsis size={15} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={holder}>
        <DropdownMenu.Content className="menu" side="bottom" align="start" sideOffset={4} collisionPadding={8} aria-label="Session">
          <DropdownMenu.Item className="menu-item" onSelect={open('rename_session')}>
            <Pencil size={15} className="mt-0.5" /> Rename
          </DropdownMenu.Item>
          <DropdownMenu.Item className="menu-item" onSelect={open('delete_session')}>
            <Trash2 size={15} className="mt-0.5" /> Delete
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
