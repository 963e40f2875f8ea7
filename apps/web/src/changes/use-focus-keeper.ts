import { useEffect, useLayoutEffect, useRef } from 'react';

/** Where the focus belongs after an act: a hunk of a file, or the file's own line (null). */
interface Place {
  readonly path: string;
  readonly hunk: number | null;
}

/** A pressed button goes away with the state of what it is of, and the focus with it: it is given to the hunk that stands there then, or to the file's own line. */
export function useFocusKeeper() {
  const list = useRef<HTMLUListElement>(null);
  const place = useRef<Place | null>(null);
  useLayoutEffect(() => {
    if (place.current === null || document.activeElement !== document.body) return;
    const { path, hunk } = place.current;
    const file = list.current?.querySelector<HTMLElement>(`[data-change="${CSS.escape(path)}"]`);
    const bars = hunk === null ? [] : [...(file?.querySelectorAll<HTMLElement>('[data-hunk]') ?? [])];
    const bar = bars.find((other) => Number(other.dataset['hunk']) === hunk) ?? bars.at(-1);
    (bar ?? file?.querySelector<HTMLElement>('button'))?.focus({ preventScroll: bar !== undefined });
  });
  useEffect(() => {
    // whoever goes on elsewhere is not brought back when something there goes away
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof Node && list.current?.contains(target) === true)) place.current = null;
    };
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);
  const keepFocus = (path: string, hunk: number | null = null) => {
    place.current = { path, hunk };
  };
  return { list, keepFocus };
}
