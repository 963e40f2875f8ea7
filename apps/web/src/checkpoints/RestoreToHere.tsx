import type { Checkpoint, RestoreResult } from '@boocode/contracts/checkpoint.ts';
import type { ChatId, MessageId, SessionId } from '@boocode/contracts/ids.ts';
import { History } from 'lucide-react';
import { lazy, useState } from 'react';
import type { TakenBack } from '../chat/attachments.ts';
import { useChat, useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';

const RestoreDialog = lazy(async () => ({ default: (await import('./RestoreDialog.tsx')).RestoreDialog }));

interface RestoreToHereProps {
  readonly chatId: ChatId;
  readonly messageId: MessageId;
  readonly onTakenBack: (taken: TakenBack) => void;
}

/** On a prompt: brings everything back to before it. Its text goes to the composer. */
export function RestoreToHere({ chatId, messageId, onTakenBack }: RestoreToHereProps) {
  const { api } = useLive();
  const { chat } = useChat(chatId);
  const action = useAction();
  const [found, setFound] = useState<Checkpoint | null>(null);
  if (chat === null || chat.access === 'read-only') return null;
  const open = () => void action.run(async () => setFound(await findBefore(api, chat.sessionId, messageId)));
  const restored = (prompt: RestoreResult['prompt']): void => {
    if (prompt !== null && prompt.chatId === chatId) onTakenBack(prompt);
  };
  return (
    <>
      <button type="button" className="btn btn-small restore-here text-fg-1" disabled={action.isBusy} onClick={open}>
        <History size={13} /> Restore to here
      </button>
      <ErrorLine message={action.message} />
      {found === null ? null : (
        <LazyBoundary fallback={null}>
          <RestoreDialog
            title="Restore to before this message?"
            checkpointId={found.id}
            before={messageId}
            onClose={() => setFound(null)}
            onRestored={restored}
          />
        </LazyBoundary>
      )}
    </>
  );
}

async function findBefore(api: ReturnType<typeof useLive>['api'], id: SessionId, message: MessageId): Promise<Checkpoint> {
  const { items } = await api.listCheckpoints({ params: { id }, query: { message } });
  const [found] = items;
  if (found === undefined) throw new Error('There is no checkpoint before this message: its turn could not edit files, or it is too long ago');
  return found;
}
