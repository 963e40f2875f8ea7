import type { SessionId } from '@boocode/contracts/ids.ts';
import { useState } from 'react';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { ModalDialog } from '../ui/ModalDialog.tsx';

/** Asks for a session's new title. */
export function RenameSession({ sessionId, onClose }: { sessionId: SessionId; onClose: () => void }) {
  const { api, user } = useLive();
  const session = useUser().sessions.find((other) => other.id === sessionId);
  const [title, setTitle] = useState(session?.title ?? '');
  const action = useAction();
  return (
    <ModalDialog label="Rename the session" onClose={onClose}>
      {(close) => (
        <form
          className="space-y-3 p-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (title.trim() === '') return;
            void action
              .run(async () => user.addSession(await api.patchSession({ params: { id: sessionId }, body: { title: title.trim() } })))
              .then((isDone) => isDone && close());
          }}
        >
          <label className="block font-semibold" htmlFor="session-title">
            Title of the session
          </label>
          <input
            id="session-title"
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
