import type { AgentStatus } from '@boocode/contracts/chat.ts';

const LABELS: Record<AgentStatus | 'done' | 'queued', string> = {
  working: 'Working',
  blocked: 'Needs you',
  idle: 'Idle',
  error: 'Failed',
  done: 'Done',
  queued: 'Queued',
};

/** A status by shape, motion and hue. */
export function StatusDot({ status }: { status: AgentStatus | 'done' | 'queued' }) {
  return <span role="img" aria-label={LABELS[status]} title={LABELS[status]} className={`dot dot-${status}`} />;
}
