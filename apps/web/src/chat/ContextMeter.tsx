import type { Message } from '@boocode/contracts/message.ts';
import { shortCount } from '../ui/time-ago.ts';

/** How full the model's context is, from the newest answer that says so. */
export function ContextMeter({ messages }: { messages: readonly Message[] }) {
  const usage = messages.findLast((message) => message.usage?.contextUsed != null)?.usage;
  if (usage?.contextUsed == null || usage.contextSize === null) return null;
  const share = Math.min(1, usage.contextUsed / usage.contextSize);
  const percent = Math.round(share * 100);
  const label = `Context ${percent}% used: ${shortCount(usage.contextUsed)} of ${shortCount(usage.contextSize)} tokens`;
  return (
    <span role="img" aria-label={label} title={label} className="mr-1.5 flex items-center gap-1.5 text-12 text-fg-2">
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="var(--line-2)" strokeWidth="2.5" />
        <circle
          cx="8"
          cy="8"
          r="6"
          fill="none"
          stroke={share > 0.85 ? 'var(--warn)' : 'var(--fg-1)'}
          strokeWidth="2.5"
          strokeDasharray={`${share * 37.7} 37.7`}
          transform="rotate(-90 8 8)"
        />
      </svg>
      <span className="max-md:hidden">{percent}%</span>
    </span>
  );
}
