import type { SessionId } from '@boocode/contracts/ids.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { WorktreeRiskReport } from '@boocode/contracts/worktree.ts';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useLive, useUser } from '../live/live-context.tsx';
import { randomId } from '../live/random-id.ts';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { ModalDialog } from '../ui/ModalDialog.tsx';

/** Asks before a session goes; what would be lost with it is said in the server's own words, and needs a second yes. */
export function DeleteSession({ sessionId, onClose }: { sessionId: SessionId; onClose: () => void }) {
  const { api, toasts, user } = useLive();
  const { sessions } = useUser();
  const [path, navigate] = useLocation();
  const [risk, setRisk] = useState<string | null>(null);
  const action = useAction();
  const [session] = useState(() => sessions.find((other) => other.id === sessionId));
  const remove = async () => {
    try {
      await api.deleteSession({ params: { id: sessionId }, query: risk === null ? {} : { force: 'true' } });
      return true;
    } catch (error) {
      const report = error instanceof BooError && error.code === 'conflict' ? WorktreeRiskReport.safeParse(error.details).data : undefined;
      if (report === undefined || risk !== null) throw error;
      setRisk(report.reason ?? 'something in its worktree would be lost');
      return false;
    }
  };
  return (
    <ModalDialog label="Delete the session" onClose={onClose}>
      {(close) => (
        <div className="space-y-3 p-4">
          <p className="text-15 font-semibold [overflow-wrap:anywhere]">Delete “{session?.title ?? 'this session'}”?</p>
          <p className="text-13 text-fg-1">
            Its chats go with it, and its terminals are closed. What was applied to your folder stays. You can bring the session back right afterwards.
          </p>
          {risk === null ? null : (
            <p role="alert" className="rounded-m border border-warn bg-bg-2 px-3 py-2 text-13">
              It still holds work: {risk}.
            </p>
          )}
          <ErrorLine message={action.message} />
          <div className="flex justify-end gap-2">
            <button type="button" className="btn" autoFocus onClick={close}>
              Keep it
            </button>
            <button
              type="button"
              className="btn btn-line"
              disabled={action.isBusy}
              onClick={() =>
                void action.run(async () => {
                  if (!(await remove())) return;
                  close();
                  const wasHere = path.startsWith(`/sessions/${sessionId}`);
                  if (session !== undefined && wasHere) navigate(`/projects/${session.projectId}`);
                  toasts.set({
                    id: randomId(),
                    text: `“${session?.title ?? 'The session'}” was deleted.`,
                    undo: async () => {
                      user.addSession(await api.restoreSession({ params: { id: sessionId } }));
                      if (wasHere) navigate(path);
                    },
                  });
                })
              }
            >
              {risk === null ? 'Delete' : 'Delete it all the same'}
            </button>
          </div>
        </div>
      )}
    </ModalDialog>
  );
}
