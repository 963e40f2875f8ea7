import { Pencil, Search, Trash2 } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { MenuItem } from '../ui/Menu.tsx';
import { ShortcutHint } from '../ui/ShortcutHint.tsx';

const ITEMS = [
  ['chat.find', 'Find in the chat', Search],
  ['chat.rename', 'Rename the chat', Pencil],
  ['chat.delete', 'Delete the chat', Trash2],
] as const;

/** What one can do with the chat in front; nothing where another kind of tab is. */
export function ChatMenuItems() {
  const { actions } = useLive();
  const available = useSyncExternalStore(actions.available.subscribe, actions.available.get);
  const keysLabel = useKeysLabel();
  return ITEMS.map(([id, label, Icon]) =>
    available.has(id) ? (
      <MenuItem key={id} onSelect={() => actions.run(id)}>
        <Icon size={15} className="mt-0.5" /> {label}
        <ShortcutHint keys={keysLabel(id)} />
      </MenuItem>
    ) : null,
  );
}
