import type { Chat } from '@boocode/contracts/chat.ts';
import { useLive } from '../live/live-context.tsx';
import { TitleDialog } from './TitleDialog.tsx';

/** Asks for a chat's new title, which its tab shows. */
export function RenameChat({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const { api } = useLive();
  return (
    <TitleDialog
      label="Rename the chat"
      field="Title of the chat"
      title={chat.title}
      onRename={(title) => api.patchChat({ params: { id: chat.id }, body: { title } })}
      onClose={onClose}
    />
  );
}
