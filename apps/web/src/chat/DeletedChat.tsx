import type { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import { MessageSquareOff } from 'lucide-react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';

/** The tab of a chat that was deleted elsewhere: it can be brought back, or its tab closed. */
export function DeletedChat({ chatId, sessionId }: { chatId: ChatId; sessionId: SessionId }) {
  const { api, actions, user } = useLive();
  const action = useAction();
  const bringBack = async () => {
    await api.restoreChat({ params: { id: chatId } });
    user.addSession(await api.getSession({ params: { id: sessionId } }));
  };
  return (
    <div className="m-auto space-y-2 p-3">
      <EmptyState icon={MessageSquareOff} title="This chat was deleted" text="Nothing of it is lost: bring it back, or close its tab.">
        <button type="button" className="btn btn-line" disabled={action.isBusy} onClick={() => void action.run(bringBack)}>
          Bring it back
        </button>
        <button type="button" className="btn" onClick={() => actions.run('tab.close')}>
          Close the tab
        </button>
      </EmptyState>
      <ErrorLine message={action.message} />
    </div>
  );
}
