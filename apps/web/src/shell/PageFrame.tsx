import type { ReactNode } from 'react';
import { Shell } from './Shell.tsx';

/** A page that is read from top to bottom, with its heading. */
export function PageFrame({ title, lead, width = 'wide', children }: { title: string; lead?: string; width?: 'narrow' | 'wide'; children: ReactNode }) {
  return (
    <Shell title={title}>
      <div className="pane flex-1 overflow-y-auto max-md:!rounded-none max-md:border-x-0">
        <div className={`mx-auto w-full px-4 py-6 md:px-6 md:py-10 ${width === 'narrow' ? 'max-w-[760px]' : 'max-w-[980px]'}`}>
          <header className={lead === undefined ? 'mb-5 max-md:mb-0' : 'mb-5'}>
            <h1 className="text-24 font-bold max-md:sr-only">{title}</h1>
            {lead === undefined ? null : <p className="mt-1 max-w-[64ch] text-13 text-fg-1">{lead}</p>}
          </header>
          {children}
        </div>
      </div>
    </Shell>
  );
}

/** The place of a page that is on its way: nothing moves when it comes. */
export function PageSkeleton({ title }: { title: string }) {
  return (
    <PageFrame title={title}>
      <div role="status" aria-label={`Opening ${title.toLowerCase()}`} className="space-y-3">
        <div className="skeleton h-10" />
        <div className="skeleton h-16" />
        <div className="skeleton h-16" />
      </div>
    </PageFrame>
  );
}
