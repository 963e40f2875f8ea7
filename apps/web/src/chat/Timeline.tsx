import type { ChatState } from '@boocode/contracts/chat-state.ts';
import { type ChatId, MessageId } from '@boocode/contracts/ids.ts';
import type { ChatMatch } from '@boocode/contracts/search.ts';
import { ArrowDown } from 'lucide-react';
import { lazy, type RefObject, useEffect, useEffectEvent, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useLive } from '../live/live-context.tsx';
import { useShownChat } from '../live/use-shown-chat.ts';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { ActivityRow, PartRow } from './AnswerRows.tsx';
import type { TakenBack } from './attachments.ts';
import { EndingRow } from './EndingRow.tsx';
import { ExpandedContext } from './expanded.tsx';
import { TimelineChatContext } from './timeline-chat.ts';
import { findRow } from './find-rows.ts';
import { AskKnot, PermissionCard } from './PermissionCard.tsx';
import { PromptRow } from './PromptRow.tsx';
import { endMark, newestAnswer, type Row, timelineRows } from './timeline-rows.ts';
import { ToolGroupRow } from './ToolRow.tsx';
import { TurnRow } from './TurnRow.tsx';
import { useAskedPlace } from './use-asked-place.ts';
import { useFollowEnd } from './use-follow-end.ts';

const FindBar = lazy(async () => ({ default: (await import('./FindBar.tsx')).FindBar }));

interface TimelineProps {
  readonly chatId: ChatId;
  readonly chat: ChatState;
  /** How many messages were sent from here: the reader goes to the end with each. */
  readonly sent: number;
  readonly isFinding: boolean;
  readonly onFindClosed: () => void;
  readonly onTakenBack: (taken: TakenBack) => void;
}

const NEAR_EDGE_PX = 600;
/** The height of the line above the first row: constant, so that its words can come and go. */
const TOP_PX = 24;
const DRAWN_WITHIN_MS = 3_000;

/** The chat, newest at the bottom. It follows the end only for a reader who is there. */
export function Timeline({ chatId, chat, sent, isFinding, onFindClosed, onTakenBack }: TimelineProps) {
  const { chats } = useLive();
  const { state, isEnd, epoch } = useShownChat(chatId, chat);
  const newest = newestAnswer(chat);
  const rows = useMemo(() => timelineRows(state, newest), [state, newest]);
  const [expanded] = useState(() => new Map<string, boolean>());
  const list = useRef<ListHandle>(null);
  const content = useRef<HTMLDivElement>(null);

  const goTo = async (match: Pick<ChatMatch, 'messageId' | 'position'>, words: string): Promise<HTMLElement | null> => {
    await chats.showAround(chatId, match.position);
    const until = performance.now() + DRAWN_WITHIN_MS;
    while (performance.now() < until) {
      await nextFrame();
      const row = list.current?.show(match.messageId, words) ?? null;
      if (row !== null) return row;
    }
    return null;
  };
  useAskedPlace(chatId, (place, words) => goTo({ messageId: MessageId.parse(place.messageId), position: place.position }, words));

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {isFinding ? (
        <LazyBoundary fallback={<div className="h-[39px] border-b border-line bg-bg-2" />}>
          <FindBar chatId={chatId} content={content} goTo={goTo} onClose={onFindClosed} />
        </LazyBoundary>
      ) : null}
      <div ref={content} className="relative min-h-0 flex-1">
        <ExpandedContext value={expanded}>
          <TimelineChatContext value={chatId}>
            <TimelineList key={epoch} ref={list} chatId={chatId} live={chat} state={state} rows={rows} isEnd={isEnd} sent={sent} onTakenBack={onTakenBack} />
          </TimelineChatContext>
        </ExpandedContext>
      </div>
    </div>
  );
}

interface ListHandle {
  /** Goes to the row of a message that holds these words; gives it once it is drawn. */
  readonly show: (messageId: string, words: string) => HTMLElement | null;
}

interface TimelineListProps {
  readonly chatId: ChatId;
  readonly live: ChatState;
  readonly state: ChatState;
  readonly rows: readonly Row[];
  readonly isEnd: boolean;
  readonly sent: number;
  readonly onTakenBack: (taken: TakenBack) => void;
  readonly ref: RefObject<ListHandle | null>;
}

