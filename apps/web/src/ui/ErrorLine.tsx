import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

/** What failed, in a sentence, with what can be done about it beside it. */
export function ErrorLine({ message, children }: { message: string | null; children?: ReactNode }) {
  if (message === null) return null;
  return (
    <div role="alert" className="flex flex-wrap items-start gap-2 rounded-m border border-bad bg-del-bg px-3 py-2 text-13 text-fg-0">
      <TriangleAlert size={15} className="mt-0.5 shrink-0 text-bad" />
      <span className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">{message}</span>
      {children}
    </div>
  );
}
