import type { Shortcuts } from '@boocode/contracts/settings.ts';
import { useState } from 'react';
import { keysLabel, keysOf, SHORTCUTS, type Shortcut, wordOf } from '../shell/shortcuts.ts';
import { isMac } from '../shell/use-keys-label.ts';
import { Section } from './Section.tsx';

/** Every action that can have a key, and the keys a person chose instead. */
export function ShortcutsSection({ chosen, onChange }: { chosen: Shortcuts; onChange: (shortcuts: Shortcuts) => void }) {
  const [edited, setEdited] = useState<string | null>(null);
  const groups = [...new Set(SHORTCUTS.map((shortcut) => shortcut.group))];
  const give = (id: string, keys: string | null) => {
    setEdited(null);
    onChange({ ...chosen, [id]: keys });
  };
  const reset = (id: string) => onChange(Object.fromEntries(Object.entries(chosen).filter(([other]) => other !== id)));
  return (
    <Section id="keys" title="Keys" lead="Press the new keys where it says so. Backspace leaves an action without a key, Escape leaves it as it was.">
      {groups.map((group) => (
        <div key={group}>
          <h3 className="mb-1 text-12 font-medium text-fg-2">{group}</h3>
          <ul aria-label={`Keys: ${group}`} className="divide-y divide-line rounded-l border border-line-2">
            {SHORTCUTS.filter((shortcut) => shortcut.group === group).map((shortcut) => (
              <li key={shortcut.id} className="flex min-h-10 flex-wrap items-center gap-2 px-3.5 py-1">
                <span className="min-w-0 flex-1">{shortcut.label}</span>
                <Clash shortcut={shortcut} chosen={chosen} />
                <KeyButton
                  shortcut={shortcut}
                  keys={keysOf(shortcut, chosen)}
                  isEdited={edited === shortcut.id}
                  onEdit={() => setEdited(shortcut.id)}
                  onKeys={(keys) => give(shortcut.id, keys)}
                  onLeave={() => setEdited(null)}
                />
                {chosen[shortcut.id] === undefined ? null : (
                  <button type="button" className="btn btn-small" onClick={() => reset(shortcut.id)}>
                    Reset<span className="sr-only"> {shortcut.label}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Section>
  );
}

interface KeyButtonProps {
  readonly shortcut: Shortcut;
  readonly keys: string | null;
  readonly isEdited: boolean;
  readonly onEdit: () => void;
  readonly onKeys: (keys: string | null) => void;
  readonly onLeave: () => void;
}

function KeyButton({ shortcut, keys, isEdited, onEdit, onKeys, onLeave }: KeyButtonProps) {
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (!isEdited || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    const word = wordOf(event.nativeEvent);
    if (event.key === 'Escape') onLeave();
    else if (event.key === 'Backspace') onKeys(null);
    else if (word !== null) onKeys(word);
  };
  return (
    <button
      type="button"
      className={`btn btn-small min-w-24 font-mono !text-12 ${isEdited ? 'btn-accent-line' : 'btn-line'}`}
      aria-label={`${shortcut.label}: ${isEdited ? 'press the new keys' : keys === null ? 'no key' : keysLabel(keys, isMac)}`}
      onClick={onEdit}
      onKeyDown={onKeyDown}
      onBlur={onLeave}
      data-keys={isEdited ? 'capture' : undefined}
    >
      {isEdited ? 'Press keys' : keys === null ? 'no key' : keysLabel(keys, isMac)}
    </button>
  );
}

/** Says it when two actions have the same keys: the first in the table wins. */
function Clash({ shortcut, chosen }: { shortcut: Shortcut; chosen: Shortcuts }) {
  const keys = keysOf(shortcut, chosen);
  const other = keys === null ? undefined : SHORTCUTS.find((candidate) => candidate.id !== shortcut.id && keysOf(candidate, chosen) === keys);
  return other === undefined ? null : <span className="text-12 text-warn">also: {other.label}</span>;
}
