import { useState } from 'react';
import type { PaneProps } from '../panes/pane-props.ts';
import { ChatSearch } from './ChatSearch.tsx';
import { FileSearch } from './FileSearch.tsx';

type Scope = 'files' | 'chats';

/** Search in everything: the lines of files, the messages of chats. */
export function SearchPane({ projectId, sessionId, onOpen }: PaneProps) {
  const [scope, setScope] = useState<Scope>('files');
  const choice = (value: Scope, label: string) => (
    <button
      type="button"
      aria-pressed={scope === value}
      className={`btn btn-small ${scope === value ? '!bg-bg-3' : 'text-fg-1'}`}
      onClick={() => setScope(value)}
    >
      {label}
    </button>
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div role="group" aria-label="Search in" className="flex min-h-(--bar) items-center gap-1 border-b border-line px-2">
        {choice('files', 'Files')}
        {choice('chats', 'Chats')}
      </div>
      {scope === 'files' ? (
        <FileSearch projectId={projectId} sessionId={sessionId} onOpen={(path, line) => onOpen('file', { ref: path, line })} />
      ) : (
        <ChatSearch projectId={projectId} />
      )}
    </div>
  );
}
