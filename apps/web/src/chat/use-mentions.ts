import type { Chat } from '@boocode/contracts/chat.ts';
import type { FileName } from '@boocode/contracts/project-file.ts';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import type { MentionToken } from './mention-token.ts';

const TYPING_MS = 80;
const SHOWN = 8;

export interface Mentions {
  /** null = nothing is being mentioned, or it was closed. */
  readonly token: MentionToken | null;
  readonly files: readonly FileName[];
  readonly index: number;
  readonly isFailed: boolean;
  /** What is being typed at the caret now. */
  readonly follow: (token: MentionToken | null) => void;
  readonly move: (by: 1 | -1) => void;
  readonly close: () => void;
}

interface Found {
  readonly query: string | null;
  readonly files: readonly FileName[];
  readonly isFailed: boolean;
}

/** Files to mention with `@`, of the worktree that the chat works in. */
export function useMentions(chat: Chat): Mentions {
  const { api } = useLive();
  const [token, setToken] = useState<MentionToken | null>(null);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [found, setFound] = useState<Found>({ query: null, files: [], isFailed: false });
  const [index, setIndex] = useState(0);
  const shown = token === null || token.start === closedAt ? null : token;
  const query = shown?.query ?? null;
  useEffect(() => {
    if (query === null) return;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      api
        .findFileNames({ params: { id: chat.projectId }, query: { q: query, limit: SHOWN, session: chat.sessionId }, signal: leaving.signal })
        .then(({ items }) => setFound({ query, files: items, isFailed: false }))
        .catch(() => leaving.signal.aborted || setFound({ query, files: [], isFailed: true }));
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [api, chat.projectId, chat.sessionId, query]);
  return {
    token: shown,
    files: shown === null ? [] : found.files,
    index: Math.min(index, Math.max(0, found.files.length - 1)),
    isFailed: found.isFailed,
    follow(next) {
      if (next?.start !== token?.start || next?.query !== token?.query) setIndex(0);
      if (next === null) setClosedAt(null);
      setToken(next);
    },
    move: (by) => setIndex((now) => (Math.min(now, found.files.length - 1) + by + found.files.length) % Math.max(1, found.files.length)),
    close: () => setClosedAt(token?.start ?? null),
  };
}
