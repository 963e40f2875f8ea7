import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';

/** The element that scrolls the rows. */
export const ScrollerContext = createContext<HTMLElement | null>(null);

const CHUNK = 60;
const NEAR_PX = 900;

interface LazyRowsProps<T> {
  readonly rows: readonly T[];
  /** About how high a row is that is not drawn yet; the same function each time. */
  readonly heightOf: (row: T) => number;
  /** A row that must be there, wherever it is. */
  readonly wanted: number | null;
  readonly children: (row: T, index: number) => ReactNode;
}

/** Draws rows of any height in pieces, those near what is seen; the others keep their place. Several of these share one scroller. */
export function LazyRows<T>({ rows, heightOf, wanted, children }: LazyRowsProps<T>) {
  const chunks = useMemo(
    () =>
      Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, at) => {
        const chunk = rows.slice(at * CHUNK, (at + 1) * CHUNK);
        return { rows: chunk, height: chunk.reduce((sum, row) => sum + heightOf(row), 0) };
      }),
    [rows, heightOf],
  );
  if (chunks.length <= 2) return rows.map((row, index) => children(row, index));
  return chunks.map((chunk, at) => (
    <Chunk key={at} estimate={chunk.height} isWanted={wanted !== null && Math.floor(wanted / CHUNK) === at}>
      {() => chunk.rows.map((row, index) => children(row, at * CHUNK + index))}
    </Chunk>
  ));
}

function Chunk({ estimate, isWanted, children }: { estimate: number; isWanted: boolean; children: () => ReactNode }) {
  const scroller = useContext(ScrollerContext);
  const holder = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number | null>(estimate);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        const isNear = entries.at(-1)?.isIntersecting ?? false;
        // where somebody reads or writes with the keyboard, nothing is taken away
        if (isNear || element.contains(document.activeElement)) setHeight(null);
        else setHeight((now) => now ?? element.offsetHeight);
      },
      { root: scroller, rootMargin: `${NEAR_PX}px 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  const isDrawn = height === null || isWanted;
  return (
    <div ref={holder} style={isDrawn ? undefined : { height }}>
      {isDrawn ? children() : null}
    </div>
  );
}
