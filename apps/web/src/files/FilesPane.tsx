import { ChevronRight, CornerDownRight, File, Folder, RotateCw, Search } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import type { PaneProps } from '../panes/pane-props.ts';
import { RetryLine } from '../ui/RetryLine.tsx';
import { CLOSED_TREE, moveInTree, reduceTree, type TreeRow, treeRows } from './file-tree.ts';
import { FilePlace, usePlace } from './FilePlace.tsx';
import { NameMatches } from './NameMatches.tsx';

/** The files of the session's worktree or of the project's folder, with what git says about them. */
export function FilesPane({ projectId, sessionId, onOpen }: PaneProps) {
  const [place, setPlace] = usePlace(sessionId);
  const [words, setWords] = useState('');
  const matches = useRef<HTMLUListElement>(null);
  const open = (path: string) => onOpen('file', { ref: path });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-(--bar) items-center gap-2 border-b border-line px-2 py-1.5">
        <div className="relative min-w-0 flex-1">
          <Search size={14} className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-2" />
          <input
            type="search"
            className="field !py-1.5 !pl-8 !text-13"
            aria-label="Find a file by its name"
            placeholder="Find a file"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && words !== '') {
                event.preventDefault();
                setWords('');
              }
              if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
              event.preventDefault();
              const first = matches.current?.querySelector('button');
              if (event.key === 'Enter') first?.click();
              else first?.focus();
            }}
          />
        </div>
        <FilePlace place={place} onChoose={setPlace} />
      </div>
      {words.trim() === '' ? (
        <Tree key={place} projectId={projectId} session={place === 'worktree' ? sessionId : undefined} onOpen={open} />
      ) : (
        <NameMatches ref={matches} projectId={projectId} session={place === 'worktree' ? sessionId : undefined} words={words} onOpen={open} />
      )}
    </div>
  );
}

interface TreeProps {
  readonly projectId: PaneProps['projectId'];
  readonly session: PaneProps['sessionId'] | undefined;
  readonly onOpen: (path: string) => void;
}

function Tree({ projectId, session, onOpen }: TreeProps) {
  const { api } = useLive();
  const [tree, dispatch] = useReducer(reduceTree, CLOSED_TREE);
  const [current, setCurrent] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const rows = useMemo(() => treeRows(tree), [tree]);
  const read = useCallback(
    (path: string) => {
      dispatch({ type: 'open', path });
      api.listFiles({ params: { id: projectId }, query: { path, ...(session === undefined ? {} : { session }) } }).then(
        ({ items }) => dispatch({ type: 'read', path, entries: items }),
        (error: unknown) => dispatch({ type: 'failed', path, message: sentenceOf(error) }),
      );
    },
    [api, projectId, session],
  );
  useEffect(() => read(''), [read]);

  const focused = rows.some((row) => row.type === 'entry' && row.entry.path === current) ? current : firstPath(rows);
  const activate = (row: TreeRow & { type: 'entry' }) => {
    setCurrent(row.entry.path);
    if (row.entry.kind !== 'folder') onOpen(row.entry.path);
    else if (row.isOpen) dispatch({ type: 'close', path: row.entry.path });
    else read(row.entry.path);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows.find((other) => other.type === 'entry' && other.entry.path === focused);
    if ((event.key === 'Enter' || event.key === ' ') && row?.type === 'entry') {
      event.preventDefault();
      activate(row);
      return;
    }
    const move = moveInTree(rows, focused, event.key);
    if (move === null) return;
    event.preventDefault();
    if (move.open !== undefined) read(move.open);
    if (move.close !== undefined) dispatch({ type: 'close', path: move.close });
    setCurrent(move.to);
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(move.to)}"]`)?.focus();
  };
  const top = tree.folders.get('');
  if (top?.state === 'failed')
    return (
      <div className="p-3">
        <RetryLine message={top.message} onRetry={() => read('')} />
      </div>
    );
  if (top === undefined || (top.state === 'reading' && top.entries.length === 0)) return <TreeSkeleton />;
  return (
    <ul ref={list} role="tree" aria-label="Files" className="min-h-0 flex-1 overflow-y-auto py-1" onKeyDown={press}>
      {rows.map((row) =>
        row.type === 'note' ? (
          <li
            key={`note ${row.path}`}
            role="none"
            className="flex min-h-7 items-center gap-2 pr-3 text-12 text-fg-2"
            style={{ paddingLeft: indent(row.depth) + 20 }}
          >
            <span className={row.isFailure ? 'text-bad' : ''}>{row.text}</span>
            {row.isFailure ? (
              <button type="button" className="btn btn-small btn-line" onClick={() => read(row.path)}>
                <RotateCw size={12} /> Try again
              </button>
            ) : null}
          </li>
        ) : (
          <EntryRow key={row.entry.path} row={row} isCurrent={row.entry.path === focused} onActivate={() => activate(row)} />
        ),
      )}
    </ul>
  );
}

