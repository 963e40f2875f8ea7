import { Layout, type LayoutNode, type LayoutPane, type LayoutTab, listPanes } from '@boocode/contracts/layout.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { neighbourOf, placesOf } from './layout-geometry.ts';
import { adoptLayout, arrangeLayout, focusedPane, frontTab, isSameArrangement, type LayoutAction, type Side } from './layout-state.ts';

const SIDES: readonly Side[] = ['left', 'right', 'up', 'down'];

function tab(id: string, kind = 'chat'): LayoutTab {
  return { id, kind, ref: id };
}

function pane(id: string, ...tabs: string[]): LayoutPane {
  return { type: 'pane', id, tabs: tabs.map((name) => tab(name)), active: tabs[0] ?? null };
}

function layoutOf(root: LayoutNode): Layout {
  return { root, focused: listPanes(root)[0]!.id, maximised: null };
}

function tabIds(layout: Layout): string[] {
  return listPanes(layout.root).flatMap((one) => one.tabs.map((other) => other.id));
}

/** An operation by numbers: each is taken modulo what there is at that moment. */
const Operation = fc.record({
  kind: fc.constantFrom(
    'open',
    'show',
    'close',
    'close_others',
    'close_pane',
    'focus',
    'split',
    'move',
    'move_to_side',
    'move_pane',
    'resize',
    'maximise',
    'replace',
  ),
  a: fc.nat(60),
  b: fc.nat(60),
  sizes: fc.array(fc.double({ min: 0.1, max: 1000, noNaN: true }), { minLength: 2, maxLength: 5 }),
});
type Operation = typeof Operation extends fc.Arbitrary<infer T> ? T : never;

function actionOf(layout: Layout, operation: Operation, step: number): LayoutAction {
  const panes = listPanes(layout.root);
  const tabs = tabIds(layout);
  const paneId = panes[operation.a % panes.length]!.id;
  const tabId = tabs[operation.b % Math.max(1, tabs.length)] ?? 'none';
  const splits = placesOf(layout.root).flatMap((place) => (place.type === 'separator' ? [place.split] : []));
  const ids = { pane: `p${step}`, split: `s${step}` };
  const side = SIDES[operation.b % 4]!;
  switch (operation.kind) {
    case 'open':
      return { type: 'open', tab: tab(`t${step}`), pane: operation.b % 2 === 0 ? paneId : null };
    case 'show':
    case 'close':
    case 'close_others':
      return { type: operation.kind, tab: tabId };
    case 'close_pane':
    case 'focus':
      return { type: operation.kind, pane: paneId };
    case 'split':
      return { type: 'split', pane: paneId, side, ids };
    case 'move':
      return { type: 'move', tab: tabId, pane: paneId, index: operation.b % 7 };
    case 'move_to_side':
      return { type: 'move_to_side', tab: tabId, pane: paneId, side, ids };
    case 'move_pane':
      return { type: 'move_pane', pane: paneId, to: panes[operation.b % panes.length]!.id, side: operation.b % 5 === 4 ? null : side, ids };
    case 'resize':
      return { type: 'resize', split: splits[operation.a % Math.max(1, splits.length)]?.id ?? 'none', sizes: operation.sizes };
    case 'maximise':
      return { type: 'maximise', pane: operation.b % 3 === 0 ? null : paneId };
    default:
      return { type: 'replace', tab: tabId, ref: `r${step}` };
  }
}

function expectedTabs(layout: Layout, action: LayoutAction): string[] {
  const ids = tabIds(layout);
  if (action.type === 'open') return [...ids, action.tab.id];
  if (action.type === 'close') return ids.filter((id) => id !== action.tab);
  if (action.type === 'close_pane') return listPanes(layout.root).flatMap((one) => (one.id === action.pane ? [] : one.tabs.map((other) => other.id)));
  if (action.type !== 'close_others') return ids;
  const own = listPanes(layout.root).find((one) => one.tabs.some((other) => other.id === action.tab));
  return ids.filter((id) => id === action.tab || !own?.tabs.some((other) => other.id === id));
}

/** What is wrong with a tree, in words. */
function faultsOf(node: LayoutNode): string[] {
  if (node.type === 'pane') {
    const isInFront = node.active === null ? node.tabs.length === 0 : node.tabs.some((one) => one.id === node.active);
    return isInFront ? [] : [`pane ${node.id} shows ${node.active}`];
  }
  const sum = node.sizes.reduce((total, size) => total + size, 0);
  return [
    ...(Math.abs(sum - 100) < 0.001 ? [] : [`split ${node.id} has ${sum}`]),
    ...node.children.flatMap((child) => [
      ...faultsOf(child),
      ...(child.type === 'split' && child.direction === node.direction ? [`split ${child.id} is not plain`] : []),
    ]),
  ];
}

