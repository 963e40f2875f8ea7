import { useSyncExternalStore } from 'react';
import { X } from 'lucide-react';
import { useLive } from '../live/live-context.tsx';
import { RAIL_ENTRIES } from '../shell/rail-entries.ts';
import { type ShortcutGroup, SHORTCUTS } from '../shell/shortcuts.ts';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { ModalDialog } from '../ui/ModalDialog.tsx';

const GROUPS: readonly ShortcutGroup[] = ['General', 'Go to', 'Session', 'Review', 'Panes and tabs'];

/** Every key that does something, by what it does. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { actions } = useLive();
  useSyncExternalStore(actions.available.subscribe, actions.available.get);
  const keysLabel = useKeysLabel();
  const isThere = (id: string) => !/^go\.(tasks|costs|settings)$/.test(id) || RAIL_ENTRIES.some((entry) => `go.${entry.id}` === id);
  return (
    <ModalDialog label="Keys" onClose={onClose} className="modal-wide">
      {(close) => (
        <>
          <header className="flex items-center border-b border-line px-4 py-2">
            <h2 className="flex-1 text-15 font-semibold">Keys</h2>
            <button type="button" className="btn btn-icon" aria-label="Close" onClick={close}>
              <X size={16} />
            </button>
          </header>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key */}
          <div tabIndex={0} role="region" aria-label="All keys" className="max-h-[70dvh] overflow-y-auto p-4">
            <div className="columns-1 gap-8 md:columns-2">
              {GROUPS.map((group) => (
                <section key={group} aria-label={group} className="mb-4">
                  <h3 className="mb-1 break-after-avoid text-12 font-medium text-fg-1">{group}</h3>
                  <dl>
                    {SHORTCUTS.filter((shortcut) => shortcut.group === group && isThere(shortcut.id) && keysLabel(shortcut.id) !== null).map((shortcut) => (
                      <div key={shortcut.id} className="flex items-baseline justify-between gap-4 py-0.5">
                        <dt>{shortcut.label}</dt>
                        <dd className="shrink-0 font-mono text-12 text-fg-1">{keysLabel(shortcut.id)}</dd>
                      </div>
                    ))}
                  </dl>
                </section>
              ))}
              <section aria-label="In place" className="break-inside-avoid">
                <h3 className="mb-1 text-12 font-medium text-fg-1">In place</h3>
                <dl>
                  {IN_PLACE.map(([keys, what]) => (
                    <div key={keys} className="flex items-baseline justify-between gap-4 py-0.5">
                      <dt>{what}</dt>
                      <dd className="shrink-0 font-mono text-12 text-fg-1">{keys}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            </div>
          </div>
        </>
      )}
    </ModalDialog>
  );
}

const IN_PLACE = [
  ['Enter', 'Send what is written'],
  ['Shift Enter', 'A new line'],
  ['Esc', 'Stop the turn; again while a tool runs'],
  ['A', 'Allow, on a question that has the focus'],
  ['D', 'Deny, on a question that has the focus'],
  ['← → Home End', 'Walk through tabs; resize at a line between panes'],
  ['↑ ↓', 'From line to line, in a review'],
  ['Delete', 'Close the tab that has the focus'],
  ['F2', 'Rename the chat whose tab has the focus'],
  ['Ctrl F', 'Find in the chat that has the focus'],
] as const;
