import type { Chat } from '@boocode/contracts/chat.ts';
import { type KeyboardEvent, useCallback, useRef, useState } from 'react';
import { useChat } from '../live/live-context.tsx';
import { useActions } from '../shell/use-actions.ts';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import type { TakenBack } from './attachments.ts';
import { chatAnnouncement } from './chat-announcement.ts';
import { Composer, type ComposerHandle } from './Composer.tsx';
import { OpenPlaceContext, type OpenPlace } from './open-place.tsx';
import { Timeline } from './Timeline.tsx';

interface ChatPaneProps {
  readonly chat: Chat;
  /** Whether it is the one that keys and the palette mean. */
  readonly isActive?: boolean;
  /** Where files that the agent found can be opened. */
  readonly onOpen?: OpenPlace | null;
}

/** One chat: its timeline and its composer. */
export function ChatPane({ chat, isActive = false, onOpen = null }: ChatPaneProps) {
  const state = useChat(chat.id);
  const composer = useRef<ComposerHandle>(null);
  const area = useRef<HTMLDivElement>(null);
  const [isFinding, setIsFinding] = useState(false);
  const [sent, setSent] = useState(0);
  const giveBack = useCallback((taken: TakenBack) => composer.current?.giveBack(taken), []);
  const find = () => {
    setIsFinding(true);
    const field = area.current?.querySelector<HTMLInputElement>('search input');
    field?.focus();
    field?.select();
  };
  useActions(isActive && state.messages.length > 0 ? { 'chat.find': find } : null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || state.messages.length === 0) return;
    event.preventDefault();
    find();
  };
  const closeFind = () => {
    setIsFinding(false);
    composer.current?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- a shortcut that holds in this pane
    <div ref={area} className="@container/chat flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      <OpenPlaceContext value={onOpen}>
        {state.chat === null ? (
          <TimelineSkeleton />
        ) : state.messages.length === 0 ? (
          <EmptyTimeline />
        ) : (
          <Timeline chatId={chat.id} chat={state} sent={sent} isFinding={isFinding} onFindClosed={closeFind} onTakenBack={giveBack} />
        )}
        <Composer key={chat.id} ref={composer} chat={state.chat ?? chat} state={state} onSent={() => setSent((count) => count + 1)} />
      </OpenPlaceContext>
      <LiveRegion text={chatAnnouncement(state)} />
    </div>
  );
}

function EmptyTimeline() {
  return (
    <div className="grid min-h-0 flex-1 place-content-center gap-1 p-6 text-center">
      <p className="text-15 font-semibold">Nothing said yet</p>
      <p className="text-13 text-fg-1">Describe a change below. The agent works on its own copy of the repository.</p>
    </div>
  );
}

function TimelineSkeleton() {
  return (
    <div className="mx-auto w-full max-w-[860px] min-h-0 flex-1 space-y-3 overflow-hidden p-7" role="status" aria-label="Opening the conversation">
      <div className="skeleton ml-auto h-10 w-1/2" />
      <div className="skeleton h-4 w-4/5" />
      <div className="skeleton h-4 w-3/5" />
      <div className="skeleton h-4 w-2/3" />
    </div>
  );
}
