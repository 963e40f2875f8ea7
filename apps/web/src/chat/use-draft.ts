import { useCallback, useState } from 'react';
import { keepDraft, readDraft } from './drafts.ts';

/** The draft of one place. Give the component a `key` per place. */
export function useDraft(place: string): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => readDraft(place));
  const set = useCallback(
    (next: string) => {
      setText(next);
      keepDraft(place, next);
    },
    [place],
  );
  return [text, set];
}
