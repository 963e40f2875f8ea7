import { useEffect, useState } from 'react';
import { sentenceOf } from '../live/use-action.ts';

export interface Found<T> {
  /** What was searched for; '' = nothing yet. */
  readonly words: string;
  readonly result: T | null;
  readonly failure: string | null;
  /** Searches for the same once more. */
  readonly again: () => void;
}

const TYPING_MS = 140;
const NOTHING: Omit<Found<never>, 'again'> = { words: '', result: null, failure: null };

/** Searches as somebody types, a moment after the last key; only the newest answer counts. `search` must stay the same for the same question. */
export function useSearch<T>(words: string, search: (words: string, signal: AbortSignal) => Promise<T>): Found<T> {
  const [found, setFound] = useState<Omit<Found<T>, 'again'>>(NOTHING);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (words.trim() === '') return;
    const gone = new AbortController();
    const timer = setTimeout(() => {
      search(words, gone.signal).then(
        (result) => !gone.signal.aborted && setFound({ words, result, failure: null }),
        (error: unknown) => !gone.signal.aborted && setFound({ words, result: null, failure: sentenceOf(error) }),
      );
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [words, search, round]);
  return { ...(words.trim() === '' ? NOTHING : found), again: () => setRound(round + 1) };
}
