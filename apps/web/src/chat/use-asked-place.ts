import type { ChatId } from '@boocode/contracts/ids.ts';
import { useEffect, useEffectEvent } from 'react';
import { useLocation, useSearchParams } from 'wouter';

const SHOWN_MS = 1_800;

/** Goes to the message that the address of this chat asks for (`?at=POSITION&message=ID`), once, and shows which one it is. */
export function useAskedPlace(chatId: ChatId, goTo: (message: { readonly messageId: string; readonly position: number }) => Promise<HTMLElement | null>): void {
  const [path] = useLocation();
  const [search] = useSearchParams();
  const position = Number(search.get('at') ?? Number.NaN);
  const messageId = search.get('message') ?? '';
  const isAsked = Number.isInteger(position) && messageId !== '' && path.endsWith(`/${chatId}`);
  const go = useEffectEvent(async () => {
    const row = await goTo({ messageId, position });
    history.replaceState(history.state, '', location.pathname);
    row?.scrollIntoView({ block: 'center' });
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) row?.animate([{ backgroundColor: 'var(--accent-soft)' }, {}], SHOWN_MS);
  });
  useEffect(() => {
    if (isAsked) void go().catch(() => undefined); // away: the chat is at its end, and the address still asks
  }, [isAsked, messageId, position]);
}
