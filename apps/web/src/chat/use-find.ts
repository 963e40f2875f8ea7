import type { ChatId } from '@boocode/contracts/ids.ts';
import type { ChatMatch } from '@boocode/contracts/search.ts';
import { useEffect, useReducer } from 'react';
import { useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';

const TYPING_MS = 180;

interface FindState {
  readonly words: string;
  /** What was found is of these words; null = still looking. */
  readonly foundWords: string | null;
  readonly matches: readonly ChatMatch[];
  readonly index: number;
  /** Grows with every wish to go to a match, also to the same again. */
  readonly visit: number;
  readonly problem: string | null;
}

const NOTHING: FindState = { words: '', foundWords: '', matches: [], index: 0, visit: 0, problem: null };

type FindEvent =
  | { readonly type: 'typed'; readonly words: string }
  | { readonly type: 'found'; readonly words: string; readonly matches: readonly ChatMatch[] }
  | { readonly type: 'failed'; readonly words: string; readonly problem: string }
  | { readonly type: 'stepped'; readonly by: 1 | -1 };

/** Folds what happens in a find; it begins at the newest match, and goes round. */
export function applyFind(state: FindState, event: FindEvent): FindState {
  switch (event.type) {
    case 'typed':
      return { ...state, words: event.words, foundWords: event.words.trim() === '' ? '' : null, matches: event.words.trim() === '' ? [] : state.matches };
    case 'found':
      if (event.words !== state.words) return state;
      return { ...state, foundWords: event.words, matches: event.matches, index: Math.max(0, event.matches.length - 1), visit: state.visit + 1, problem: null };
    case 'failed':
      return event.words === state.words ? { ...state, foundWords: event.words, matches: [], problem: event.problem } : state;
    case 'stepped':
      if (state.matches.length === 0) return state;
      return { ...state, index: (state.index + event.by + state.matches.length) % state.matches.length, visit: state.visit + 1 };
  }
}

export interface Find {
  readonly state: FindState;
  readonly current: ChatMatch | null;
  readonly type: (words: string) => void;
  readonly step: (by: 1 | -1) => void;
}

/** Looks for words in a whole chat, loaded or not. */
export function useFind(chatId: ChatId): Find {
  const { api } = useLive();
  const [state, apply] = useReducer(applyFind, NOTHING);
  const { words } = state;
  useEffect(() => {
    if (words.trim() === '') return;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      api.findInChat({ params: { id: chatId }, query: { q: words }, signal: leaving.signal }).then(
        ({ items }) => apply({ type: 'found', words, matches: items }),
        (error: unknown) => leaving.signal.aborted || apply({ type: 'failed', words, problem: sentenceOf(error) }),
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [api, chatId, words]);
  return {
    state,
    current: state.matches[state.index] ?? null,
    type: (next) => apply({ type: 'typed', words: next }),
    step: (by) => apply({ type: 'stepped', by }),
  };
}
