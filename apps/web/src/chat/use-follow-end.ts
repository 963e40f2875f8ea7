import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { isNearEnd, isReadersScroll, type ListPlace } from './follow-policy.ts';

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

/** A movement that has not come to rest. */
interface Movement {
  /** Where it led so far. */
  readonly place: ListPlace;
  /** By a wheel, a finger, a key or the scrollbar: every scroll is then the reader's. */
  readonly isByHand: boolean;
  /** The reader opens something in the list to look at it: what that makes it grow by counts. */
  readonly isOpening: boolean;
}

/**
 * Keeps a growing list at its end while the reader is within 150 px of it, and never moves a reader who went up. Only a reader lets go: what the
 * list does to its place by itself does not, and how far they went is measured where they came to rest, without what grew since. `seq` grows with what is in the list.
 * `isEnd`: whether the list ends where the chat does; only that end is followed.
 */
export function useFollowEnd(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>, seq: number, isEnd: boolean): FollowEnd {
  const isFollowing = useRef(isEnd);
  const canFollow = useRef(isEnd);
  const movement = useRef<Movement | null>(null);
  const [isAtEnd, setIsAtEnd] = useState(isEnd);
  const [seenSeq, setSeenSeq] = useState(seq);
  if (isAtEnd && seenSeq !== seq) setSeenSeq(seq);

  const goToEnd = () => {
    const area = scroller.current;
    if (area === null) return;
    movement.current = null;
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
    let known = placeOf(area);
    let restTimer: ReturnType<typeof setTimeout> | undefined;
    const stay = () => {
      if (isFollowing.current) area.scrollTop = area.scrollHeight;
      known = isFollowing.current ? placeOf(area) : { ...placeOf(area), top: known.top };
    };
    const follow = () => {
      isFollowing.current = canFollow.current;
      setIsAtEnd(canFollow.current);
    };
    const settle = () => {
      const ended = movement.current;
      movement.current = null;
      if (ended === null) return;
      const place = ended.isOpening ? placeOf(area) : ended.place;
      if (!isNearEnd(place)) return setIsAtEnd(false);
      follow();
      if (area.scrollHeight !== place.length) stay();
    };
    const move = (change: Partial<Movement>) => {
      const start = { place: isFollowing.current ? atEnd(known) : placeOf(area), isByHand: false, isOpening: false };
      movement.current = { ...(movement.current ?? start), ...change };
      isFollowing.current = false;
      clearTimeout(restTimer);
      restTimer = setTimeout(settle, REST_MS);
      if (!isNearEnd(movement.current.place)) setIsAtEnd(false);
    };
    const onInput = () => move({ isByHand: true });
    const onScroll = () => {
      const before = known;
      known = placeOf(area);
      if (movement.current?.isByHand === true || isReadersScroll(before, known)) move({ place: known });
      else if (movement.current !== null) return;
      else if (isNearEnd(known)) follow();
      else if (isFollowing.current) stay();
      else setIsAtEnd(false);
    };
    // a list that grows all the time changes at every moment, and going to the end would undo the beginning of a movement
    const onWheel = (event: WheelEvent) => event.deltaY < 0 && onInput();
    const onKeyDown = (event: KeyboardEvent) => UP_KEYS.has(event.key) && onInput();
    const onPointerDown = (event: PointerEvent) => event.target === area && onInput(); // its scrollbar
    const onFocusIn = () => move({}); // the browser may bring what has the focus into view
    const onClick = ({ target }: MouseEvent) => target instanceof Element && target.closest('[aria-expanded="false"]') !== null && move({ isOpening: true });
    const growth = new ResizeObserver(stay);
    growth.observe(inner);
    growth.observe(area);
    const listening = new AbortController();
    const options = { passive: true, signal: listening.signal };
    area.addEventListener('scroll', onScroll, options);
    area.addEventListener('wheel', onWheel, options);
    area.addEventListener('keydown', onKeyDown, options);
    area.addEventListener('touchmove', onInput, options);
    area.addEventListener('focusin', onFocusIn, options);
    area.addEventListener('pointerdown', onPointerDown, options);
    area.addEventListener('click', onClick, options);
    return () => {
      clearTimeout(restTimer);
      // a list that goes behind another tab in mid-movement comes back as it would have settled
      if (movement.current !== null) isFollowing.current = canFollow.current && isNearEnd(movement.current.place);
      movement.current = null;
      growth.disconnect();
      listening.abort();
    };
  }, [scroller, content]);

  const letGo = () => {
    movement.current = null;
    isFollowing.current = false;
    setIsAtEnd(false);
  };
  return { isAtEnd, hasNews: seq > seenSeq, goToEnd, letGo };
}

function placeOf(area: HTMLElement): ListPlace {
  return { top: area.scrollTop, length: area.scrollHeight, seen: area.clientHeight };
}

function atEnd(place: ListPlace): ListPlace {
  return { ...place, top: place.length - place.seen };
}
