import type { ChangesPreview } from '@boocode/contracts/change.ts';
import type { Session } from '@boocode/contracts/chat.ts';
import { Check, ChevronUp, Download, GitBranch, GitCommitHorizontal, ListChecks, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { CheckPanel } from './CheckPanel.tsx';
import { type ChangePart, choiceOf, countParts, hunkCount } from './hunk-choice.ts';
import { RejectForm } from './RejectForm.tsx';
import { CheckDialog, CollisionDialog, CommitDialog } from './ReviewDialog.tsx';
import { saveText } from './save-text.ts';
import { type ReviewCheck, rememberCommand, rememberedCommand } from './use-check.ts';
import type { ChangeActions } from './use-change-actions.ts';

interface ReviewFooterProps {
  readonly session: Session;
  readonly actions: ChangeActions;
  readonly check: ReviewCheck;
  /** What an apply would do, where it is known. */
  readonly preview: ChangesPreview | null;
  readonly accepted: readonly ChangePart[];
  /** What is not accepted. */
  readonly rest: readonly ChangePart[];
  /** What an apply takes: what is accepted, or all. */
  readonly chosen: readonly ChangePart[];
  readonly isAsking: boolean;
  readonly onAsk: (isAsking: boolean) => void;
  readonly onAcceptAll: () => void;
  readonly onReject: (note: string) => void;
  readonly onApply: (checkId: string | undefined) => void;
}

type OpenDialog = 'collisions' | 'commit' | 'branch' | 'check';

/** What can be done with all of it. */
export function ReviewFooter(props: ReviewFooterProps) {
  const { session, actions, check, preview, accepted, rest, chosen, isAsking, onAsk, onAcceptAll, onReject, onApply } = props;
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const count = countParts(chosen);
  const what = hunkCount(count);
  const all = countParts(accepted) + countParts(rest);
  const isAbout = chosen.length > 0 && check.isAbout(choiceOf(chosen));
  const collisions = preview?.collisions ?? [];
  const isFailed = check.check?.state === 'failed' && isAbout;
  const word = `${accepted.length > 0 ? `Apply ${what}` : 'Apply all'}`;
  const apply = () => onApply(isAbout && check.check?.state === 'passed' ? check.check.id : undefined);
  const isBlocked = preview !== null && preview.conflicts.length + preview.collisions.length > 0;
  if (isAsking)
    return (
      <RejectForm
        label="Why reject them"
        button={`Reject ${hunkCount(countParts(rest))}`}
        onReject={(note) => {
          onAsk(false);
          onReject(note);
        }}
        onClose={() => onAsk(false)}
      />
    );
  return (
    <>
      <div className="mb-2 empty:mb-0">
        <ErrorLine message={dialog === null ? (actions.failure ?? check.failure) : null} />
      </div>
      {check.check === null ? null : <CheckPanel check={check.check} actions={check} isCurrent={isAbout} />}
      {isBlocked ? (
        <p className="mb-2 flex gap-2 text-12 text-fg-0">
          <TriangleAlert size={14} className="mt-0.5 shrink-0 text-warn" />
          <span className="min-w-0 [overflow-wrap:anywhere]">{preview.message}</span>
        </p>
      ) : null}
      <div className="review-buttons">
        <p className="mr-auto text-12 text-fg-1" aria-live="polite">
          {actions.doing ?? (
            <>
              <span className="font-semibold text-fg-0">{countParts(accepted)}</span> of {hunkCount(all)} accepted
            </>
          )}
        </p>
        <button type="button" className="btn review-reject text-fg-1" disabled={actions.isBusy || rest.length === 0} onClick={() => onAsk(true)}>
          {accepted.length > 0 ? 'Reject rest' : 'Reject all'}
        </button>
        <button
          type="button"
          className="btn btn-line"
          disabled={actions.isBusy || rest.every(({ change }) => change.state !== 'pending')}
          onClick={onAcceptAll}
        >
          Accept all
        </button>
        <span className="review-apply">
          <button
            type="button"
            className="btn btn-accent-line !rounded-r-none"
            disabled={actions.isBusy}
            onClick={() => (collisions.length > 0 ? setDialog('collisions') : apply())}
          >
            {isFailed ? `${word} anyway` : word}
          </button>
          <Menu
            label="More ways to apply"
            side="top"
            align="end"
            trigger={{
              className: 'btn btn-icon btn-accent-line -ml-px !w-8 !rounded-l-none pointer-coarse:!w-11',
              'aria-label': 'More ways to apply',
              disabled: actions.isBusy,
              children: <ChevronUp size={14} />,
            }}
          >
            <MenuItem onSelect={() => setDialog('check')}>
              <MenuWords icon={<ListChecks size={15} />} label="Check first…" detail="Run a command on the result before anything is touched" />
            </MenuItem>
            <MenuItem onSelect={() => setDialog('commit')}>
              <MenuWords icon={<GitCommitHorizontal size={15} />} label="Commit…" detail="Apply, and commit just these on your branch" />
            </MenuItem>
            <MenuItem onSelect={() => setDialog('branch')}>
              <MenuWords icon={<GitBranch size={15} />} label="Open as branch…" detail="Your folder stays as it is" />
            </MenuItem>
            <MenuItem onSelect={() => void actions.readPatch(chosen).then((patch) => patch !== null && saveText(`${nameOf(session.title)}.patch`, patch))}>
              <MenuWords icon={<Download size={15} />} label="Export patch" detail="A file that git apply takes" />
            </MenuItem>
          </Menu>
        </span>
      </div>
      {dialog === 'collisions' ? <CollisionDialog collisions={collisions} button={word} onApply={apply} onClose={() => setDialog(null)} /> : null}
      {dialog === 'commit' || dialog === 'branch' ? (
        <CommitDialog
          what={what}
          isBranch={dialog === 'branch'}
          suggestion={{ message: session.title, branch: nameOf(session.title) }}
          isBusy={actions.isBusy}
          failure={actions.failure}
          onSend={(message, branch) => actions.commit(chosen, message, branch).then((result) => result !== null)}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'check' ? (
        <CheckDialog
          what={what}
          command={rememberedCommand(session.projectId)}
          failure={check.failure}
          onSend={(command) => {
            rememberCommand(session.projectId, command);
            return check.start(choiceOf(chosen), command);
          }}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </>
  );
}

/** There is nothing left to decide. */
export function AllDecided({ applied }: { applied: number }) {
  return (
    <p className="flex min-h-[30px] items-center gap-2 text-13 text-fg-1">
      <Check size={15} className="text-ok" />
      {applied > 0 ? `Everything is decided: ${applied} ${applied === 1 ? 'file' : 'files'} applied` : 'Everything is decided'}
    </p>
  );
}

function MenuWords({ icon, label, detail }: { icon: ReactNode; label: string; detail: string }) {
  return (
    <>
      <span className="grid h-5 w-4 shrink-0 place-items-center">{icon}</span>
      <span className="min-w-0">
        <span className="block font-medium text-fg-0">{label}</span>
        <span className="block text-12 text-fg-1">{detail}</span>
      </span>
    </>
  );
}

/** A title as part of a file's or a branch's name. */
function nameOf(title: string): string {
  const name = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name.slice(0, 60) || 'changes';
}
