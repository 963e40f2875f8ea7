import type { LayoutNode, LayoutPane, LayoutSplit } from '@boocode/contracts/layout.ts';
import type { Side } from './layout-state.ts';

/** In percent of the window's part that panes have. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** `index`: the separator stands after this child. `span`: the split's length, in percent of the whole. */
export type Place =
  | { readonly type: 'pane'; readonly pane: LayoutPane; readonly rect: Rect }
  | { readonly type: 'separator'; readonly split: LayoutSplit; readonly index: number; readonly span: number; readonly rect: Rect };

const WHOLE: Rect = { left: 0, top: 0, width: 100, height: 100 };

/** Where everything stands, in reading order. A separator's rectangle is a line. */
export function placesOf(node: LayoutNode, rect: Rect = WHOLE): readonly Place[] {
  if (node.type === 'pane') return [{ type: 'pane', pane: node, rect }];
  const sum = node.sizes.reduce((total, size) => total + size, 0);
  let start = 0;
  return node.children.flatMap((child, index) => {
    const share = (node.sizes[index] ?? 0) / sum;
    const own =
      node.direction === 'row'
        ? { ...rect, left: rect.left + rect.width * start, width: rect.width * share }
        : { ...rect, top: rect.top + rect.height * start, height: rect.height * share };
    start += share;
    const line = node.direction === 'row' ? { ...own, left: own.left + own.width, width: 0 } : { ...own, top: own.top + own.height, height: 0 };
    const places = placesOf(child, own);
    return index === node.children.length - 1
      ? places
      : [...places, { type: 'separator' as const, split: node, index, span: node.direction === 'row' ? rect.width : rect.height, rect: line }];
  });
}

/** The pane that touches another one at a side; of several the one that shares most of the edge. */
export function neighbourOf(root: LayoutNode, paneId: string, side: Side): LayoutPane | null {
  const panes = placesOf(root).flatMap((place) => (place.type === 'pane' ? [place] : []));
  const own = panes.find((place) => place.pane.id === paneId);
  if (own === undefined) return null;
  const touching = panes
    .filter((place) => place !== own && Math.abs(edgeOf(own.rect, side) - edgeOf(place.rect, OPPOSITE[side])) < 0.01)
    .map((place) => ({ pane: place.pane, shared: sharedEdge(own.rect, place.rect, side) }))
    .filter(({ shared }) => shared > 0.01);
  return touching.toSorted((a, b) => b.shared - a.shared)[0]?.pane ?? null;
}

const OPPOSITE: Record<Side, Side> = { left: 'right', right: 'left', up: 'down', down: 'up' };

function edgeOf(rect: Rect, side: Side): number {
  switch (side) {
    case 'left':
      return rect.left;
    case 'right':
      return rect.left + rect.width;
    case 'up':
      return rect.top;
    case 'down':
      return rect.top + rect.height;
  }
}

function sharedEdge(a: Rect, b: Rect, side: Side): number {
  return side === 'left' || side === 'right'
    ? Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top)
    : Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
}
