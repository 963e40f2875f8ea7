import { useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.tsx';
import { keysLabel, keysOf, SHORTCUTS } from './shortcuts.ts';

/** Whether this machine says Cmd instead of Ctrl. */
export const isMac = /mac|iphone|ipad/i.test(navigator.platform);

/** The keys of an action as a person reads them; null when it has none. */
export function useKeysLabel(): (id: string) => string | null {
  const { theme } = useLive();
  const { shortcuts } = useSyncExternalStore(theme.settings.subscribe, theme.settings.get);
  return (id) => {
    const shortcut = SHORTCUTS.find((other) => other.id === id);
    const keys = shortcut === undefined ? null : keysOf(shortcut, shortcuts);
    return keys === null ? null : keysLabel(keys, isMac);
  };
}
