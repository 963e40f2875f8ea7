import { useState } from 'react';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { ModalDialog } from '../ui/ModalDialog.tsx';

interface TitleDialogProps {
  readonly label: string;
  readonly field: string;
  readonly title: string;
  readonly onRename: (title: string) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks for a new title. */
export function TitleDialog({ label, field, title: before, onRename, onClose }: TitleDialogProps) {
  const [title, setTitle] = useState(before);
  const action = useAction();
  return (
    <ModalDialog label={label} onClose={onClose}>
      {(close) => (
        <form
          className="space-y-3 p-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (title.trim() !== '') void action.run(() => onRename(title.trim())).then((isDone) => isDone && close());
          }}
        >
          <label className="block font-semibold" htmlFor="new-title">
            {field}
          </label>
          <input
            id="new-title"
            className="field"
            maxLength={200}
            value={title}
            autoFocus
            onFocus={(event) => event.target.select()}
            onChange={(event) => setTitle(event.target.value)}
          />
          <ErrorLine message={action.message} />
          <div className="flex justify-end gap-2">
            <button type="button" className="btn" onClick={close}>
              Cancel
            </button>
            <button type="submit" className="btn btn-primary" disabled={title.trim() === '' || action.isBusy}>
              Rename
            </button>
          </div>
        </form>
      )}
    </ModalDialog>
  );
}
