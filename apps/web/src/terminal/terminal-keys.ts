/** What a key means while the terminal has the focus; everything else is the shell's. `leave`: to the page, which may have a shortcut for it. */
export type TerminalKey = 'copy' | 'paste' | 'find' | 'out' | 'out_back' | 'leave' | 'shell';

type Key = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

/** F6 and Shift+F6 leave the terminal, which would otherwise keep every key, Tab among them. */
export function decideTerminalKey(event: Key): TerminalKey {
  const { key, code, ctrlKey, altKey, shiftKey, metaKey } = event;
  if (key === 'F6' && !ctrlKey && !altKey && !metaKey) return shiftKey ? 'out_back' : 'out';
  if (ctrlKey && altKey && key.startsWith('Arrow')) return 'leave';
  if (ctrlKey && !altKey && !metaKey && code === 'Backquote') return 'leave';
  if (ctrlKey && shiftKey && !altKey && !metaKey) {
    if (code === 'KeyC') return 'copy';
    if (code === 'KeyV') return 'paste';
    if (code === 'KeyF') return 'find';
  }
  return metaKey ? 'leave' : 'shell';
}
