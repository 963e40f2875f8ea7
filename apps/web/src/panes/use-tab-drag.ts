import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Side } from './layout-state.ts';

/** Where something dragged would go. `side` null: into the pane, before `index`. The box is drawn, in pixels of the window. */
export interface Drop {
  readonly pane: string;
  readonly side: Side | null;
  readonly index: number;
  readonly box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** What is dragged: a tab, or a pane with all its tabs. */
export interface Dragged {
  readonly kind: 'tab' | 'pane';
  readonly id: string;
}

const START_PX = 6;
/** A finger that stays this long takes hold; one that moves before scrolls. */
const HOLD_MS = 350;
const HOLD_PX = 10;
/** The part of a pane along each edge that splits it. */
const EDGE = 0.25;

export interface TabDrag {
  readonly drop: Drop | null;
  /** For onPointerDown of what can be dragged. `onHold`: a finger held it and let go without moving it. */
  readonly start: (event: PointerEvent<HTMLElement>, dragged: Dragged, onHold?: (element: HTMLElement) => void) => void;
}

/** Drags tabs and panes with a mouse, a pen or a finger; Esc lets go. Keys, the palette and the tab's menu do the same. */
export function useTabDrag(area: RefObject<HTMLElement | null>, onDrop: (dragged: Dragged, drop: Drop) => void): TabDrag {
  const [drop, setDrop] = useState<Drop | null>(null);
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);

  const start: TabDrag['start'] = (down, dragged, onHold) => {
    if (down.button !== 0 || end.current !== null) return;
    const life = new AbortController();
    const { signal } = life;
    const element = down.currentTarget;
    const isTouch = down.pointerType === 'touch';
    let found: Drop | null = null;
    let isHeld = !isTouch;
    let isDragging = false;
    const hold = () => {
      isHeld = true;
      element.dataset['held'] = '';
    };
    const timer = isTouch ? setTimeout(hold, HOLD_MS) : undefined;
    const finish = () => {
      clearTimeout(timer);
      life.abort();
      delete element.dataset['held'];
      end.current = null;
      setDrop(null);
    };
    end.current = finish;
    const onMove = (event: globalThis.PointerEvent) => {
      if (event.pointerId !== down.pointerId) return;
      const moved = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
      if (!isHeld) {
        if (moved > HOLD_PX) finish();
        return;
      }
      isDragging ||= moved > (isTouch ? HOLD_PX : START_PX);
      if (!isDragging || area.current === null) return;
      event.preventDefault();
      found = findDrop(area.current, dragged, event.clientX, event.clientY);
      setDrop(found);
    };
    const onUp = (event: globalThis.PointerEvent) => {
      if (event.pointerId !== down.pointerId) return;
      if (isTouch && isHeld) swallowClick(element);
      if (found !== null) onDrop(dragged, found);
      else if (isTouch && isHeld && !isDragging) onHold?.(element);
      finish();
    };
    const onCancel = (event: globalThis.PointerEvent) => event.pointerId === down.pointerId && finish();
    addEventListener('pointermove', onMove, { signal });
    addEventListener('pointerup', onUp, { signal });
    addEventListener('pointercancel', onCancel, { signal });
    addEventListener('keydown', (event) => event.key === 'Escape' && (event.stopPropagation(), finish()), { signal, capture: true });
    if (!isTouch) return;
    // what is held does not scroll, and brings up no menu of the browser
    element.addEventListener('touchmove', (event) => isHeld && event.cancelable && event.preventDefault(), { signal, passive: false });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  };
  return { drop, start };
}

/** The click that follows a hold is not one. */
function swallowClick(element: HTMLElement): void {
  const life = new AbortController();
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener('click', swallow, { signal: life.signal, capture: true });
  setTimeout(() => life.abort());
}

function findDrop(area: HTMLElement, dragged: Dragged, x: number, y: number): Drop | null {
  const pane = [...area.querySelectorAll<HTMLElement>('[data-pane]')].find((element) => contains(element.getBoundingClientRect(), x, y));
  const id = pane?.dataset['pane'];
  const bar = pane?.querySelector<HTMLElement>('[role="tablist"]')?.parentElement;
  if (pane === undefined || id === undefined || bar == null || (dragged.kind === 'pane' && dragged.id === id)) return null;
  const others = [...pane.querySelectorAll<HTMLElement>('[role="tab"]')].filter((element) => dragged.kind === 'pane' || element.dataset['tab'] !== dragged.id);
  const whole = pane.getBoundingClientRect();
  const line = bar.getBoundingClientRect();
  if (y <= line.bottom) {
    const before = others.findIndex((element) => x < middle(element.getBoundingClientRect()));
    const index = before < 0 ? others.length : before;
    const left = others[index]?.getBoundingClientRect().left ?? others.at(-1)?.getBoundingClientRect().right ?? line.left;
    return { pane: id, side: null, index, box: { left: left - 1, top: line.top + 4, width: 2, height: line.height - 8 } };
  }
  const side = sideAt((x - whole.left) / whole.width, (y - line.bottom) / (whole.bottom - line.bottom));
  return {
    pane: id,
    side,
    index: others.length,
    box: half({ left: whole.left, top: line.bottom, width: whole.width, height: whole.bottom - line.bottom }, side),
  };
}

function contains(rect: DOMRect, x: number, y: number): boolean {
  return x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom;
}

function middle(rect: DOMRect): number {
  return rect.left + rect.width / 2;
}

function sideAt(x: number, y: number): Side | null {
  const near: readonly (readonly [Side, number])[] = [
    ['left', x],
    ['right', 1 - x],
    ['up', y],
    ['down', 1 - y],
  ];
  const [side, distance] = near.reduce((best, other) => (other[1] < best[1] ? other : best));
  return distance < EDGE ? side : null;
}

function half(box: Drop['box'], side: Side | null): Drop['box'] {
  switch (side) {
    case 'left':
      return { ...box, width: box.width / 2 };
    case 'right':
      return { ...box, left: box.left + box.width / 2, width: box.width / 2 };
    case 'up':
      return { ...box, height: box.height / 2 };
    case 'down':
      return { ...box, top: box.top + box.height / 2, height: box.height / 2 };
    case null:
      return box;
  }
}
