import { createContext, useContext, useState } from 'react';

/** Which rows of a chat a person has opened or closed; kept while rows leave the screen and come back. */
export const ExpandedContext = createContext<Map<string, boolean>>(new Map());

export function useExpanded(key: string, byDefault: boolean): readonly [isExpanded: boolean, toggle: () => void] {
  const kept = useContext(ExpandedContext);
  const [, redraw] = useState(0);
  const isExpanded = kept.get(key) ?? byDefault;
  const toggle = () => {
    kept.set(key, !isExpanded);
    redraw((count) => count + 1);
  };
  return [isExpanded, toggle];
}
