import { type ReactNode, useId } from 'react';

/** One part of the settings. */
export function Section({ id, title, lead, children }: { id: string; title: string; lead?: string; children: ReactNode }) {
  return (
    <section aria-labelledby={`${id}-title`} id={id} className="scroll-mt-4">
      <h2 id={`${id}-title`} className="text-18 font-semibold">
        {title}
      </h2>
      {lead === undefined ? null : <p className="mt-0.5 max-w-[64ch] text-13 text-fg-1">{lead}</p>}
      <div className="mt-3 space-y-3">{children}</div>
    </section>
  );
}

/** A thing that is on or off. */
export function Switch({ label, detail, isOn, onChange }: { label: string; detail: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  const id = useId();
  return (
    <div className="flex min-h-11 items-center justify-between gap-4 py-1">
      <label htmlFor={id} className="min-w-0 flex-1 cursor-pointer">
        <span className="block font-medium">{label}</span>
        <span id={`${id}-detail`} className="block text-12 text-fg-2">
          {detail}
        </span>
      </label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        className="switch"
        aria-describedby={`${id}-detail`}
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  );
}
