import type { PatchSettings, Settings } from '@boocode/contracts/settings.ts';
import { type ReactNode, useSyncExternalStore } from 'react';
import { AccessChoice } from '../chat/AccessChoice.tsx';
import { ModelChoice } from '../chat/ModelChoice.tsx';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { PageFrame } from '../shell/PageFrame.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { Segments } from '../ui/Segments.tsx';
import { AgentsSection } from './AgentsSection.tsx';
import { CallsSection } from './CallsSection.tsx';
import { ModelServersSection } from './ModelServersSection.tsx';
import { RulesSection } from './RulesSection.tsx';
import { RunningAgentsSection } from './RunningAgentsSection.tsx';
import { Section, Switch } from './Section.tsx';
import { ShortcutsSection } from './ShortcutsSection.tsx';
import { ThemeSection } from './ThemeSection.tsx';

const SECTIONS = [
  ['model-servers', 'Model servers'],
  ['agents', 'Agents'],
  ['running', 'Running agents'],
  ['rules', 'Always allowed'],
  ['work', 'New work'],
  ['appearance', 'Appearance'],
  ['calls', 'Notifications'],
  ['keys', 'Keys'],
] as const;

const MOTIONS = [
  { value: 'system', label: 'Like the system' },
  { value: 'on', label: 'Reduced' },
  { value: 'off', label: 'Full' },
] as const;

/** What a person can choose, each in effect at once. */
export function SettingsPage() {
  const { theme } = useLive();
  const settings = useSyncExternalStore(theme.settings.subscribe, theme.settings.get);
  const action = useAction();
  const change = (patch: PatchSettings) => void action.run(() => theme.change(patch));
  return (
    <PageFrame title="Settings">
      <div className="gap-10 lg:grid lg:grid-cols-[150px_minmax(0,1fr)]">
        <nav aria-label="Sections" className="max-lg:hidden">
          <ul className="sticky top-4 space-y-px">
            {SECTIONS.map(([id, label]) => (
              <li key={id}>
                <a href={`#${id}`} className="block rounded-m px-2 py-1.5 text-fg-1 hover:bg-bg-2">
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="min-w-0 space-y-9">
          <ErrorLine message={action.message} />
          <ModelServersSection />
          <AgentsSection />
          <RunningAgentsSection />
          <RulesSection />
          <WorkSection settings={settings} onChange={change} />
          <ThemeSection chosen={settings.theme_id} onChoose={(theme_id) => change({ theme_id })}>
            <Row label="Motion" detail="Breathing dots and things that appear">
              <Segments label="Motion" value={settings.reduce_motion} options={MOTIONS} onChoose={(reduce_motion) => change({ reduce_motion })} />
            </Row>
            <Switch label="Wrap long lines of code" detail="Otherwise they scroll sideways" isOn={settings.wrap} onChange={(wrap) => change({ wrap })} />
          </ThemeSection>
          <CallsSection settings={settings} onChange={change} />
          <ShortcutsSection chosen={settings.shortcuts} onChange={(shortcuts) => change({ shortcuts })} />
        </div>
      </div>
    </PageFrame>
  );
}

function WorkSection({ settings, onChange }: { settings: Settings; onChange: (patch: PatchSettings) => void }) {
  return (
    <Section id="work" title="New work" lead="What a new session begins with. Each chat can choose otherwise.">
      <Row label="Model" detail="The one that answers unless another is chosen">
        <ModelChoice model={settings.model} onChoose={(model) => onChange({ model })} side="bottom" />
      </Row>
      <Row label="Access" detail="What agents may do without asking">
        <AccessChoice access={settings.access} onChoose={(access) => onChange({ access })} side="bottom" />
      </Row>
    </Section>
  );
}

function Row({ label, detail, children }: { label: string; detail: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 py-1">
      <div className="min-w-0">
        <p className="font-medium">{label}</p>
        <p className="text-12 text-fg-2">{detail}</p>
      </div>
      {children}
    </div>
  );
}
