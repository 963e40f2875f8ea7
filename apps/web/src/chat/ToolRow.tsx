import type { ToolKind } from '@boocode/contracts/agent-event.ts';
import type { ToolPart } from '@boocode/contracts/turn-state.ts';
import { Bot, ChevronRight, CircleHelp, FileText, FolderInput, Globe, ListChecks, type LucideIcon, Pencil, Search, SquareTerminal, Trash2 } from 'lucide-react';
import { lazy, memo, Suspense } from 'react';
import { CodeArea } from '../ui/CodeArea.tsx';
import { duration } from '../ui/time-ago.ts';
import { useExpanded } from './expanded.tsx';
import type { Edge } from './timeline-rows.ts';
import { inputText, toolWords } from './tool-words.ts';
import { TurnRow } from './TurnRow.tsx';

const Patch = lazy(async () => ({ default: (await import('../changes/Patch.tsx')).Patch }));

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
      {isOpen ? <ToolBody part={part} /> : null}
    </TurnRow>
  );
});

/** Reads and searches in a row, folded into one line. */
export const ExploredRow = memo(
  function ExploredRow({ rowKey, parts, edge }: { rowKey: string; parts: readonly ToolPart[]; edge: Edge }) {
    const [isOpen, toggle] = useExpanded(rowKey, false);
    const first = parts[0];
    if (parts.length === 1 && first !== undefined) return <ToolRow part={first} edge={edge} />;
    const files = parts.filter((part) => part.kind === 'read').length;
    const searches = parts.length - files;
    const said = [
      files > 0 ? `${files} ${files === 1 ? 'read' : 'reads'}` : '',
      searches > 0 ? `${searches} ${searches === 1 ? 'search' : 'searches'}` : '',
    ].filter((word) => word !== '');
    const ms = parts.reduce((sum, part) => sum + ((part.endedAt ?? part.startedAt) - part.startedAt), 0);
    return (
      <TurnRow edge={edge} knot={<FileText size={14} />} knotTop={6} className="py-0.5">
        <LineButton isOpen={isOpen} onToggle={toggle}>
          <span className="text-fg-1">Looked around</span>
          <span className="truncate text-fg-2">{said.join(', ')}</span>
          <span className="ml-auto shrink-0 text-12 text-fg-2">{ms < 100 ? '' : duration(ms)}</span>
        </LineButton>
        {isOpen ? (
          <ul className="mb-1 border-l border-line-2 pl-3">
            {parts.map((part) => (
              <li key={part.callId}>
                <ExploredPart part={part} />
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

function ExploredPart({ part }: { part: ToolPart }) {
  const [isOpen, toggle] = useExpanded(part.callId, false);
  return (
    <>
      <ToolLine part={part} isOpen={isOpen} onToggle={toggle} />
      {isOpen ? <ToolBody part={part} /> : null}
    </>
  );
}

function ToolLine({ part, isOpen, onToggle }: { part: ToolPart; isOpen: boolean; onToggle: () => void }) {
  const { verb, object } = toolWords(part);
  const additions = part.output?.diffs.reduce((sum, diff) => sum + diff.additions, 0) ?? 0;
  const deletions = part.output?.diffs.reduce((sum, diff) => sum + diff.deletions, 0) ?? 0;
  return (
    <LineButton isOpen={isOpen} onToggle={onToggle}>
      <span className={part.status === 'failed' ? 'text-bad' : 'text-fg-1'}>{verb}</span>
      <span className="truncate font-mono text-12 text-fg-0">{object}</span>
      <span className="ml-auto flex shrink-0 items-center gap-2 pl-2 text-12">
        {additions > 0 ? <span className="font-mono text-add-fg">+{additions}</span> : null}
        {deletions > 0 ? <span className="font-mono text-del-fg">-{deletions}</span> : null}
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
      className="-ml-1.5 flex min-h-7 w-[calc(100%+12px)] items-center gap-2 rounded-s px-1.5 text-left hover:bg-bg-2 pointer-coarse:min-h-10"
    >
      {children}
      <ChevronRight size={14} className={`shrink-0 text-fg-2 transition-transform duration-(--d-1) ${isOpen ? 'rotate-90' : ''}`} />
    </button>
  );
}

function ToolBody({ part }: { part: ToolPart }) {
  const { output } = part;
  if (output !== null && output.diffs.length > 0) {
    return (
      <div className="mt-1 mb-2 space-y-2">
        {output.diffs.map((diff) => (
          <div key={diff.path} className="well">
            {diff.patch === null ? (
              <p className="px-3 py-2 text-12 text-fg-1">{diff.path}: too large or not text, so it is not shown here.</p>
            ) : (
              <Suspense fallback={<div className="h-24" />}>
                <Patch path={diff.path} patch={diff.patch} isCompact />
              </Suspense>
            )}
          </div>
        ))}
      </div>
    );
  }
  const text = output === null ? part.live : output.text;
  const input = part.kind === 'execute' ? '' : inputText(part.input); // a command is its own title
  return (
    <div className="well code mt-1 mb-2 divide-y divide-line">
      {input === '' ? null : (
        <CodeArea label="Input" className="max-h-48 px-3 py-2 whitespace-pre-wrap text-fg-2 [overflow-wrap:anywhere]">
          {input}
        </CodeArea>
      )}
      {text === '' ? (
        <p className="px-3 py-2 text-fg-2">{part.status === 'running' || part.status === 'pending' ? 'No output yet' : 'No output'}</p>
      ) : (
        <CodeArea label="Output" className="flex max-h-72 flex-col-reverse px-3 py-2 whitespace-pre-wrap text-fg-1 [overflow-wrap:anywhere]">
          <span>{text}</span>
        </CodeArea>
      )}
      {output?.truncated === true ? (
        <p className="px-3 py-2 text-fg-2">
          Shortened: {output.lines} lines in all{output.file === null ? '' : `, kept in ${output.file}`}
        </p>
      ) : null}
    </div>
  );
}