it('arrangeLayout() keeps a valid tree, and loses and doubles no tab, whatever is done', () => {
  fc.assert(
    fc.property(fc.array(Operation, { maxLength: 60 }), (operations) => {
      let layout = layoutOf(pane('p', 'first'));
      for (const [step, operation] of operations.entries()) {
        const action = actionOf(layout, operation, step);
        const next = arrangeLayout(layout, action);
        expect(Layout.safeParse(next).success).toBe(true);
        expect(faultsOf(next.root)).toEqual([]);
        const panes = listPanes(next.root).map((one) => one.id);
        expect(new Set(panes).size).toBe(panes.length);
        expect(panes).toContain(next.focused);
        expect([null, next.focused]).toContain(next.maximised);
        const isRefused = action.type === 'open' && tabIds(layout).length >= 50 && tabIds(next).length === tabIds(layout).length;
        expect(tabIds(next).toSorted()).toEqual((isRefused ? tabIds(layout) : expectedTabs(layout, action)).toSorted());
        layout = next;
      }
    }),
    { numRuns: 300 },
  );
});

it('placesOf() covers the whole with panes that do not overlap', () => {
  fc.assert(
    fc.property(fc.array(Operation, { maxLength: 30 }), (operations) => {
      const layout = operations.reduce((now, operation, step) => arrangeLayout(now, actionOf(now, operation, step)), layoutOf(pane('p', 'first')));
      const rects = placesOf(layout.root).flatMap((place) => (place.type === 'pane' ? [place.rect] : []));
      expect(rects.reduce((sum, rect) => sum + rect.width * rect.height, 0)).toBeCloseTo(10_000, 3);
    }),
  );
});

it('arrangeLayout() shows what is open instead of opening it twice, and opens beside the tab in front', () => {
  const layout = layoutOf(pane('p', 'a', 'b'));
  const shown = arrangeLayout(layout, { type: 'open', tab: { id: 'other', kind: 'chat', ref: 'b' }, pane: null });
  expect(frontTab(shown)?.id).toBe('b');
  const opened = arrangeLayout(layout, { type: 'open', tab: tab('c'), pane: null });
  expect(tabIds(opened)).toEqual(['a', 'c', 'b']);
  expect(frontTab(opened)?.id).toBe('c');
});

it('arrangeLayout() moves a tab to a side, and the emptied pane goes', () => {
  const ids = { pane: 'q', split: 's' };
  const split = arrangeLayout(layoutOf(pane('p', 'a', 'b')), { type: 'move_to_side', tab: 'b', pane: 'p', side: 'left', ids });
  expect(listPanes(split.root).map((one) => [one.id, one.tabs.map((other) => other.id)])).toEqual([
    ['q', ['b']],
    ['p', ['a']],
  ]);
  expect(neighbourOf(split.root, 'q', 'right')?.id).toBe('p');
  expect(neighbourOf(split.root, 'q', 'left')).toBeNull();
  const back = arrangeLayout(split, { type: 'move', tab: 'b', pane: 'p', index: 1 });
  expect(back).toEqual({ root: { type: 'pane', id: 'p', tabs: [tab('a'), tab('b')], active: 'b' }, focused: 'p', maximised: null });
});

it('arrangeLayout() moves a pane with its tabs to a side of another one, or into it', () => {
  const ids = { pane: 'unused', split: 'x' };
  const row: Layout = layoutOf({ type: 'split', id: 's', direction: 'row', sizes: [60, 40], children: [pane('p', 'a', 'b'), pane('q', 'c')] });
  const below = arrangeLayout(row, { type: 'move_pane', pane: 'p', to: 'q', side: 'down', ids });
  expect(below).toMatchObject({ root: { direction: 'column', children: [{ id: 'q' }, { id: 'p' }] }, focused: 'p' });
  const swapped = arrangeLayout(row, { type: 'move_pane', pane: 'q', to: 'p', side: 'left', ids });
  expect(listPanes(swapped.root).map((one) => one.id)).toEqual(['q', 'p']);
  const merged = arrangeLayout(row, { type: 'move_pane', pane: 'q', to: 'p', side: null, ids });
  expect(merged).toEqual({ root: { type: 'pane', id: 'p', tabs: [tab('a'), tab('b'), tab('c')], active: 'c' }, focused: 'p', maximised: null });
  expect(arrangeLayout(row, { type: 'move_pane', pane: 'q', to: 'q', side: 'left', ids })).toBe(row);
});

it('arrangeLayout() gives half of a pane to a split in the same direction, and the others keep their size', () => {
  const three = arrangeLayout(layoutOf({ type: 'split', id: 's', direction: 'row', sizes: [60, 40], children: [pane('p', 'a'), pane('q', 'b')] }), {
    type: 'split',
    pane: 'q',
    side: 'right',
    ids: { pane: 'r', split: 'x' },
  });
  expect(three.root).toMatchObject({ id: 's', sizes: [60, 20, 20] });
  expect(focusedPane(three).id).toBe('r');
});

it('adoptLayout() takes the newer arrangement and keeps what the reader looks at', () => {
  const own = arrangeLayout(layoutOf(pane('p', 'a', 'b')), { type: 'show', tab: 'b' });
  const newer = arrangeLayout(layoutOf(pane('p', 'a', 'b')), { type: 'split', pane: 'p', side: 'right', ids: { pane: 'q', split: 's' } });
  const adopted = adoptLayout(own, newer);
  expect(isSameArrangement(adopted, newer)).toBe(true);
  expect(isSameArrangement(own, newer)).toBe(false);
  expect(frontTab(adopted)?.id).toBe('b');
});
