import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Nothing is here: why, and what comes next. */
export function EmptyState({ icon: Icon, title, text, children }: { icon: LucideIcon; title: string; text: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-14 text-center">
      <span className="mb-1 grid size-12 place-items-center rounded-full border border-line-2 bg-bg-2 text-fg-1">
        <Icon size={22} />
      </span>
      <p className="text-15 font-semibold">{title}</p>
      <p className="max-w-[52ch] text-13 text-fg-1">{text}</p>
      {children === undefined ? null : <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
