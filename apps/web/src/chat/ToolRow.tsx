import type { ToolKind } from '@boocode/contracts/agent-event.ts';
import type { ToolPart } from '@boocode/contracts/turn-state.ts';
import { Bot, ChevronRight, CircleHelp, FileText, FolderInput, Globe, ListChecks, type LucideIcon, Pencil, Search, SquareTerminal, Trash2 } from 'lucide-react';
import { lazy, memo } from 'react';
import { duration } from '../ui/time-ago.ts';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { useExpanded } from './expanded.tsx';
import type { Edge } from './timeline-rows.ts';
import { groupWords, toolWords } from './tool-words.ts';
import { TurnRow } from './TurnRow.tsx';

const ToolBody = lazy(async () => ({ default: (await import('./ToolBody.tsx')).ToolBody }));

const ICONS: Record<ToolKind, LucideIcon> = {
  read: FileText,
  search: Search,
  edit: Pencil,
  delete: Trash2,
  move: FolderInput,
  execute: SquareTerminal,
  think: ListChecks,
  fetch: Globe,
  task: Bot,
  other: CircleHelp,
};

/** Small diffs and failed commands are open from the start: they are what a reader looks for. */
function isOpenByDefault(part: ToolPart): boolean {
  if (part.status === 'running' && part.live !== '') return true;
  if (part.output === null) return false;
  const rows = part.output.diffs.reduce((sum, diff) => sum + diff.additions + diff.deletions, 0);
  return rows > 0 ? rows <= 40 : part.kind === 'execute' && part.status === 'failed';
}

/** One tool call: a quiet line whose dot glows while it runs, opening to what went in and came out. */
export const ToolRow = memo(function ToolRow({ part, edge }: { part: ToolPart; edge: Edge }) {
  const [isOpen, toggle] = useExpanded(part.callId, isOpenByDefault(part));
  const isRunning = part.status === 'running';
  const isFailed = part.status === 'failed';
  const Icon = ICONS[part.kind];
  const knotClass = isFailed ? 'knot-bad' : isRunning ? 'knot-lit' : '';
  return (
    <TurnRow edge={edge} knot={isRunning ? <span className="glow" /> : <Icon size={14} />} knotClass={knotClass} knotTop={6} className="py-0.5">
      <ToolLine part={part} isOpen={isOpen} onToggle={toggle} />
      {isOpen ? <Body part={part} /> : null}
    </TurnRow>
  );
});

/** Many calls of one kind in a row, folded into one line. */
export const ToolGroupRow = memo(
  function ToolGroupRow({ rowKey, parts, edge }: { rowKey: string; parts: readonly ToolPart[]; edge: Edge }) {
    const [isOpen, toggle] = useExpanded(rowKey, false);
    const first = parts[0];
    if (first === undefined) return null;
    if (parts.length === 1) return <ToolRow part={first} edge={edge} />;
    const { verb, object } = groupWords(parts);
    const ms = parts.reduce((sum, part) => sum + ((part.endedAt ?? part.startedAt) - part.startedAt), 0);
    const Icon = ICONS[first.kind];
    return (
      <TurnRow edge={edge} knot={<Icon size={14} />} knotTop={6} className="py-0.5">
        <LineButton isOpen={isOpen} onToggle={toggle}>
          <span className="text-fg-1">{verb}</span>
          <span className="truncate text-fg-2">{object}</span>
          <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 text-12 text-fg-2">
            <Counts parts={parts} />
            {ms < 100 ? '' : duration(ms)}
          </span>
        </LineButton>
        {isOpen ? (
          <ul className="mb-1 border-l border-line-2 pl-3">
            {parts.map((part) => (
              <li key={part.callId}>
                <GroupedPart part={part} />
              </li>
            ))}
          </ul>
        ) : null}
      </TurnRow>
    );
  },
  (before, after) =>
    before.rowKey === after.rowKey &&
    before.edge === after.edge &&
    before.parts.length === after.parts.length &&
    before.parts.every((part, index) => part === after.parts[index]),
);

function GroupedPart({ part }: { part: ToolPart }) {
  const [isOpen, toggle] = useExpanded(part.callId, false);
  return (
    <>
      <ToolLine part={part} isOpen={isOpen} onToggle={toggle} />
      {isOpen ? <Body part={part} /> : null}
    </>
  );
}

function Body({ part }: { part: ToolPart }) {
  return (
    <LazyBoundary fallback={<div className="well mt-1 mb-2 h-24" />}>
      <ToolBody part={part} />
    </LazyBoundary>
  );
}

function Counts({ parts }: { parts: readonly ToolPart[] }) {
  const diffs = parts.flatMap((part) => part.output?.diffs ?? []);
  const additions = diffs.reduce((sum, diff) => sum + diff.additions, 0);
  const deletions = diffs.reduce((sum, diff) => sum + diff.deletions, 0);
  return (
    <>
      {additions > 0 ? <span className="font-mono text-add-fg">+{additions}</span> : null}
      {deletions > 0 ? <span className="font-mono text-del-fg">-{deletions}</span> : null}
    </>
  );
}

function ToolLine({ part, isOpen, onToggle }: { part: ToolPart; isOpen: boolean; onToggle: () => void }) {
  const { verb, object } = toolWords(part);
  return (
    <LineButton isOpen={isOpen} onToggle={onToggle}>
      <span className={part.status === 'failed' ? 'text-bad' : 'text-fg-1'}>{verb}</span>
      <span className="truncate font-mono text-12 text-fg-0">{object}</span>
      <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 text-12">
        <Counts parts={[part]} />
        {part.output?.exitCode !== null && part.output?.exitCode !== undefined && part.output.exitCode !== 0 ? (
          <span className="text-bad">exit {part.output.exitCode}</span>
        ) : null}
        {part.status === 'failed' && part.output?.exitCode == null ? <span className="text-bad">failed</span> : null}
        {part.endedAt === null || part.endedAt - part.startedAt < 100 ? null : <span className="text-fg-2">{duration(part.endedAt - part.startedAt)}</span>}
      </span>
    </LineButton>
  );
}

function LineButton({ isOpen, onToggle, children }: { isOpen: boolean; onToggle: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="-ml-1.5 flex min-h-7 w-[calc(100%+12px)] items-center gap-2 rounded-s px-1.5 text-left hover:bg-bg-2 pointer-coarse:min-h-11"
    >
      {children}
      <ChevronRight size={14} className={`shrink-0 text-fg-2 transition-transform duration-(--d-1) ${isOpen ? 'rotate-90' : ''}`} />
    </button>
  );
}
