import { type Layout, type LayoutNode, type LayoutPane, type LayoutTab, listPanes, MAX_LAYOUT_DEPTH, MAX_PANES } from '@boocode/contracts/layout.ts';

export type Side = 'left' | 'right' | 'up' | 'down';

/** Names for what an action may have to make. */
export interface FreshIds {
  readonly pane: string;
  readonly split: string;
}

export type LayoutAction =
  /** Shows the tab; where one of the same kind and ref is open, that one. `pane` null: the pane with the focus. */
  | { readonly type: 'open'; readonly tab: LayoutTab; readonly pane: string | null }
  | { readonly type: 'show'; readonly tab: string }
  | { readonly type: 'close'; readonly tab: string }
  | { readonly type: 'close_others'; readonly tab: string }
  | { readonly type: 'close_pane'; readonly pane: string }
  | { readonly type: 'focus'; readonly pane: string }
  /** A new, empty pane beside another one. */
  | { readonly type: 'split'; readonly pane: string; readonly side: Side; readonly ids: FreshIds }
  /** `index` counts among the other tabs of the pane. */
  | { readonly type: 'move'; readonly tab: string; readonly pane: string; readonly index: number }
  | { readonly type: 'move_to_side'; readonly tab: string; readonly pane: string; readonly side: Side; readonly ids: FreshIds }
  /** `side` null: its tabs go into the other pane. */
  | { readonly type: 'move_pane'; readonly pane: string; readonly to: string; readonly side: Side | null; readonly ids: FreshIds }
  | { readonly type: 'resize'; readonly split: string; readonly sizes: readonly number[] }
  | { readonly type: 'maximise'; readonly pane: string | null }
  | { readonly type: 'replace'; readonly tab: string; readonly ref: string | null };

const MAX_TABS = 50;
const MAX_CHILDREN = 16;
/** Of 100: no pane gets thinner. */
export const SMALLEST_SIZE = 8;

/** Arranges panes. What cannot be done (an unknown name, too many panes) changes nothing; a pane left by its last tab goes, unless it is the only one. */
export function arrangeLayout(layout: Layout, action: LayoutAction): Layout {
  switch (action.type) {
    case 'open':
      return openTab(layout, action.tab, action.pane);
    case 'show':
      return showTab(layout, action.tab);
    case 'close':
      return removeTabs(layout, (tab) => tab.id === action.tab);
    case 'close_others': {
      const own = findPaneOf(layout, action.tab);
      return removeTabs(layout, (tab, pane) => pane.id === own?.id && tab.id !== action.tab);
    }
    case 'close_pane':
      return closePane(layout, action.pane);
    case 'focus':
      return findPane(layout, action.pane) === null ? layout : focusPane(layout, action.pane);
    case 'split':
      return splitPane(layout, action.pane, action.side, action.ids, []);
    case 'move':
      return moveTab(layout, action.tab, action.pane, action.index);
    case 'move_to_side':
      return moveToSide(layout, action);
    case 'move_pane':
      return movePane(layout, action);
    case 'resize':
      return resize(layout, action.split, action.sizes);
    case 'maximise':
      return action.pane !== null && findPane(layout, action.pane) === null
        ? layout
        : { ...layout, maximised: action.pane, focused: action.pane ?? layout.focused };
    case 'replace':
      return withPanes(layout, (pane) => ({ ...pane, tabs: pane.tabs.map((tab) => (tab.id === action.tab ? { ...tab, ref: action.ref } : tab)) }));
  }
}

export function findPane(layout: Layout, id: string): LayoutPane | null {
  return listPanes(layout.root).find((pane) => pane.id === id) ?? null;
}

export function findPaneOf(layout: Layout, tabId: string): LayoutPane | null {
  return listPanes(layout.root).find((pane) => pane.tabs.some((tab) => tab.id === tabId)) ?? null;
}

/** The pane with the focus; there always is one. */
export function focusedPane(layout: Layout): LayoutPane {
  return (layout.focused === null ? null : findPane(layout, layout.focused)) ?? firstPane(layout.root);
}

/** The tab in front in the pane with the focus. */
export function frontTab(layout: Layout): LayoutTab | null {
  const pane = focusedPane(layout);
  return pane.tabs.find((tab) => tab.id === pane.active) ?? null;
}

export function findTab(layout: Layout, kind: string, ref: string | null): LayoutTab | null {
  return (
    listPanes(layout.root)
      .flatMap((pane) => pane.tabs)
      .find((tab) => tab.kind === kind && tab.ref === ref) ?? null
  );
}

/** Takes a layout from elsewhere and leaves the reader where they are: what is in front here stays in front where it still can. */
export function adoptLayout(own: Layout, newer: Layout): Layout {
  const root = rebuild(newer.root, (pane) => {
    const active = findPane(own, pane.id)?.active ?? null;
    return pane.tabs.some((tab) => tab.id === active) ? { ...pane, active } : pane;
  });
  const layout = { ...newer, root: root ?? newer.root };
  const keep = (id: string | null, otherwise: string | null) => (id !== null && findPane(layout, id) !== null ? id : otherwise);
  return { ...layout, focused: keep(own.focused, newer.focused), maximised: keep(own.maximised, null) };
}

