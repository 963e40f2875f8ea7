import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import { ArrowDown } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer } from 'virtua';
import { useLive } from '../live/live-context.tsx';
import { ActivityRow, PartRow } from './AnswerRows.tsx';
import { EndingRow } from './EndingRow.tsx';
import { ExpandedContext } from './expanded.tsx';
import { AskKnot, PermissionCard } from './PermissionCard.tsx';
import { PromptRow } from './PromptRow.tsx';
import { type Row, timelineRows } from './timeline-rows.ts';
import { ExploredRow } from './ToolRow.tsx';
import { TurnRow } from './TurnRow.tsx';
import { useFollowEnd } from './use-follow-end.ts';

interface TimelineProps {
  readonly chatId: ChatId;
  readonly chat: ChatState;
  readonly onTakenBack: (text: string) => void;
}

const OLDER_WITHIN_PX = 600;
/** The height of the line above the first row: constant, so that its words can come and go. */
const TOP_PX = 24;

/** The chat, newest at the bottom. It follows the end only for a reader who is there. */
export function Timeline({ chatId, chat, onTakenBack }: TimelineProps) {
  const { chats } = useLive();
  const rows = useMemo(() => timelineRows(chat), [chat]);
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { isAtEnd, hasNews, goToEnd } = useFollowEnd(scroller, content, chat.seq);
  const [expanded] = useState(() => new Map<string, boolean>());
  const shift = useIsPrepend(rows);

  const loadOlder = () => {
    const area = scroller.current;
    if (chat.hasOlder && area !== null && area.scrollTop < OLDER_WITHIN_PX) void chats.loadOlder(chatId).catch(() => undefined); // the next scroll asks again
  };
  useEffect(() => {
    // a first page that does not fill the screen would never be scrolled
    const area = scroller.current;
    if (area !== null && area.scrollHeight <= area.clientHeight) loadOlder();
  });

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
        tabIndex={0}
        role="region"
        aria-label="Conversation"
        onScroll={loadOlder}
        className="h-full overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        <div ref={content} className="mx-auto max-w-[860px] pb-2">
          <p className="h-6 pt-1 text-center text-11 text-fg-2">{chat.hasOlder ? 'Loading older messages' : null}</p>
          <ExpandedContext value={expanded}>
            <Virtualizer data={rows} scrollRef={scroller} shift={shift} startMargin={TOP_PX} bufferSize={400}>
              {(row) => <RowView key={row.key} row={row} onTakenBack={onTakenBack} />}
            </Virtualizer>
          </ExpandedContext>
        </div>
      </div>
      {isAtEnd ? null : (
        <button
          type="button"
          className="btn btn-line absolute bottom-3 left-1/2 -translate-x-1/2 !rounded-full !bg-bg-2"
          aria-label={hasNews ? undefined : 'Go to the end'}
          onClick={goToEnd}
        >
          <ArrowDown size={14} />
          {hasNews ? (chat.permissions.length > 0 ? 'A question waits below' : 'New below') : null}
        </button>
      )}
    </div>
  );
}

function RowView({ row, onTakenBack }: { row: Row; onTakenBack: (text: string) => void }) {
  switch (row.kind) {
    case 'prompt':
      return <PromptRow message={row.message} isQueued={row.isQueued} waitsFor={row.waitsFor} onTakenBack={onTakenBack} />;
    case 'part':
      return <PartRow rowKey={row.key} part={row.part} isGrowing={row.isGrowing} edge={row.edge} />;
    case 'explored':
      return <ExploredRow rowKey={row.key} parts={row.parts} edge={row.edge} />;
    case 'activity':
      return <ActivityRow message={row.message} waitsFor={row.waitsFor} />;
    case 'ending':
      return <EndingRow message={row.message} isNewest={row.isNewest} />;
    case 'permission':
      return (
        <TurnRow edge="asks" knot={<AskKnot />} knotClass="knot-asks" knotTop={14} className="pt-2 pb-4">
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
