import { type ReactNode, useId } from 'react';
import { Section } from './Section.tsx';
import type { ThemeId } from './theme-store.ts';

const THEMES: readonly { readonly id: ThemeId; readonly label: string; readonly detail: string; readonly shows: readonly string[] }[] = [
  { id: 'system', label: 'Like the system', detail: 'Ember, Chalk, or Beacon when more contrast is asked for', shows: ['ember', 'chalk'] },
  { id: 'ember', label: 'Ember', detail: 'Dark and warm', shows: ['ember'] },
  { id: 'tide', label: 'Tide', detail: 'Dark and cool', shows: ['tide'] },
  { id: 'chalk', label: 'Chalk', detail: 'Light', shows: ['chalk'] },
  { id: 'beacon', label: 'Beacon', detail: 'High contrast', shows: ['beacon'] },
];

/** The themes as they look, and what else concerns the eye. */
export function ThemeSection({ chosen, onChoose, children }: { chosen: ThemeId; onChoose: (theme: ThemeId) => void; children: ReactNode }) {
  const name = useId();
  return (
    <Section id="appearance" title="Appearance">
      <fieldset>
        <legend className="mb-2 font-medium">Theme</legend>
        <div className="grid grid-cols-2 gap-2 md:grid-cols-3">
          {THEMES.map((theme) => (
            <label key={theme.id} className="theme-card">
              <input type="radio" className="sr-only" name={name} checked={theme.id === chosen} onChange={() => onChoose(theme.id)} />
              <span className="flex h-[74px]" aria-hidden="true">
                {theme.shows.map((shown) => (
                  <Preview key={shown} theme={shown} />
                ))}
              </span>
              <span className="block border-t border-line-2 px-3 py-2">
                <span className="block font-medium">{theme.label}</span>
                <span className="block text-12 text-fg-2">{theme.detail}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {children}
    </Section>
  );
}

/** A small room in the theme's own colours. */
function Preview({ theme }: { theme: string }) {
  return (
    <span data-theme={theme} className="flex min-w-0 flex-1 gap-1.5 bg-bg-0 p-2">
      <span className="w-1/4 space-y-1.5 pt-1">
        <span className="block h-1.5 rounded-full bg-fg-2" />
        <span className="block h-1.5 w-3/4 rounded-full bg-control" />
        <span className="block size-2 rounded-full bg-accent" />
      </span>
      <span className="flex-1 space-y-1.5 rounded-s border border-line bg-bg-1 p-1.5">
        <span className="block h-1.5 w-4/5 rounded-full bg-fg-0" />
        <span className="block h-1.5 w-3/5 rounded-full bg-fg-1" />
        <span className="block h-1.5 w-2/5 rounded-full bg-ok" />
        <span className="ml-auto block h-3 w-2/5 rounded-s bg-accent" />
      </span>
    </span>
  );
}