/** Whether two layouts differ in more than what is in front. */
export function isSameArrangement(a: Layout, b: Layout): boolean {
  return JSON.stringify(bare(a.root)) === JSON.stringify(bare(b.root));
}

function bare(node: LayoutNode): unknown {
  return node.type === 'pane' ? node.tabs.map((tab) => [tab.id, tab.ref]) : [node.direction, node.sizes, node.children.map(bare)];
}

function openTab(layout: Layout, tab: LayoutTab, paneId: string | null): Layout {
  const open = findTab(layout, tab.kind, tab.ref);
  if (open !== null) return showTab(layout, open.id);
  const pane = (paneId === null ? null : findPane(layout, paneId)) ?? focusedPane(layout);
  if (pane.tabs.length >= MAX_TABS || findPaneOf(layout, tab.id) !== null) return layout;
  const at = pane.tabs.findIndex((other) => other.id === pane.active) + 1;
  const opened = withPanes(layout, (other) => (other.id === pane.id ? { ...other, tabs: other.tabs.toSpliced(at, 0, tab), active: tab.id } : other));
  return focusPane(opened, pane.id);
}

function showTab(layout: Layout, tabId: string): Layout {
  const pane = findPaneOf(layout, tabId);
  if (pane === null) return layout;
  return focusPane(pane.active === tabId ? layout : withPanes(layout, (other) => (other.id === pane.id ? { ...other, active: tabId } : other)), pane.id);
}

/** Gives the focus to a pane; while another one fills the window, this one does from now on. */
function focusPane(layout: Layout, paneId: string): Layout {
  const maximised = layout.maximised === null ? null : paneId;
  return layout.focused === paneId && layout.maximised === maximised ? layout : { ...layout, focused: paneId, maximised };
}

function removeTabs(layout: Layout, isGone: (tab: LayoutTab, pane: LayoutPane) => boolean): Layout {
  const emptied = new Set<string>();
  const next = withPanes(layout, (pane) => {
    const tabs = pane.tabs.filter((tab) => !isGone(tab, pane));
    if (tabs.length === pane.tabs.length) return pane;
    if (tabs.length === 0) emptied.add(pane.id);
    return { ...pane, tabs, active: activeAfter(pane, tabs) };
  });
  return [...emptied].reduce(dropPane, next);
}

/** The tab that comes to the front when others go: the old one, or else its neighbour. */
function activeAfter(pane: LayoutPane, tabs: readonly LayoutTab[]): string | null {
  if (tabs.some((tab) => tab.id === pane.active)) return pane.active;
  const at = pane.tabs.findIndex((tab) => tab.id === pane.active);
  const after = pane.tabs.slice(at + 1).find((tab) => tabs.includes(tab));
  return (after ?? tabs.at(-1))?.id ?? null;
}

function closePane(layout: Layout, paneId: string): Layout {
  const pane = findPane(layout, paneId);
  if (pane === null) return layout;
  return pane.tabs.length === 0 ? dropPane(layout, paneId) : removeTabs(layout, (_, other) => other.id === paneId);
}

/** Takes an empty pane away, unless it is the only one. */
function dropPane(layout: Layout, paneId: string): Layout {
  const panes = listPanes(layout.root);
  const at = panes.findIndex((pane) => pane.id === paneId);
  if (at < 0 || panes.length === 1) return layout;
  const root = rebuild(layout.root, (pane) => (pane.id === paneId ? null : pane));
  if (root === null) return layout;
  const heir = (panes[at - 1] ?? panes[at + 1])?.id ?? null;
  return {
    root,
    focused: layout.focused === paneId ? heir : layout.focused,
    maximised: layout.maximised === paneId ? null : layout.maximised,
  };
}

function splitPane(layout: Layout, paneId: string, side: Side, ids: FreshIds, tabs: LayoutTab[]): Layout {
  const panes = listPanes(layout.root);
  if (panes.length >= MAX_PANES || panes.some((pane) => pane.id === ids.pane) || findPane(layout, paneId) === null) return layout;
  const fresh: LayoutPane = { type: 'pane', id: ids.pane, tabs, active: tabs[0]?.id ?? null };
  const isFirst = side === 'left' || side === 'up';
  const direction = side === 'left' || side === 'right' ? 'row' : 'column';
  const root = rebuild(layout.root, (pane) =>
    pane.id === paneId ? { type: 'split', id: ids.split, direction, sizes: [50, 50], children: isFirst ? [fresh, pane] : [pane, fresh] } : pane,
  );
  if (root === null || depthOf(root) > MAX_LAYOUT_DEPTH) return layout;
  return { root, focused: ids.pane, maximised: null };
}

