import type { ChangesCheck } from '@boocode/contracts/change.ts';
import { Check, CircleSlash, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { ReviewCheck } from './use-check.ts';

interface CheckPanelProps {
  readonly check: ChangesCheck;
  readonly actions: Pick<ReviewCheck, 'cancel' | 'close'>;
  /** It was about what would be applied now. */
  readonly isCurrent: boolean;
}

/** How the check goes: what it does, and the end of what it printed. */
export function CheckPanel({ check, actions, isCurrent }: CheckPanelProps) {
  const output = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    const area = output.current;
    if (area !== null) area.scrollTop = area.scrollHeight; // the end is what matters
  }, [check.output]);
  const isRunning = check.state === 'running';
  return (
    <section aria-label="Check" className="mb-2 overflow-hidden rounded-m border border-line-2">
      <div className="flex min-h-9 flex-wrap items-center gap-x-2 bg-bg-2 py-1 pr-1 pl-3">
        <StateMark state={check.state} />
        <p className="min-w-0 flex-1 truncate text-12" aria-live="polite">
          <code className="font-mono text-fg-0">{check.command}</code> <span className="text-fg-1">{check.detail}</span>
          {check.state === 'passed' && !isCurrent ? <span className="text-fg-1"> It was about another choice.</span> : null}
        </p>
        {isRunning ? (
          <button type="button" className="btn btn-small" onClick={actions.cancel}>
            Stop the check
          </button>
        ) : (
          <button type="button" className="btn btn-small btn-icon" aria-label="Close the check" onClick={actions.close}>
            <X size={14} />
          </button>
        )}
      </div>
      {check.output === '' && !isRunning ? null : (
        <pre
          ref={output}
          role="group"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
          tabIndex={0}
          aria-label="End of its output"
          className="code h-28 overflow-auto bg-well px-3 py-2 whitespace-pre-wrap text-fg-1 [overflow-wrap:anywhere]"
        >
          {check.output}
        </pre>
      )}
    </section>
  );
}

function StateMark({ state }: { state: ChangesCheck['state'] }): ReactNode {
  switch (state) {
    case 'running':
      return <span className="dot dot-working" aria-hidden="true" />;
    case 'passed':
      return <Check size={15} className="shrink-0 text-ok" aria-hidden="true" />;
    case 'failed':
      return <TriangleAlert size={15} className="shrink-0 text-bad" aria-hidden="true" />;
    case 'cancelled':
      return <CircleSlash size={15} className="shrink-0 text-fg-2" aria-hidden="true" />;
  }
}
