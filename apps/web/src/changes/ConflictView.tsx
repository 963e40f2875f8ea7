import { useMemo } from 'react';
import { CodeArea } from '../ui/CodeArea.tsx';
import { conflictParts } from './conflict-parts.ts';

/** Where the folder and the change changed the same lines, both versions one above the other. */
export function ConflictView({ path, merged }: { path: string; merged: string }) {
  const parts = useMemo(() => conflictParts(merged), [merged]);
  if (parts.length === 0) return null;
  return (
    <div className="space-y-2 px-3 pb-3">
      {parts.map((part) => (
        <CodeArea key={part.line} label={`Both versions of ${path}, line ${part.line}`} className="code well">
          <Version title="In your folder" lines={part.folder} className="bg-del-bg" />
          <Version title="In this change" lines={part.change} className="bg-add-bg" />
        </CodeArea>
      ))}
    </div>
  );
}

function Version({ title, lines, className }: { title: string; lines: readonly string[]; className: string }) {
  return (
    <span className="block min-w-full">
      <span className="block px-3 py-1 font-ui text-12 text-fg-1">{title}</span>
      <span className={`block px-3 py-1 whitespace-pre-wrap ${className}`}>
        {lines.length === 0 ? <em className="text-fg-1">these lines are gone</em> : lines.join('\n')}
      </span>
    </span>
  );
}
