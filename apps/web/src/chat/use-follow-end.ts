import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

const NEAR_PX = 150;
/** A reader who moves up is let go at once; where they come to rest decides. */
const REST_MS = 250;
const UP_KEYS = new Set(['ArrowUp', 'PageUp', 'Home']);

interface FollowEnd {
  readonly isAtEnd: boolean;
  /** Something came in below while the reader was elsewhere. */
  readonly hasNews: boolean;
  readonly goToEnd: () => void;
  /** Stops following: the reader is taken somewhere else. */
  readonly letGo: () => void;
}

/**
 * Keeps a growing list at its end while the reader is within 150 px of it, and never moves a reader who went up. `seq` grows with what is in the list.
 * `isEnd`: whether the list ends where the chat does; only that end is followed.
 */
export function useFollowEnd(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>, seq: number, isEnd: boolean): FollowEnd {
  const isFollowing = useRef(isEnd);
  const canFollow = useRef(isEnd);
  const lastTop = useRef(0);
  const lastHeight = useRef(0);
  const [isAtEnd, setIsAtEnd] = useState(isEnd);
  const [seenSeq, setSeenSeq] = useState(seq);
  if (isAtEnd && seenSeq !== seq) setSeenSeq(seq);

  const goToEnd = () => {
    const area = scroller.current;
    if (area === null) return;
    isFollowing.current = true;
    setIsAtEnd(true);
    area.scrollTop = area.scrollHeight;
  };

  useLayoutEffect(() => {
    canFollow.current = isEnd;
  }, [isEnd]);

  useLayoutEffect(() => {
    const area = scroller.current;
    if (isFollowing.current && area !== null) area.scrollTop = area.scrollHeight;
  }, [scroller, seq]);

  useEffect(() => {
    const area = scroller.current;
    const inner = content.current;
    if (area === null || inner === null) return;
    let restTimer: ReturnType<typeof setTimeout> | undefined;
    const gap = () => area.scrollHeight - area.scrollTop - area.clientHeight;
    const settle = () => {
      restTimer = undefined;
      isFollowing.current = canFollow.current && gap() <= NEAR_PX;
      setIsAtEnd(isFollowing.current);
    };
    const letGo = () => {
      isFollowing.current = false;
      clearTimeout(restTimer);
      restTimer = setTimeout(settle, REST_MS);
    };
    const onScroll = () => {
      // rows above that are measured move the place too: only a movement in an unchanged list is the reader's
      const isUp = area.scrollTop < lastTop.current && area.scrollHeight === lastHeight.current && gap() > 2;
      lastTop.current = area.scrollTop;
      lastHeight.current = area.scrollHeight;
      if (isUp || restTimer !== undefined) letGo();
      else if (gap() <= NEAR_PX) settle();
      if (gap() > NEAR_PX) setIsAtEnd(isFollowing.current);
    };
    // a list that grows all the time changes at every moment, and going to the end would undo the beginning of a movement
    const onWheel = (event: WheelEvent) => event.deltaY < 0 && letGo();
    const onKeyDown = (event: KeyboardEvent) => UP_KEYS.has(event.key) && letGo();
    const onPointerDown = (event: PointerEvent) => event.target === area && letGo(); // its scrollbar
    const stay = () => {
      if (isFollowing.current) area.scrollTop = area.scrollHeight;
    };
    const growth = new ResizeObserver(stay);
    growth.observe(inner);
    growth.observe(area);
    const listening = new AbortController();
    const options = { passive: true, signal: listening.signal };
    area.addEventListener('scroll', onScroll, options);
    area.addEventListener('wheel', onWheel, options);
    area.addEventListener('keydown', onKeyDown, options);
    area.addEventListener('touchmove', letGo, options);
    area.addEventListener('focusin', letGo, options);
    area.addEventListener('pointerdown', onPointerDown, options);
    return () => {
      clearTimeout(restTimer);
      growth.disconnect();
      listening.abort();
    };
  }, [scroller, content]);

  const letGo = () => {
    isFollowing.current = false;
    setIsAtEnd(false);
  };
  return { isAtEnd, hasNews: seq > seenSeq, goToEnd, letGo };
}
