import type { ReactNode } from 'react';

/** Preformatted text that may scroll, so it can be reached and scrolled by key. */
export function CodeArea({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
    <pre role="group" tabIndex={0} aria-label={label} className={`overflow-auto ${className}`}>
      {children}
    </pre>
  );
}
