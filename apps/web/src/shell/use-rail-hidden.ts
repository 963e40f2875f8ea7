import { useSyncExternalStore } from 'react';
import { ExternalStore } from '../live/external-store.ts';

const KEY = 'boocode.rail';
const hidden = new ExternalStore(localStorage.getItem(KEY) === 'hidden');

/** Whether this device hides the rail where there is room for it, and the switch. */
export function useRailHidden(): readonly [boolean, () => void] {
  const isHidden = useSyncExternalStore(hidden.subscribe, hidden.get);
  const toggle = () => {
    localStorage.setItem(KEY, isHidden ? 'shown' : 'hidden');
    hidden.set(!isHidden);
  };
  return [isHidden, toggle];
}
