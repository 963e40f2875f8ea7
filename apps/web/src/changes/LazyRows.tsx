import { createContext, memo, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';

/** The element that scrolls the rows. */
export const ScrollerContext = createContext<HTMLElement | null>(null);

/** Rows that are drawn and taken away together: one or two pieces are new with each frame of a fast scroll. */
const PIECE = 16;
/** Up to so many rows, all are there, also for what searches the page. */
const FEW = 120;
/** What is opened is seen from its beginning: so many pieces are there at once. */
const AT_ONCE = 3;
const NEAR_PX = 900;

interface LazyRowsProps<T> {
  readonly rows: readonly T[];
  /** About how high a row is that is not drawn yet; the same function each time. */
  readonly heightOf: (row: T) => number;
  /** A row that must be there, wherever it is. */
  readonly wanted: number | null;
  readonly children: (row: T, index: number) => ReactNode;
}

interface Sight {
  /** Pieces that are drawn. */
  readonly drawn: ReadonlySet<number>;
  /** How high pieces were when they were taken away, and of which rows that is true. */
  readonly heights: ReadonlyMap<number, number>;
  readonly of: readonly unknown[];
}

/** Draws rows of any height in pieces, those near what is seen; the others keep their place. Several of these share one scroller. */
export function LazyRows<T>({ rows, heightOf, wanted, children }: LazyRowsProps<T>) {
  const scroller = useContext(ScrollerContext);
  const list = useRef<HTMLDivElement>(null);
  const pieces = useMemo(() => Array.from({ length: Math.ceil(rows.length / PIECE) }, (_, at) => rows.slice(at * PIECE, (at + 1) * PIECE)), [rows]);
  const estimates = useMemo(() => pieces.map((piece) => piece.reduce((sum, row) => sum + heightOf(row), 0)), [pieces, heightOf]);
  const draw = useCallback((at: number) => pieces[at]?.map((row, index) => children(row, at * PIECE + index)), [pieces, children]);
  const areFew = rows.length <= FEW;
  const [sight, setSight] = useState<Sight>(() => ({ drawn: new Set(Array(areFew ? pieces.length : AT_ONCE).keys()), heights: new Map(), of: rows }));
  useEffect(() => {
    if (areFew) return;
    const places = new Map<Element, number>([...(list.current?.children ?? [])].map((element, at) => [element, at]));
    const observer = new IntersectionObserver(
      (entries) => {
        const focus = document.activeElement;
        const seen = entries.flatMap((entry) => {
          const at = places.get(entry.target);
          if (at === undefined) return [];
          // where somebody reads or writes with the keyboard, nothing is taken away
          return [{ at, isNear: entry.isIntersecting || entry.target.contains(focus), height: entry.boundingClientRect.height }];
        });
        setSight((now) => {
          const [drawn, heights] = [new Set(now.drawn), new Map(now.of === rows ? now.heights : [])];
          for (const { at, isNear, height } of seen) {
            if (isNear) drawn.add(at);
            else if (drawn.delete(at)) heights.set(at, height);
          }
          return { drawn, heights, of: rows };
        });
      },
      { root: scroller, rootMargin: `${NEAR_PX}px 0px` },
    );
    for (const element of places.keys()) observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, rows, areFew]);
  const heights = sight.of === rows ? sight.heights : null;
  const isDrawn = (at: number) => areFew || sight.drawn.has(at) || (wanted !== null && Math.floor(wanted / PIECE) === at);
  return (
    <div ref={list}>
      {estimates.map((estimate, at) => (
        <Piece key={at} at={at} height={isDrawn(at) ? null : (heights?.get(at) ?? estimate)} draw={draw} />
      ))}
    </div>
  );
}

/** Some rows, or the place of them (`height`). */
const Piece = memo(function Piece({ at, height, draw }: { at: number; height: number | null; draw: (at: number) => ReactNode }) {
  return <div style={height === null ? undefined : { height }}>{height === null ? draw(at) : null}</div>;
});