function moveTab(layout: Layout, tabId: string, paneId: string, index: number): Layout {
  const from = findPaneOf(layout, tabId);
  const to = findPane(layout, paneId);
  const tab = from?.tabs.find((other) => other.id === tabId);
  if (from === null || to === null || tab === undefined) return layout;
  if (from.id !== to.id && to.tabs.length >= MAX_TABS) return layout;
  const moved = withPanes(layout, (pane) => {
    const tabs = pane.tabs.filter((other) => other.id !== tabId);
    if (pane.id === to.id) return { ...pane, tabs: tabs.toSpliced(Math.max(0, Math.min(index, tabs.length)), 0, tab), active: tabId };
    return pane.id === from.id ? { ...pane, tabs, active: activeAfter(pane, tabs) } : pane;
  });
  const isEmptied = from.id !== to.id && from.tabs.length === 1;
  return focusPane(isEmptied ? dropPane(moved, from.id) : moved, to.id);
}

function moveToSide(layout: Layout, { tab, pane, side, ids }: LayoutAction & { readonly type: 'move_to_side' }): Layout {
  const from = findPaneOf(layout, tab);
  if (from === null || (from.id === pane && from.tabs.length === 1)) return layout;
  const split = splitPane(layout, pane, side, ids, []);
  return split === layout ? layout : moveTab(split, tab, ids.pane, 0);
}

function movePane(layout: Layout, { pane: paneId, to, side, ids }: LayoutAction & { readonly type: 'move_pane' }): Layout {
  const pane = findPane(layout, paneId);
  const target = findPane(layout, to);
  if (pane === null || target === null || paneId === to) return layout;
  if (side === null) {
    if (pane.tabs.length + target.tabs.length > MAX_TABS) return layout;
    const emptied = withPanes(layout, (other) => (other.id === paneId ? { ...other, tabs: [], active: null } : other));
    const merged = { ...target, tabs: [...target.tabs, ...pane.tabs], active: pane.active ?? target.active };
    return focusPane(
      withPanes(dropPane(emptied, paneId), (other) => (other.id === to ? merged : other)),
      to,
    );
  }
  const rest = rebuild(layout.root, (other) => (other.id === paneId ? null : other));
  const isFirst = side === 'left' || side === 'up';
  const direction = side === 'left' || side === 'right' ? 'row' : 'column';
  const beside: LayoutNode = { type: 'split', id: ids.split, direction, sizes: [50, 50], children: isFirst ? [pane, target] : [target, pane] };
  const root = rest === null ? null : rebuild(rest, (other) => (other.id === to ? beside : other));
  return root === null || depthOf(root) > MAX_LAYOUT_DEPTH ? layout : { root, focused: paneId, maximised: null };
}

function resize(layout: Layout, splitId: string, sizes: readonly number[]): Layout {
  const change = (node: LayoutNode): LayoutNode => {
    if (node.type === 'pane') return node;
    if (node.id !== splitId) return { ...node, children: node.children.map(change) };
    const isFit = sizes.length === node.sizes.length && sizes.every((size) => Number.isFinite(size) && size > 0);
    return isFit ? { ...node, sizes: toHundred(sizes) } : node;
  };
  return { ...layout, root: change(layout.root) };
}

function withPanes(layout: Layout, change: (pane: LayoutPane) => LayoutPane): Layout {
  return { ...layout, root: rebuild(layout.root, change) ?? layout.root };
}

interface Share {
  readonly node: LayoutNode;
  readonly size: number;
}

/** Replaces panes (null: takes them away) and keeps the tree plain: no split of one child, none directly inside another of its direction. */
function rebuild(node: LayoutNode, change: (pane: LayoutPane) => LayoutNode | null): LayoutNode | null {
  if (node.type === 'pane') return change(node);
  const kept = node.children.flatMap((child, index): Share[] => {
    const next = rebuild(child, change);
    return next === null ? [] : [{ node: next, size: node.sizes[index] ?? 1 }];
  });
  const [only] = kept;
  if (only === undefined) return null;
  if (kept.length === 1) return only.node;
  const flat = kept.flatMap((share) => flatten(share, node.direction));
  const shares = flat.length <= MAX_CHILDREN ? flat : kept;
  return { ...node, sizes: toHundred(shares.map((share) => share.size)), children: shares.map((share) => share.node) };
}

function flatten(share: Share, direction: 'row' | 'column'): Share[] {
  const { node, size } = share;
  if (node.type === 'pane' || node.direction !== direction) return [share];
  const sizes = toHundred(node.sizes);
  return node.children.map((child, index) => ({ node: child, size: (size * (sizes[index] ?? 1)) / 100 }));
}

function toHundred(sizes: readonly number[]): number[] {
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sizes.map((size) => (sum > 0 ? (size / sum) * 100 : 100 / sizes.length));
}

function depthOf(node: LayoutNode): number {
  return node.type === 'pane' ? 1 : 1 + Math.max(...node.children.map(depthOf));
}

function firstPane(node: LayoutNode): LayoutPane {
  const [pane] = listPanes(node);
  if (pane === undefined) throw new TypeError('Cannot find a pane: the layout has none');
  return pane;
}
