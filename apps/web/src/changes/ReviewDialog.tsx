import type { ChangeCollision } from '@boocode/contracts/change.ts';
import { type ReactNode, useState } from 'react';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { ModalDialog } from '../ui/ModalDialog.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly explanation: string;
  readonly button: string;
  readonly isBusy: boolean;
  readonly failure: string | null;
  readonly canSend: boolean;
  /** Resolves with whether it is done: then the dialog closes. */
  readonly onSend: () => Promise<boolean>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function FormDialog({ title, explanation, button, isBusy, failure, canSend, onSend, onClose, children }: FormDialogProps) {
  return (
    <ModalDialog label={title} onClose={onClose}>
      {(close) => (
        <form
          className="space-y-3 p-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (canSend && !isBusy) void onSend().then((isDone) => isDone && close());
          }}
        >
          <div>
            <p className="text-15 font-semibold">{title}</p>
            <p className="text-13 text-fg-1">{explanation}</p>
          </div>
          {children}
          <ErrorLine message={failure} />
          <div className="flex justify-end gap-2">
            <button type="button" className="btn" onClick={close}>
              Cancel
            </button>
            <button type="submit" className="btn btn-primary" disabled={!canSend || isBusy}>
              {button}
            </button>
          </div>
        </form>
      )}
    </ModalDialog>
  );
}

interface CommitDialogProps extends Pick<FormDialogProps, 'isBusy' | 'failure' | 'onClose'> {
  /** What is committed: `3 hunks`. */
  readonly what: string;
  readonly isBranch: boolean;
  readonly suggestion: { readonly message: string; readonly branch: string };
  readonly onSend: (message: string, branch: string | null) => Promise<boolean>;
}

/** Asks for what a commit of the chosen changes needs. */
export function CommitDialog({ what, isBranch, suggestion, onSend, ...rest }: CommitDialogProps) {
  const [message, setMessage] = useState(suggestion.message);
  const [branch, setBranch] = useState(suggestion.branch);
  return (
    <FormDialog
      {...rest}
      title={isBranch ? `Open ${what} as a branch` : `Commit ${what}`}
      explanation={
        isBranch
          ? 'Makes a branch with one commit of them. Your folder stays as it is, and they still wait here.'
          : 'Applies them to your folder and commits just them on the branch that is checked out. What else you have changed stays out of the commit.'
      }
      button={isBranch ? 'Make the branch' : 'Commit'}
      canSend={message.trim() !== '' && (!isBranch || branch.trim() !== '')}
      onSend={() => onSend(message.trim(), isBranch ? branch.trim() : null)}
    >
      {isBranch ? (
        <label className="block">
          <span className="mb-1 block text-12 font-medium text-fg-1">Branch</span>
          <input className="field font-mono" spellCheck={false} autoFocus maxLength={200} value={branch} onChange={(event) => setBranch(event.target.value)} />
        </label>
      ) : null}
      <label className="block">
        <span className="mb-1 block text-12 font-medium text-fg-1">Message</span>
        <textarea
          className="field block min-h-24"
          autoFocus={!isBranch}
          maxLength={20_000}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </label>
    </FormDialog>
  );
}

interface CheckDialogProps extends Pick<FormDialogProps, 'failure' | 'onClose'> {
  readonly what: string;
  readonly command: string;
  readonly onSend: (command: string) => Promise<boolean>;
}

/** Asks for the command that has to pass. */
export function CheckDialog({ what, command, onSend, ...rest }: CheckDialogProps) {
  const [text, setText] = useState(command);
  const [isBusy, setIsBusy] = useState(false);
  const send = async () => {
    setIsBusy(true);
    const isBegun = await onSend(text.trim());
    setIsBusy(false);
    return isBegun;
  };
  return (
    <FormDialog
      {...rest}
      title="Check first"
      explanation={`Runs a command on your folder as it would be with ${what}, in a place of its own. Nothing is applied meanwhile.`}
      button="Run the check"
      isBusy={isBusy}
      canSend={text.trim() !== ''}
      onSend={send}
    >
      <label className="block">
        <span className="mb-1 block text-12 font-medium text-fg-1">Command</span>
        <input
          className="field font-mono"
          placeholder="npm test"
          spellCheck={false}
          autoFocus
          maxLength={4_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </FormDialog>
  );
}

interface CollisionDialogProps {
  readonly collisions: readonly ChangeCollision[];
  readonly button: string;
  readonly onApply: () => void;
  readonly onClose: () => void;
}

/** Asks once before the work of other sessions is left in conflict. */
export function CollisionDialog({ collisions, button, onApply, onClose }: CollisionDialogProps) {
  return (
    <ModalDialog label="Apply over other sessions’ changes" onClose={onClose}>
      {(close) => (
        <div className="space-y-3 p-4">
          <p className="text-15 font-semibold">Other sessions change the same lines</p>
          <p className="text-13 text-fg-1">If you apply these, what waits there will not fit your folder any more until somebody settles it.</p>
          <ul className="space-y-1 text-13">
            {collisions.map((collision) => (
              <li key={collision.changeId} className="[overflow-wrap:anywhere]">
                <code className="font-mono text-12">{collision.path}</code> in “{collision.sessionTitle}”
                {collision.agent === null ? '' : ` by ${collision.agent}`}
              </li>
            ))}
          </ul>
          <div className="flex justify-end gap-2">
            <button type="button" className="btn" autoFocus onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className="btn btn-line"
              onClick={() => {
                close();
                onApply();
              }}
            >
              {button} anyway
            </button>
          </div>
        </div>
      )}
    </ModalDialog>
  );
}
