import type { SessionId } from '@boocode/contracts/ids.ts';
import { useLive, useUser } from '../live/live-context.tsx';
import { TitleDialog } from './TitleDialog.tsx';

/** Asks for a session's new title. */
export function RenameSession({ sessionId, onClose }: { sessionId: SessionId; onClose: () => void }) {
  const { api, user } = useLive();
  const session = useUser().sessions.find((other) => other.id === sessionId);
  return (
    <TitleDialog
      label="Rename the session"
      field="Title of the session"
      title={session?.title ?? ''}
      onRename={async (title) => user.addSession(await api.patchSession({ params: { id: sessionId }, body: { title } }))}
      onClose={onClose}
    />
  );
}
