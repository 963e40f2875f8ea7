import type { LayoutSplit } from '@boocode/contracts/layout.ts';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { Rect } from './layout-geometry.ts';
import { SMALLEST_SIZE } from './layout-state.ts';

interface SeparatorProps {
  readonly split: LayoutSplit;
  /** It stands after this child. */
  readonly index: number;
  readonly rect: Rect;
  /** The split's length, in percent of the whole. */
  readonly span: number;
  readonly onResize: (sizes: readonly number[]) => void;
}

const STEP = 4;

/** The line between two panes: drag it, or move it with the arrow keys, Home and End; a double click makes them equal. */
export function Separator({ split, index, rect, span, onResize }: SeparatorProps) {
  const drag = useRef<{ readonly at: number; readonly size: number; readonly pixels: number } | null>(null);
  const isRow = split.direction === 'row';
  const size = split.sizes[index] ?? 0;
  const both = size + (split.sizes[index + 1] ?? 0);
  const most = both - SMALLEST_SIZE;
  const resize = (wanted: number) => {
    const own = Math.min(most, Math.max(SMALLEST_SIZE, wanted));
    if (most > SMALLEST_SIZE) onResize(split.sizes.with(index, own).with(index + 1, both - own));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === (isRow ? 'ArrowLeft' : 'ArrowUp')) resize(size - STEP);
    else if (event.key === (isRow ? 'ArrowRight' : 'ArrowDown')) resize(size + STEP);
    else if (event.key === 'Home') resize(SMALLEST_SIZE);
    else if (event.key === 'End') resize(most);
    else if (event.key === 'Enter') resize(both / 2);
    else return;
    event.preventDefault();
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const area = event.currentTarget.parentElement?.getBoundingClientRect();
    if (area === undefined) return;
    const along = isRow ? area.width : area.height;
    drag.current = { at: isRow ? event.clientX : event.clientY, size, pixels: (along * span) / 100 };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current === null) return;
    const { at, size: before, pixels } = drag.current;
    resize(before + (((isRow ? event.clientX : event.clientY) - at) / pixels) * 100);
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation={isRow ? 'vertical' : 'horizontal'}
      aria-label={isRow ? 'Width of the panes' : 'Height of the panes'}
      aria-valuenow={Math.round((size / both) * 100)}
      aria-valuemin={Math.round((SMALLEST_SIZE / both) * 100)}
      aria-valuemax={Math.round((most / both) * 100)}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = null)}
      onPointerCancel={() => (drag.current = null)}
      onDoubleClick={() => resize(both / 2)}
      className={`separator ${isRow ? 'separator-row' : 'separator-column'}`}
      style={{ left: `${rect.left}%`, top: `${rect.top}%`, width: isRow ? undefined : `${rect.width}%`, height: isRow ? `${rect.height}%` : undefined }}
    />
  );
}
