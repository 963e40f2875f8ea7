import type { ProjectId } from '@boocode/contracts/ids.ts';
import type { SearchHit } from '@boocode/contracts/search.ts';
import { useCallback, useRef, useState } from 'react';
import { Link } from 'wouter';
import { moveAmongButtons } from '../files/move-among-buttons.ts';
import { useSearch } from '../files/use-search.ts';
import { useLive } from '../live/live-context.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { SearchField } from './SearchField.tsx';
import { SearchHint } from './SearchHint.tsx';

/** Messages of all chats (of one project, or of all) that hold all the words; each leads to its place in the chat. */
export function ChatSearch({ projectId }: { projectId: ProjectId | null }) {
  const { api } = useLive();
  const [words, setWords] = useState('');
  const results = useRef<HTMLUListElement>(null);
  const search = useCallback(
    (q: string, signal: AbortSignal) => api.search({ query: { q, limit: 50, ...(projectId === null ? {} : { project: projectId }) }, signal }),
    [api, projectId],
  );
  const { result, failure, again } = useSearch(words, search);
  const now = useNow(60_000);
  const items = result?.items ?? [];
  return (
    <>
      <SearchField label="Search in chats" words={words} onChange={setWords} onDown={() => results.current?.querySelector('a')?.focus()} />
      <LiveRegion text={result === null ? '' : `${items.length} messages found`} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {failure === null ? null : <SearchHint text={failure} onAgain={again} />}
        {words.trim() === '' ? <SearchHint text="Search what you and the agents said, and what the agents did." /> : null}
        {result !== null && items.length === 0 ? <SearchHint text="No message holds all of these words. Fewer words find more." /> : null}
        <ul ref={results} aria-label="Messages found">
          {items.map((hit) => (
            <li key={hit.messageId} className="border-b border-line">
              <HitLink hit={hit} words={words.trim()} nowMs={now} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function HitLink({ hit, words, nowMs }: { hit: SearchHit; words: string; nowMs: number }) {
  return (
    <Link
      href={`/sessions/${hit.sessionId}/${hit.chatId}?at=${hit.position}&message=${hit.messageId}&words=${encodeURIComponent(words)}`}
      className="block px-4 py-2.5 -outline-offset-2 hover:bg-bg-2"
      onKeyDown={moveAmongButtons}
    >
      <span className="flex items-baseline gap-2 text-12 text-fg-2">
        <span className="min-w-0 truncate font-semibold text-fg-0">{hit.sessionTitle}</span>
        <span className="shrink-0">{hit.role === 'user' ? 'you' : 'answer'}</span>
        <span className="ml-auto shrink-0">{timeAgo(hit.createdAt, nowMs)}</span>
      </span>
      <span className="mt-0.5 block text-13 [overflow-wrap:anywhere] text-fg-1">
        {hit.snippet.map((piece, at) =>
          piece.marked ? (
            <mark key={at} className="found">
              {piece.text}
            </mark>
          ) : (
            <span key={at}>{piece.text}</span>
          ),
        )}
      </span>
    </Link>
  );
}
