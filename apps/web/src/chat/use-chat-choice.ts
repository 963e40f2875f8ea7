import type { Chat } from '@boocode/contracts/chat.ts';
import { useRef, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';

export type ChosenFields = Partial<Pick<Chat, 'agent' | 'model' | 'mode' | 'access'>>;

interface Wish {
  readonly fields: ChosenFields;
  /** The chat holds it from this change of it on; null = the server has not answered yet. */
  readonly heldSince: string | null;
}

interface ChatChoice {
  /** The chat with what was chosen last, also while that is on its way: a message sent at once goes to whom one sees. */
  readonly chosen: Chat;
  readonly choose: (fields: ChosenFields) => void;
  readonly problem: string | null;
}

/** What a chat's next message goes with, kept with the chat. */
export function useChatChoice(chat: Chat): ChatChoice {
  const { api } = useLive();
  const { run, message } = useAction();
  const [wish, setWish] = useState<Wish | null>(null);
  const latest = useRef(0);
  const isOnItsWay = wish !== null && (wish.heldSince === null || chat.updatedAt < wish.heldSince);
  const choose = (fields: ChosenFields) => {
    const own = (latest.current += 1);
    setWish((now) => ({ fields: { ...(isOnItsWay ? now?.fields : {}), ...fields }, heldSince: null }));
    void run(async () => {
      try {
        const { updatedAt } = await api.patchChat({ params: { id: chat.id }, body: fields });
        if (own === latest.current) setWish((now) => (now === null ? null : { ...now, heldSince: updatedAt }));
      } catch (error) {
        if (own === latest.current) setWish(null);
        throw error;
      }
    });
  };
  return { chosen: isOnItsWay ? { ...chat, ...wish.fields } : chat, choose, problem: message };
}
