import type { Chat } from '@boocode/contracts/chat.ts';
import { listPanes } from '@boocode/contracts/layout.ts';
import { useEffect, useEffectEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { type Live, useLive } from '../live/live-context.tsx';
import { randomId } from '../live/random-id.ts';
import { sentenceOf, useAction } from '../live/use-action.ts';
import { arrangeLayout, findPaneOf, findTab, frontTab } from '../panes/layout-state.ts';
import { tabAddress } from '../panes/tab-address.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { ModalDialog } from '../ui/ModalDialog.tsx';

/** Deletes a chat. One in which nothing happens goes at once, with a way back; where a turn would be stopped, that is asked first. */
export function DeleteChat({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const live = useLive();
  const [, navigate] = useLocation();
  const action = useAction();
  const [problem, setProblem] = useState<string | null>(null);
  const [asks, setAsks] = useState(chat.status === 'working' || chat.status === 'blocked');
  const remove = async (isForced: boolean) => {
    await live.api.deleteChat({ params: { id: chat.id }, query: isForced ? { force: 'true' } : {} });
    const putBack = closeTab(live, chat, navigate);
    live.toasts.set({
      id: randomId(),
      text: `“${chat.title}” was deleted.`,
      undo: async () => {
        await live.api.restoreChat({ params: { id: chat.id } });
        live.user.addSession(await live.api.getSession({ params: { id: chat.sessionId } }));
        putBack();
      },
    });
    onClose();
  };
  const removeAtOnce = useEffectEvent(() => {
    remove(false).catch((error: unknown) => {
      setProblem(sentenceOf(error));
      setAsks(true); // a message waits in it, or the server is away
    });
  });
  useEffect(() => {
    if (!asks) removeAtOnce();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once, when it is asked for
  }, []);
  if (!asks) return null;
  return (
    <ModalDialog label="Delete the chat" onClose={onClose}>
      {(close) => (
        <div className="space-y-3 p-4">
          <p className="text-15 font-semibold [overflow-wrap:anywhere]">Delete “{chat.title}”?</p>
          <p className="text-13 text-fg-1">
            A turn of it has not ended: deleting the chat stops it. What it changed so far stays with the session, and the chat can be brought back.
          </p>
          <ErrorLine message={action.message ?? problem} />
          <div className="flex justify-end gap-2">
            <button type="button" className="btn" autoFocus onClick={close}>
              Keep it
            </button>
            <button type="button" className="btn btn-line" disabled={action.isBusy} onClick={() => void action.run(() => remove(true))}>
              Stop the turn and delete
            </button>
          </div>
        </div>
      )}
    </ModalDialog>
  );
}

/** Takes the chat's tab away; gives how to put it back where it was. */
function closeTab({ layouts }: Live, { id, sessionId }: Chat, navigate: (to: string, options?: { replace: boolean }) => void): () => void {
  const address = tabAddress(sessionId, { kind: 'chat', ref: id });
  const { layout } = layouts.get(sessionId);
  const tab = layout === null ? null : findTab(layout, 'chat', id);
  if (layout !== null && tab !== null) {
    const after = arrangeLayout(layout, { type: 'close', tab: tab.id });
    layouts.set(sessionId, after);
    const front = frontTab(after);
    if (location.pathname === address) navigate(front === null ? `/sessions/${sessionId}` : tabAddress(sessionId, front), { replace: true });
  }
  const pane = layout === null || tab === null ? null : findPaneOf(layout, tab.id);
  return () => {
    const now = layouts.get(sessionId).layout;
    if (now !== null && tab !== null && pane !== null) {
      const opened = arrangeLayout(now, { type: 'open', tab, pane: pane.id });
      const isThere = listPanes(opened.root).some((other) => other.id === pane.id);
      layouts.set(sessionId, isThere ? arrangeLayout(opened, { type: 'move', tab: tab.id, pane: pane.id, index: pane.tabs.indexOf(tab) }) : opened);
    }
    navigate(address);
  };
}
