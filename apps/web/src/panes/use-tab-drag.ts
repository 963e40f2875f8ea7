import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { Side } from './layout-state.ts';

/** Where a dragged tab would go. `side` null: into the pane, before `index`. The box is drawn, in pixels of the window. */
export interface Drop {
  readonly pane: string;
  readonly side: Side | null;
  readonly index: number;
  readonly box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

const START_PX = 6;
/** The part of a pane along each edge that splits it. */
const EDGE = 0.25;

interface TabDrag {
  readonly drop: Drop | null;
  /** For a tab's onPointerDown. */
  readonly start: (event: PointerEvent, tab: string) => void;
}

/** Drags tabs with a mouse or a pen between panes; Esc lets go. Keys and the tab's menu do the same. */
export function useTabDrag(area: RefObject<HTMLElement | null>, onDrop: (tab: string, drop: Drop) => void): TabDrag {
  const [drop, setDrop] = useState<Drop | null>(null);
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);

  const start = (down: PointerEvent, tab: string) => {
    if (down.button !== 0 || down.pointerType === 'touch') return;
    const life = new AbortController();
    let found: Drop | null = null;
    let isDragging = false;
    const finish = () => {
      life.abort();
      end.current = null;
      setDrop(null);
    };
    end.current = finish;
    const { signal } = life;
    addEventListener(
      'pointermove',
      (event) => {
        isDragging ||= Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > START_PX;
        if (!isDragging || area.current === null) return;
        event.preventDefault();
        found = findDrop(area.current, tab, event.clientX, event.clientY);
        setDrop(found);
      },
      { signal },
    );
    addEventListener(
      'pointerup',
      () => {
        if (found !== null) onDrop(tab, found);
        finish();
      },
      { signal },
    );
    addEventListener('pointercancel', finish, { signal });
    addEventListener('keydown', (event) => event.key === 'Escape' && (event.stopPropagation(), finish()), { signal, capture: true });
  };
  return { drop, start };
}

function findDrop(area: HTMLElement, tab: string, x: number, y: number): Drop | null {
  const pane = [...area.querySelectorAll<HTMLElement>('[data-pane]')].find((element) => contains(element.getBoundingClientRect(), x, y));
  const id = pane?.dataset['pane'];
  const bar = pane?.querySelector<HTMLElement>('[role="tablist"]')?.parentElement;
  if (pane === undefined || id === undefined || bar == null) return null;
  const others = [...pane.querySelectorAll<HTMLElement>('[role="tab"]')].filter((element) => element.dataset['tab'] !== tab);
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
