import type { ChatId } from '@boocode/contracts/ids.ts';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useLocation, useSearchParams } from 'wouter';

interface AskedPlace {
  readonly messageId: string;
  readonly position: number;
}

/** Goes to the message that the address of this chat asks for (`?at=POSITION&message=ID&words=WORDS`), once, and marks the words in it until the next one. */
export function useAskedPlace(chatId: ChatId, goTo: (message: AskedPlace, words: string) => Promise<HTMLElement | null>): void {
  const [path] = useLocation();
  const [search] = useSearchParams();
  const position = Number(search.get('at') ?? Number.NaN);
  const messageId = search.get('message') ?? '';
  const words = search.get('words') ?? '';
  const isAsked = Number.isInteger(position) && messageId !== '' && path.endsWith(`/${chatId}`);
  const unmark = useRef<() => void>(() => undefined);
  const go = useEffectEvent(async (signal: AbortSignal) => {
    const row = await goTo({ messageId, position }, words);
    if (signal.aborted) return;
    history.replaceState(history.state, '', location.pathname);
    unmark.current();
    if (row === null) return;
    const { showAsked } = await import('./show-asked.ts');
    unmark.current = showAsked(row, words);
  });
  useEffect(() => {
    if (!isAsked) return;
    const leaving = new AbortController();
    void go(leaving.signal).catch(() => undefined); // away: the chat is at its end, and the address still asks
    return () => leaving.abort();
  }, [isAsked, messageId, position]);
  useEffect(() => () => unmark.current(), []);
}