function EntryRow({ row, isCurrent, onActivate }: { row: TreeRow & { type: 'entry' }; isCurrent: boolean; onActivate: () => void }) {
  const { entry, depth, isOpen, position, size } = row;
  const isFolder = entry.kind === 'folder';
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree hears the keys
    <li
      role="treeitem"
      aria-level={depth + 1}
      aria-posinset={position}
      aria-setsize={size}
      aria-expanded={isFolder ? isOpen : undefined}
      aria-selected={isCurrent}
      tabIndex={isCurrent ? 0 : -1}
      data-path={entry.path}
      className={`tree-row ${entry.ignored ? 'text-fg-2' : 'text-fg-0'}`}
      style={{ paddingLeft: indent(depth) }}
      onClick={onActivate}
    >
      <ChevronRight
        size={13}
        className={`shrink-0 text-fg-2 transition-transform duration-(--d-1) ${isFolder ? '' : 'invisible'} ${isOpen ? 'rotate-90' : ''}`}
      />
      {isFolder ? (
        <Folder size={14} className="shrink-0 text-fg-2" />
      ) : entry.kind === 'link' ? (
        <CornerDownRight size={14} className="shrink-0 text-fg-2" />
      ) : (
        <File size={14} className="shrink-0 text-fg-2" />
      )}
      <span className={`min-w-0 flex-1 truncate ${entry.status === 'D' ? 'line-through' : ''} ${STATUS[entry.status ?? 'none'].className}`}>{entry.name}</span>
      <span className="sr-only">{entryWords(entry)}</span>
      {entry.status === null ? null : (
        <span
          aria-hidden="true"
          title={STATUS[entry.status].words}
          className={`w-4 text-center font-mono text-12 font-semibold ${STATUS[entry.status].className}`}
        >
          {entry.status}
        </span>
      )}
    </li>
  );
}

const STATUS = {
  M: { words: 'changed', className: 'text-warn' },
  A: { words: 'new', className: 'text-add-fg' },
  D: { words: 'deleted', className: 'text-del-fg' },
  R: { words: 'renamed', className: 'text-info' },
  U: { words: 'in conflict', className: 'text-bad' },
  '?': { words: 'new, unknown to git', className: 'text-add-fg' },
  none: { words: '', className: '' },
} as const;

/** What the colours say, for those who do not see them. */
function entryWords(entry: (TreeRow & { type: 'entry' })['entry']): string {
  const words = [entry.status === null ? '' : STATUS[entry.status].words, entry.ignored ? 'ignored' : ''];
  return words.filter((word) => word !== '').join(', ');
}

function indent(depth: number): number {
  return 8 + depth * 14;
}

function firstPath(rows: readonly TreeRow[]): string | null {
  const first = rows.find((row) => row.type === 'entry');
  return first?.type === 'entry' ? first.entry.path : null;
}

function TreeSkeleton() {
  return (
    <div className="flex-1 space-y-2.5 p-3" role="status" aria-label="Reading the files">
      <div className="skeleton h-4 w-2/5" />
      <div className="skeleton h-4 w-1/2" />
      <div className="skeleton h-4 w-1/3" />
      <div className="skeleton h-4 w-2/5" />
    </div>
  );
}
