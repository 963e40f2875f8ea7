import type { Message } from '@boocode/contracts/message.ts';
import { shortCount } from '../ui/time-ago.ts';

/** How full the model's context is, from the newest answer that says so: a ring, with its numbers on hover and focus. */
export function ContextMeter({ messages }: { messages: readonly Message[] }) {
  const usage = messages.findLast((message) => message.usage?.contextUsed != null)?.usage;
  const used = usage?.contextUsed ?? null;
  const size = usage?.contextSize ?? null;
  const share = used === null || size === null ? 0 : Math.min(1, used / size);
  const label = contextWords(used, size);
  return (
    <button type="button" className="group btn btn-icon relative shrink-0 pointer-coarse:@max-[280px]/prompt:hidden" aria-label={label}>
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
      <span
        aria-hidden="true"
        className="menu pointer-events-none absolute right-0 bottom-full mb-1.5 hidden !min-w-0 !px-2.5 !py-1.5 text-12 font-medium group-hover:block group-focus-visible:block"
      >
        {label}
      </span>
    </button>
  );
}

function contextWords(used: number | null, size: number | null): string {
  if (used === null) return 'Context: nothing used yet';
  if (size === null) return `Context: ${shortCount(used)} tokens used; the model server does not say of how many`;
  return `Context ${Math.round(Math.min(1, used / size) * 100)}% used: ${shortCount(used)} of ${shortCount(size)} tokens`;
}
