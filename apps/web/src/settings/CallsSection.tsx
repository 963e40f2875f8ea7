import type { PatchSettings, Settings } from '@boocode/contracts/settings.ts';
import { useState } from 'react';
import { playChime } from '../attention/play-chime.ts';
import { askForCalls } from '../attention/show-call.ts';
import { Section, Switch } from './Section.tsx';

/** How BooCode may call while one looks elsewhere. Everything is off until it is wished. */
export function CallsSection({ settings, onChange }: { settings: Settings; onChange: (patch: PatchSettings) => void }) {
  const [isRefused, setIsRefused] = useState(false);
  const chooseCalls = async (notifications: boolean) => {
    const mayCall = !notifications || (await askForCalls());
    setIsRefused(!mayCall);
    if (mayCall) onChange({ notifications });
  };
  const chooseSounds = (sounds: boolean) => {
    onChange({ sounds });
    if (sounds) playChime();
  };
  return (
    <Section id="calls" title="Notifications" lead="Only while you look elsewhere: when an agent asks, when a turn fails, and when work is done.">
      <Switch
        label="Notifications of the browser"
        detail="Each leads to the exact question"
        isOn={settings.notifications}
        onChange={(isOn) => void chooseCalls(isOn)}
      />
      {isRefused ? (
        <p role="alert" className="rounded-m border border-line-2 bg-bg-2 px-3 py-2 text-13">
          This browser does not let BooCode notify you. Allow notifications for this site in the browser&apos;s settings (beside the address), then switch it on
          again. The title and the icon of the window always say what waits.
        </p>
      ) : null}
      <Switch label="A sound" detail="Two soft notes" isOn={settings.sounds} onChange={chooseSounds} />
    </Section>
  );
}
