import type { ChangeCollision, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { ConflictProposal } from './ConflictProposal.tsx';
import { ConflictView } from './ConflictView.tsx';
import type { FileConflict } from './use-change-actions.ts';

interface FileNoticesProps {
  readonly change: ChangeWithPatch;
  /** Why it does not fit the folder, where that is known. */
  readonly conflict: FileConflict | null;
  /** Sessions whose changes of this file would not fit any more. */
  readonly collisions: readonly ChangeCollision[];
  readonly isBusy: boolean;
  readonly onUsePlace: (conflict: FileConflict) => void;
}

/** What to know of a file before it is applied: who else changes it, and why it would not fit. */
export function FileNotices({ change, conflict, collisions, isBusy, onUsePlace }: FileNoticesProps) {
  const isConflict = change.state === 'conflict';
  const reason = isConflict ? (change.note ?? conflict?.message ?? null) : (conflict?.message ?? null);
  const others = (change.others ?? []).filter((other) => collisions.every((collision) => collision.sessionId !== other.sessionId));
  return (
    <>
      {collisions.map((collision) => (
        <Notice key={collision.changeId} isWarning>
          Also changed in <SessionName id={collision.sessionId} title={collision.sessionTitle} />
          {byAgent(collision.agent)}: applying yours would leave theirs in conflict
        </Notice>
      ))}
      {others.map((other) => (
        <Notice key={other.changeId}>
          Also changed in <SessionName id={other.sessionId} title={other.sessionTitle} />
          {byAgent(other.agent)}
        </Notice>
      ))}
      {reason === null ? null : (
        <p role={isConflict ? 'alert' : undefined} className="px-3 pb-2 text-13">
          <span className="text-bad">{sentence(reason)}</span>{' '}
          <span className="text-fg-1">
            {isConflict ? 'Take your edit back and apply again, or reject this one.' : 'As it is, it would not be applied, and nothing else either.'}
          </span>
        </p>
      )}
      {conflict?.merged === undefined || conflict.merged === null ? null : <ConflictView path={change.path} merged={conflict.merged} />}
      {conflict?.proposal === undefined || conflict.proposal === null ? null : (
        <ConflictProposal path={change.path} proposal={conflict.proposal} isBusy={isBusy} onUse={() => onUsePlace(conflict)} />
      )}
      {change.note === null || isConflict ? null : (
        <p className="px-3 pb-2 text-13 text-fg-1">{change.state === 'rejected' ? `Your note: ${change.note}` : change.note}</p>
      )}
    </>
  );
}

function Notice({ isWarning = false, children }: { isWarning?: boolean; children: ReactNode }) {
  return (
    <p className={`flex gap-2 px-3 pb-2 text-12 ${isWarning ? 'text-fg-0' : 'text-fg-1'}`}>
      {isWarning ? <TriangleAlert size={14} className="mt-0.5 shrink-0 text-warn" /> : null}
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </p>
  );
}

function SessionName({ id, title }: { id: string; title: string }) {
  return (
    <Link href={`/sessions/${id}`} className="font-medium text-accent-text underline underline-offset-2">
      “{title}”
    </Link>
  );
}

function byAgent(agent: string | null): string {
  return agent === null ? '' : ` by ${agent}`;
}

function sentence(text: string): string {
  return `${text.replace(/\.$/, '')}.`;
}
