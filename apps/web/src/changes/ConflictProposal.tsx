import { useId } from 'react';
import { Patch } from './Patch.tsx';
import type { FileConflict } from './use-change-actions.ts';

interface ConflictProposalProps {
  readonly path: string;
  readonly proposal: NonNullable<FileConflict['proposal']>;
  readonly isBusy: boolean;
  readonly onUse: () => void;
}

/** Where a change seems to belong that does not fit as it is: what it would do there, to be looked at and confirmed. */
export function ConflictProposal({ path, proposal, isBusy, onUse }: ConflictProposalProps) {
  const heading = useId();
  const patch = proposal.patch ?? null;
  return (
    <section aria-labelledby={heading} className="mx-3 mb-3 overflow-hidden rounded-m border border-line-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 bg-bg-2 px-3 py-2">
        <div className="min-w-0 flex-1 basis-56">
          <p id={heading} className="text-13 font-semibold">
            Here it seems to belong
          </p>
          <p className="text-12 text-fg-1 [overflow-wrap:anywhere]">{proposal.explanation}</p>
        </div>
        <button type="button" className="btn btn-small btn-line" aria-label={`Use this place in ${path}`} disabled={isBusy} onClick={onUse}>
          Use this place
        </button>
      </div>
      {patch === null ? (
        <pre className="code well max-h-80 overflow-auto px-3 py-2">{proposal.text}</pre>
      ) : (
        <Patch path={path} patch={patch} label={`${path} at this place`} />
      )}
    </section>
  );
}
