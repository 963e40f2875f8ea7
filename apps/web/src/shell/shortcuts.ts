import type { Shortcuts } from '@boocode/contracts/settings.ts';

export type ShortcutGroup = 'General' | 'Go to' | 'Panes and tabs' | 'Session' | 'Review';

/** Something a key does. `keys`: presses one after the other, `Mod` is Ctrl, on a Mac Cmd; null: no key of its own. */
export interface Shortcut {
  readonly id: string;
  readonly label: string;
  readonly group: ShortcutGroup;
  readonly keys: string | null;
}

/** Every action that can have a key, with the key it has unless a person chose another. None that a browser keeps for itself. */
export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'palette', label: 'Search or run a command', group: 'General', keys: 'Mod+K' },
  { id: 'help', label: 'Show the keys', group: 'General', keys: '?' },
  { id: 'rail', label: 'Hide or show the rail', group: 'General', keys: 'Ctrl+Alt+B' },
  { id: 'undo', label: 'Undo what was done last', group: 'General', keys: 'Ctrl+Alt+Z' },
  { id: 'go.projects', label: 'Projects', group: 'Go to', keys: 'g p' },
  { id: 'go.inbox', label: 'Inbox', group: 'Go to', keys: 'g i' },
  { id: 'go.tasks', label: 'Tasks', group: 'Go to', keys: 'g t' },
  { id: 'go.costs', label: 'Costs', group: 'Go to', keys: 'g c' },
  { id: 'go.worktrees', label: 'Worktrees', group: 'Go to', keys: 'g w' },
  { id: 'go.settings', label: 'Settings', group: 'Go to', keys: 'g s' },
  { id: 'go.next', label: 'Next session that needs you', group: 'Go to', keys: 'g n' },
  { id: 'go.new-session', label: 'New session', group: 'Go to', keys: 'Ctrl+Alt+S' },
  { id: 'open.new-chat', label: 'New chat', group: 'Session', keys: 'Ctrl+Alt+N' },
  { id: 'open.chat', label: 'Chat', group: 'Session', keys: 'Ctrl+Alt+H' },
  { id: 'open.changes', label: 'Changes', group: 'Session', keys: 'Ctrl+Alt+C' },
  { id: 'open.files', label: 'Files', group: 'Session', keys: 'Ctrl+Alt+F' },
  { id: 'open.terminal', label: 'Terminal', group: 'Session', keys: 'Ctrl+`' },
  { id: 'chat.find', label: 'Find in the chat', group: 'Session', keys: 'Ctrl+Alt+G' },
  { id: 'chat.rename', label: 'Rename the chat', group: 'Session', keys: null },
  { id: 'chat.delete', label: 'Delete the chat', group: 'Session', keys: null },
  { id: 'session.stop', label: 'Stop the turn', group: 'Session', keys: null },
  { id: 'session.apply', label: 'Apply all changes', group: 'Session', keys: null },
  { id: 'session.rename', label: 'Rename the session', group: 'Session', keys: null },
  { id: 'session.delete', label: 'Delete the session', group: 'Session', keys: null },
  { id: 'review.next', label: 'Next hunk', group: 'Review', keys: 'j' },
  { id: 'review.previous', label: 'Previous hunk', group: 'Review', keys: 'k' },
  { id: 'review.accept', label: 'Accept the hunk, or take that back', group: 'Review', keys: 'y' },
  { id: 'review.reject', label: 'Reject the hunk', group: 'Review', keys: 'n' },
  { id: 'review.accept-file', label: 'Accept the whole file, or take that back', group: 'Review', keys: 'Y' },
  { id: 'review.accept-all', label: 'Accept all hunks', group: 'Review', keys: null },
  { id: 'review.undo', label: 'Undo the last decision', group: 'Review', keys: 'u' },
  { id: 'review.comment', label: 'Comment on the line', group: 'Review', keys: 'c' },
  { id: 'pane.split-right', label: 'Split right', group: 'Panes and tabs', keys: 'Mod+\\' },
  { id: 'pane.split-down', label: 'Split down', group: 'Panes and tabs', keys: 'Mod+Shift+\\' },
  { id: 'pane.maximise', label: 'Maximise the pane, and back', group: 'Panes and tabs', keys: 'Ctrl+Alt+M' },
  { id: 'pane.move-left', label: 'Move the pane left', group: 'Panes and tabs', keys: null },
  { id: 'pane.move-right', label: 'Move the pane right', group: 'Panes and tabs', keys: null },
  { id: 'pane.move-up', label: 'Move the pane up', group: 'Panes and tabs', keys: null },
  { id: 'pane.move-down', label: 'Move the pane down', group: 'Panes and tabs', keys: null },
  { id: 'pane.close', label: 'Close the pane', group: 'Panes and tabs', keys: null },
  { id: 'pane.left', label: 'Pane to the left', group: 'Panes and tabs', keys: 'Ctrl+Alt+ArrowLeft' },
  { id: 'pane.right', label: 'Pane to the right', group: 'Panes and tabs', keys: 'Ctrl+Alt+ArrowRight' },
  { id: 'pane.up', label: 'Pane above', group: 'Panes and tabs', keys: 'Ctrl+Alt+ArrowUp' },
  { id: 'pane.down', label: 'Pane below', group: 'Panes and tabs', keys: 'Ctrl+Alt+ArrowDown' },
  { id: 'tab.move-left', label: 'Move the tab left', group: 'Panes and tabs', keys: 'Ctrl+Alt+Shift+ArrowLeft' },
  { id: 'tab.move-right', label: 'Move the tab right', group: 'Panes and tabs', keys: 'Ctrl+Alt+Shift+ArrowRight' },
  { id: 'tab.move-up', label: 'Move the tab up', group: 'Panes and tabs', keys: 'Ctrl+Alt+Shift+ArrowUp' },
  { id: 'tab.move-down', label: 'Move the tab down', group: 'Panes and tabs', keys: 'Ctrl+Alt+Shift+ArrowDown' },
  { id: 'tab.next', label: 'Next tab', group: 'Panes and tabs', keys: 'Ctrl+Alt+PageDown' },
  { id: 'tab.previous', label: 'Previous tab', group: 'Panes and tabs', keys: 'Ctrl+Alt+PageUp' },
  { id: 'tab.close', label: 'Close the tab', group: 'Panes and tabs', keys: 'Ctrl+Alt+W' },
  { id: 'tab.close-others', label: 'Close the other tabs', group: 'Panes and tabs', keys: null },
  ...Array.from({ length: 9 }, (_, index) => ({
    id: `tab.${index + 1}`,
    label: `Tab ${index + 1}`,
    group: 'Panes and tabs' as const,
    keys: `Ctrl+Alt+${index + 1}`,
  })),
];

