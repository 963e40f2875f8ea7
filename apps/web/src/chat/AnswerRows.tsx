import type { Message } from '@boocode/contracts/message.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';
import { Brain, ChevronRight, CircleAlert, CircleSlash, CornerDownRight, Flag, Info, Paperclip, TriangleAlert } from 'lucide-react';
import { memo, useMemo, useRef } from 'react';
import { textGrowth } from '../live/text-growth.ts';
import { ChunkedText } from '../markdown/ChunkedText.tsx';
import { type Grown, growText } from '../markdown/growing-text.ts';
import { appendChunks, type Chunks, NO_CHUNKS } from '../markdown/text-chunks.ts';
import { Markdown } from '../markdown/Markdown.tsx';
import { TrustNotice } from '../trust/TrustNotice.tsx';
import { duration } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { useExpanded } from './expanded.tsx';
import type { Edge } from './timeline-rows.ts';
import { PlanRow } from './PlanRow.tsx';
import { ToolRow } from './ToolRow.tsx';
import { TurnRow } from './TurnRow.tsx';

interface PartRowProps {
  readonly rowKey: string;
  readonly part: Part;
  readonly isGrowing: boolean;
  readonly edge: Edge;
}

/** One part of an answer. */
export const PartRow = memo(function PartRow({ rowKey, part, isGrowing, edge }: PartRowProps) {
  switch (part.type) {
    case 'text':
      return (
        <TurnRow edge={edge} knot={null} className="py-1.5">
          <Markdown part={part} isStreaming={isGrowing} />
        </TurnRow>
      );
    case 'reasoning':
      return <ReasoningRow rowKey={rowKey} part={part} isGrowing={isGrowing} edge={edge} />;
    case 'tool':
      return <ToolRow part={part} edge={edge} />;
    case 'file':
      return (
        <TurnRow edge={edge} knot={<Paperclip size={14} />} className="py-1 text-13 text-fg-1">
          {part.name}
        </TurnRow>
      );
    case 'notice':
      return (
        <TurnRow
          edge={edge}
          knot={part.level === 'warning' ? <TriangleAlert size={14} /> : <Info size={14} />}
          knotClass={part.level === 'warning' ? 'knot-asks' : ''}
          className="py-1.5"
        >
          <p className={`max-w-[64ch] text-13 ${part.level === 'warning' ? 'text-fg-0' : 'text-fg-1'}`}>{part.text}</p>
          {part.code === 'not_trusted' ? (
            <div className="mt-2">
              <TrustNotice />
            </div>
          ) : null}
        </TurnRow>
      );
    case 'steered':
      return (
        <TurnRow edge={edge} knot={<CornerDownRight size={14} />} className="py-1.5">
          <p className="text-12 text-fg-2">You said in mid-turn</p>
          <p className="max-w-[64ch] text-15 whitespace-pre-wrap text-fg-0 [overflow-wrap:anywhere]">{part.text}</p>
        </TurnRow>
      );
    case 'plan':
      return <PlanRow part={part} edge={edge} />;
    case 'limit_reached':
      return (
        <TurnRow edge={edge} knot={<Flag size={14} />} knotClass="knot-asks" className="py-1.5">
          <p className="text-13 text-fg-0">Stopped after {part.value} steps, the limit of one turn. What it did so far is kept.</p>
        </TurnRow>
      );
  }
});

type ReasoningPart = Extract<Part, { type: 'reasoning' }>;

function ReasoningRow({ rowKey, part, isGrowing, edge }: { rowKey: string; part: ReasoningPart; isGrowing: boolean; edge: Edge }) {
  const [isOpen, toggle] = useExpanded(rowKey, false);
  const lastLine = isGrowing ? (textGrowth(part)?.tail ?? part.text).slice(-400).trimEnd().slice(-160).split('\n').at(-1) : '';
  return (
    <TurnRow
      edge={edge}
      knot={isGrowing ? <span className="glow" /> : <Brain size={14} />}
      knotClass={isGrowing ? 'knot-lit' : ''}
      knotTop={6}
      className="py-0.5"
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={toggle}
        className="-ml-1.5 flex min-h-7 w-[calc(100%+12px)] items-center gap-2 rounded-s px-1.5 text-left hover:bg-bg-2 pointer-coarse:min-h-11"
      >
        <span className="text-fg-1">{isGrowing ? 'Thinking' : 'Thought'}</span>
        <span className="min-w-0 flex-1 truncate text-fg-2">{lastLine}</span>
        <ChevronRight size={14} className={`shrink-0 text-fg-2 transition-transform duration-(--d-1) ${isOpen ? 'rotate-90' : ''}`} />
      </button>
      {isOpen ? (
        <p className="mb-1 max-w-[64ch] border-l border-line-2 pl-3 text-14 whitespace-pre-wrap text-fg-1 [overflow-wrap:anywhere]">
          {isGrowing ? <GrowingText part={part} /> : part.text.trim()}
        </p>
      ) : null}
    </TurnRow>
  );
}

/** Thoughts that are being written: what stands is not drawn again. */
function GrowingText({ part }: { part: ReasoningPart }) {
  const grown = useRef<Grown<Chunks> | null>(null);
  const chunks = useMemo(() => {
    grown.current = growText(grown.current, part, NO_CHUNKS, appendChunks);
    return grown.current.value;
  }, [part]);
  return <ChunkedText chunks={chunks} />;
}

/** The lit tip of a running turn: always there while it runs, so that nothing jumps. */
export function ActivityRow({ message, waitsFor }: { message: Message; waitsFor: string | null }) {
  const now = useNow(1_000);
  const seconds = Math.floor((now - Date.parse(message.createdAt)) / 1_000);
  return (
    <TurnRow edge={message.parts.length === 0 ? 'first' : 'live'} knot={<span className="glow" />} knotClass="knot-lit" knotTop={6} className="min-h-8 py-0.5">
      <p className="flex min-h-7 items-center gap-2 text-13 text-fg-2">
        <span className="truncate">{activityText(message, waitsFor)}</span>
        {seconds >= 3 ? <span className="text-12">{duration(Math.max(10_000, seconds * 1_000)).replace(/^10s$/, `${Math.min(seconds, 10)}s`)}</span> : null}
      </p>
    </TurnRow>
  );
}

function activityText(message: Message, waitsFor: string | null): string {
  if (waitsFor !== null) return `Waits for ${waitsFor}`;
  const activity = message.activity;
  if (activity === null) return message.parts.length === 0 ? 'Starting' : 'Working';
  const detail = activity.detail === null ? '' : `: ${activity.detail}`;
  switch (activity.phase) {
    case 'starting':
      return `Starting${detail}`;
    case 'waiting_for_model':
      return activity.detail ?? 'Waiting for the model';
    case 'generating':
      return 'Writing';
    case 'running_tool':
      return 'Running a tool'; // its row says which
    case 'waiting_for_person':
      return 'Waiting for you';
  }
}

/** The icon of an ending that is not a success. */
export function EndingIcon({ status }: { status: Message['status'] }) {
  return status === 'cancelled' ? <CircleSlash size={14} /> : <CircleAlert size={14} />;
}
