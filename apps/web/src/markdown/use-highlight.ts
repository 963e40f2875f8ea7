import { useEffect, useReducer } from 'react';
import { type Highlight, loadHighlight, peekHighlight } from './highlight.ts';

/** The highlighter of a language, null until it is here (or when there is none): the code is shown plain meanwhile. */
export function useHighlight(language: string | null): Highlight | null {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (language === null || peekHighlight(language) !== null) return;
    let isGone = false;
    loadHighlight(language).then(
      () => !isGone && redraw(),
      () => undefined, // offline: the code stays plain
    );
    return () => {
      isGone = true;
    };
  }, [language]);
  return language === null ? null : peekHighlight(language);
}