/** The keys of an action: those a person chose, or else its own. */
export function keysOf(shortcut: Shortcut, chosen: Shortcuts): string | null {
  const own = chosen[shortcut.id];
  return own === undefined ? shortcut.keys : own;
}

/** What of a keyboard event counts. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const CODES: Readonly<Record<string, string>> = { Backslash: '\\', Backquote: '`', Slash: '/', Comma: ',', Period: '.', Minus: '-', Equal: '=' };

/** A press in the words of the table: `Ctrl+Alt+K`. With Ctrl, Alt or Cmd it goes by the place of the key where the character says nothing. Null for a modifier alone. */
export function wordOf(press: Press): string | null {
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead', 'Process'].includes(press.key)) return null;
  const hasModifier = press.ctrlKey || press.metaKey || press.altKey;
  const name = hasModifier ? placeName(press) : press.key === ' ' ? 'Space' : press.key;
  const isShifted = press.shiftKey && (hasModifier || name.length > 1);
  return [press.ctrlKey ? 'Ctrl' : '', press.metaKey ? 'Meta' : '', press.altKey ? 'Alt' : '', isShifted ? 'Shift' : '', name]
    .filter((part) => part !== '')
    .join('+');
}

function placeName({ key, code, altKey }: Press): string {
  if (/^[a-z]$/i.test(key) && !altKey) return key.toUpperCase();
  const letter = /^(?:Key([A-Z])|Digit(\d))$/.exec(code);
  return letter?.[1] ?? letter?.[2] ?? CODES[code] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** The keys of the table as `wordOf` says them on this machine. */
export function spelled(keys: string, isMac: boolean): string {
  return keys.replaceAll('Mod', isMac ? 'Meta' : 'Ctrl');
}

const SIGNS: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', PageUp: 'PgUp', PageDown: 'PgDn' };

/** Keys as a person reads them. */
export function keysLabel(keys: string, isMac: boolean): string {
  const words: Readonly<Record<string, string>> = isMac ? { Mod: '⌘', Meta: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' } : { Mod: 'Ctrl', Meta: 'Win' };
  return keys
    .split(' ')
    .map((press) =>
      (/^[A-Z]$/.test(press) ? `Shift+${press}` : press)
        .split('+')
        .map((part) => words[part] ?? SIGNS[part] ?? part)
        .join(isMac ? '' : ' '),
    )
    .join(' then ');
}
