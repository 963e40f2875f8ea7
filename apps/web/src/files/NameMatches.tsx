import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { File } from 'lucide-react';
import { type KeyboardEvent, type Ref, useCallback } from 'react';
import { useLive } from '../live/live-context.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { MarkedText } from './MarkedText.tsx';
import { moveAmongButtons } from './move-among-buttons.ts';
import { useSearch } from './use-search.ts';

interface NameMatchesProps {
  readonly ref: Ref<HTMLUListElement>;
  readonly projectId: ProjectId;
  readonly session: SessionId | undefined;
  readonly words: string;
  readonly onOpen: (path: string) => void;
}

/** Files whose paths hold the typed characters, best first. */
export function NameMatches({ ref, projectId, session, words, onOpen }: NameMatchesProps) {
  const { api } = useLive();
  const search = useCallback(
    (q: string, signal: AbortSignal) =>
      api.findFileNames({ params: { id: projectId }, query: { q, limit: 50, ...(session === undefined ? {} : { session }) }, signal }),
    [api, projectId, session],
  );
  const { result, failure, again } = useSearch(words, search);
  if (failure !== null)
    return (
      <div className="p-3">
        <RetryLine message={failure} onRetry={again} />
      </div>
    );
  const items = result?.items ?? [];
  return (
    <div className="min-h-0 flex-1 overflow-y-auto py-1">
      <LiveRegion text={result === null ? '' : `${items.length} files found`} />
      {result !== null && items.length === 0 ? (
        <p className="p-4 text-13 text-fg-1">No file is called like this. Some of its letters, in their order, are enough.</p>
      ) : null}
      <ul ref={ref} aria-label="Files found">
        {items.map((item) => {
          const slash = item.path.lastIndexOf('/') + 1;
          return (
            <li key={item.path}>
              <button
                type="button"
                className="tree-row w-full text-left"
                onKeyDown={(event: KeyboardEvent<HTMLElement>) => moveAmongButtons(event)}
                onClick={() => onOpen(item.path)}
              >
                <File size={14} className="ml-3 shrink-0 text-fg-2" />
                <span className="shrink-0 text-fg-0">
                  <MarkedText text={item.path.slice(slash)} ranges={rangesOf(item.marks, slash)} />
                </span>
                <span className="min-w-0 truncate text-12 text-fg-2">{item.path.slice(0, Math.max(0, slash - 1))}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function rangesOf(marks: readonly number[], from: number): readonly (readonly [number, number])[] {
  return marks.filter((mark) => mark >= from).map((mark) => [mark - from, mark - from + 1]);
}
