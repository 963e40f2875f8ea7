/** How near the end a reader counts as being there. */
export const NEAR_PX = 150;

/** Where a scrolling list stands: how far it is scrolled, how long it is, how much of it is seen. */
export interface ListPlace {
  readonly top: number;
  readonly length: number;
  readonly seen: number;
}

/** How far the end of the list lies below what is seen. */
export function gapBelow({ top, length, seen }: ListPlace): number {
  return length - top - seen;
}

export function isNearEnd(place: ListPlace): boolean {
  return gapBelow(place) <= NEAR_PX;
}

/**
 * Whether a scroll without any input was a reader's (an assistive program, a drag of the scrollbar, a selection): only a way up in an unchanged list is.
 * A list that became shorter pulls its place up, and rows above that are measured move it; both go with another length.
 */
export function isReadersScroll(before: ListPlace, now: ListPlace): boolean {
  return now.top < before.top && now.length === before.length && now.seen === before.seen && gapBelow(now) > 2;
}
