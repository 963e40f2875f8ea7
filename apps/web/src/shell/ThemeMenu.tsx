import { Palette } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.tsx';
import type { ThemeId } from '../settings/theme-store.ts';
import { type Choice, ChoiceMenu } from '../ui/ChoiceMenu.tsx';

const THEMES: readonly Choice<ThemeId>[] = [
  { value: 'ember', label: 'Ember', detail: 'Dark and warm' },
  { value: 'tide', label: 'Tide', detail: 'Dark and cool' },
  { value: 'chalk', label: 'Chalk', detail: 'Light' },
  { value: 'beacon', label: 'Beacon', detail: 'High contrast' },
  { value: 'system', label: 'Like the system', detail: 'Ember or Chalk' },
];

export function ThemeMenu() {
  const { theme } = useLive();
  const { theme_id } = useSyncExternalStore(theme.settings.subscribe, theme.settings.get);
  return (
    <ChoiceMenu
      name="Theme"
      value={theme_id}
      choices={THEMES}
      hasArrow={false}
      onChoose={(next) => void theme.choose(next).catch(() => undefined /* it holds on this device; the server hears of the next one */)}
    >
      <Palette size={16} />
    </ChoiceMenu>
  );
}