function TimelineList({ chatId, live, state, rows, isEnd, sent, onTakenBack, ref }: TimelineListProps) {
  const { chats } = useLive();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const virtual = useRef<VirtualizerHandle>(null);
  const { isAtEnd, hasNews: hasFrames, goToEnd, letGo } = useFollowEnd(scroller, content, live.seq, isEnd);
  // a chat that was shown from this device's memory and then read again has frames, but nothing new
  const mark = endMark(live);
  const [seenMark, setSeenMark] = useState(mark);
  if (isAtEnd && seenMark !== mark) setSeenMark(mark);
  const hasNews = hasFrames && seenMark !== mark;
  const shift = useIsPrepend(rows);
  const goToNewest = () => (isEnd ? goToEnd() : chats.showEnd(chatId));
  const followSent = useEffectEvent(goToNewest);
  const seenSent = useRef(sent);
  useEffect(() => {
    if (seenSent.current === sent) return;
    seenSent.current = sent;
    followSent();
  }, [sent]);

  useImperativeHandle(ref, () => ({
    show: (messageId, words) => {
      const index = findRow(rows, messageId, words);
      const row = rows[index];
      if (row === undefined) return null;
      const drawn = content.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.key)}"]`) ?? null;
      const isSeen = drawn !== null && isWithin(drawn, scroller.current);
      if (isSeen) return drawn;
      letGo();
      virtual.current?.scrollToIndex(index, { align: 'center' });
      return null;
    },
  }));

  const loadMore = () => {
    const area = scroller.current;
    if (area === null) return;
    const below = area.scrollHeight - area.scrollTop - area.clientHeight;
    // a page that failed is asked for again by the next scroll
    if (state.hasOlder && area.scrollTop < NEAR_EDGE_PX) void chats.loadOlder(chatId).catch(() => undefined);
    else if (!isEnd && below < NEAR_EDGE_PX) void chats.loadNewer(chatId).catch(() => undefined);
  };
  useEffect(() => {
    // a first page that does not fill the screen would never be scrolled
    const area = scroller.current;
    if (area !== null && area.scrollHeight <= area.clientHeight) loadMore();
  });

  return (
    <>
      <div
        ref={scroller}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
        tabIndex={0}
        role="region"
        aria-label="Conversation"
        onScroll={loadMore}
        className="h-full overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div ref={content} className="mx-auto max-w-[860px] pb-2">
          <p className="h-6 pt-1 text-center text-11 text-fg-2">{state.hasOlder ? 'Loading older messages' : null}</p>
          <Virtualizer ref={virtual} data={rows} scrollRef={scroller} shift={shift} startMargin={TOP_PX} bufferSize={400}>
            {(row) => (
              <div key={row.key} data-row={row.key}>
                <RowView row={row} onTakenBack={onTakenBack} />
              </div>
            )}
          </Virtualizer>
          {isEnd ? null : <p className="h-6 pt-1 text-center text-11 text-fg-2">Loading newer messages</p>}
        </div>
      </div>
      {isAtEnd ? null : (
        <button
          type="button"
          className="btn btn-line absolute bottom-3 left-1/2 -translate-x-1/2 !rounded-full !bg-bg-2"
          aria-label={hasNews ? undefined : 'Go to the end'}
          onClick={goToNewest}
        >
          <ArrowDown size={14} />
          {hasNews ? (live.permissions.length > 0 ? 'A question waits below' : 'New below') : null}
        </button>
      )}
    </>
  );
}

function RowView({ row, onTakenBack }: { row: Row; onTakenBack: (taken: TakenBack) => void }) {
  switch (row.kind) {
    case 'prompt':
      return <PromptRow message={row.message} isQueued={row.isQueued} canSteer={row.canSteer} waitsFor={row.waitsFor} onTakenBack={onTakenBack} />;
    case 'part':
      return <PartRow rowKey={row.key} part={row.part} isGrowing={row.isGrowing} edge={row.edge} />;
    case 'tools':
      return <ToolGroupRow rowKey={row.key} parts={row.parts} edge={row.edge} />;
    case 'activity':
      return <ActivityRow message={row.message} waitsFor={row.waitsFor} />;
    case 'ending':
      return <EndingRow message={row.message} isNewest={row.isNewest} />;
    case 'permission':
      return (
        <TurnRow edge="asks" knot={<AskKnot permission={row.permission} />} knotClass="knot-asks" knotTop={14} className="pt-2 pb-4">
          <PermissionCard permission={row.permission} />
        </TurnRow>
      );
  }
}

/** True in exactly the drawing in which rows came in at the front: the list then keeps the reader's place. */
function useIsPrepend(rows: readonly Row[]): boolean {
  const before = useRef<readonly Row[]>([]);
  const firstKey = before.current[0]?.key;
  const isPrepend = firstKey !== undefined && rows[0]?.key !== firstKey && rows.some((row) => row.key === firstKey);
  useLayoutEffect(() => {
    before.current = rows;
  });
  return isPrepend;
}

function isWithin(row: HTMLElement, area: HTMLElement | null): boolean {
  if (area === null) return false;
  const [inner, outer] = [row.getBoundingClientRect(), area.getBoundingClientRect()];
  return inner.bottom > outer.top && inner.top < outer.bottom;
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });
}
