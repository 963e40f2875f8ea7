import { useEffect } from 'react';
import { useLive } from '../live/live-context.tsx';
import { keysOf, SHORTCUTS, spelled, wordOf } from './shortcuts.ts';
import { isMac } from './use-keys-label.ts';

const SEQUENCE_MS = 1_200;

/** Listens to the keys of the table for as long as the page lives. */
export function useShortcuts(): void {
  const { actions, theme } = useLive();
  useEffect(() => {
    let typed: { readonly words: string; readonly at: number } = { words: '', at: 0 };
    const onKeyDown = (event: KeyboardEvent) => {
      const word = wordOf(event);
      if (word === null || event.isComposing || !mayListen(event.target, word)) return;
      const words = event.timeStamp - typed.at < SEQUENCE_MS && typed.words !== '' ? `${typed.words} ${word}` : word;
      const chosen = theme.settings.get().shortcuts;
      const table = SHORTCUTS.flatMap((shortcut) => {
        const keys = keysOf(shortcut, chosen);
        return keys === null ? [] : [{ id: shortcut.id, keys: spelled(keys, isMac) }];
      });
      const found = table.find(({ keys }) => keys === words) ?? table.find(({ keys }) => keys === word);
      typed = found === undefined && table.some(({ keys }) => keys.startsWith(`${word} `)) ? { words: word, at: event.timeStamp } : { words: '', at: 0 };
      if (found === undefined || !actions.run(found.id)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => removeEventListener('keydown', onKeyDown, { capture: true });
  }, [actions, theme]);
}

/** Characters belong to what is written, a dialog keeps its keys, and a terminal all but those with Ctrl and Alt together, and Ctrl `. */
function mayListen(target: EventTarget | null, word: string): boolean {
  if (!(target instanceof Element)) return true;
  if (target.closest('dialog') !== null) return false;
  if (target.closest('.xterm') !== null) return /(Ctrl|Meta)\+Alt\+/.test(word) || word === 'Ctrl+`';
  const isPlain = !/(Ctrl|Meta|Alt)\+/.test(word);
  return !isPlain || target.closest('input, textarea, select, [contenteditable="true"], [role="menu"]') === null;
}
