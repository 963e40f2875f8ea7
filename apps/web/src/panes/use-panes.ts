import type { Session } from '@boocode/contracts/chat.ts';
import { TerminalId } from '@boocode/contracts/ids.ts';
import type { Layout } from '@boocode/contracts/layout.ts';
import { listPanes } from '@boocode/contracts/layout.ts';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useLocation } from 'wouter';
import { useLive } from '../live/live-context.tsx';
import { randomId } from '../live/random-id.ts';
import { defaultLayout } from './default-layout.ts';
import { arrangeLayout, findPaneOf, findTab, frontTab, type FreshIds, type LayoutAction } from './layout-state.ts';
import { PANE_KINDS } from './pane-kinds.tsx';
import type { LineGoal, PaneParams } from './pane-props.ts';
import { parseTabAddress, tabAddress, type TabTarget } from './tab-address.ts';

/** `step`: Back leads to what was in front before. `stay`: the address follows quietly. */
type History = 'step' | 'stay';

export interface Panes {
  /** null = a moment, until the server says how the panes stand. */
  readonly layout: Layout | null;
  readonly notice: string | null;
  readonly dismissNotice: () => void;
  readonly arrange: (action: LayoutAction, history?: History) => void;
  readonly open: (kind: string, params: PaneParams, pane?: string | null) => void;
  /** Where in it a tab was opened for, by the tab's id. */
  readonly goals: ReadonlyMap<string, LineGoal>;
  readonly freshIds: () => FreshIds;
  /** The same function for the same tab: makes it show another one of its kind. */
  readonly replaceOf: (tab: string) => (ref: string | null) => void;
}

/** The panes of a session, in step with the page's address. */
export function usePanes(session: Session, rest: string | undefined): Panes {
  const { api, layouts } = useLive();
  const [, navigate] = useLocation();
  const { id } = session;
  const subscribe = useCallback((listener: () => void) => layouts.subscribe(id, listener), [layouts, id]);
  const known = useSyncExternalStore(subscribe, () => layouts.get(id));
  useEffect(() => void layouts.load(id), [layouts, id]);
  const fallback = useMemo(() => defaultLayout(session), [session]);
  // only what was really shown counts: before the first answer of the server nothing is
  useEffect(() => {
    if (known.isRead) layouts.setFallback(id, fallback);
  }, [layouts, id, fallback, known.isRead]);
  const shown = known.layout ?? (known.isRead ? fallback : null);
  const [goals, setGoals] = useState<ReadonlyMap<string, LineGoal>>(new Map());
  const now = useRef({ layout: shown });
  now.current.layout = shown;

  const write = useCallback(
    (layout: Layout) => {
      now.current.layout = layout;
      layouts.set(id, layout);
    },
    [layouts, id],
  );
  const arrange = useCallback(
    (action: LayoutAction, history: History = 'step') => {
      const before = now.current.layout;
      if (before === null) return;
      const after = arrangeLayout(before, action);
      if (after === before) return;
      write(after);
      for (const terminal of closedTerminals(before, after)) void api.closeTerminal({ params: { id: terminal } }).catch(ignoreEnded);
      const [from, to] = [frontTab(before), frontTab(after)];
      if (to === null || to.id === from?.id) return;
      if (from !== null && location.pathname === `/sessions/${id}`) navigate(tabAddress(id, from), { replace: true });
      navigate(tabAddress(id, to), { replace: history === 'stay' });
    },
    [api, write, id, navigate],
  );
  const open = useCallback(
    (kind: string, params: PaneParams, pane: string | null = null) => {
      const layout = now.current.layout;
      if (layout === null) return;
      const tab = findTab(layout, kind, params.ref) ?? { id: randomId(), kind, ref: params.ref, ...titleOf(layout, kind) };
      const { line } = params;
      if (line !== undefined) setGoals((before) => new Map(before).set(tab.id, { line }));
      arrange({ type: 'open', tab, pane });
    },
    [arrange],
  );

  const replacers = useRef(new Map<string, (ref: string | null) => void>());
  const replaceOf = useCallback(
    (tab: string) => {
      const known = replacers.current.get(tab);
      if (known !== undefined) return known;
      const replace = (ref: string | null) => {
        const layout = now.current.layout;
        if (layout === null) return;
        const isFront = frontTab(layout)?.id === tab;
        const next = arrangeLayout(layout, { type: 'replace', tab, ref });
        write(next);
        const front = frontTab(next);
        if (isFront && front !== null) navigate(tabAddress(id, front), { replace: true });
      };
      replacers.current.set(tab, replace);
      return replace;
    },
    [write, id, navigate],
  );

  const isReady = shown !== null;
  useEffect(() => {
    const target = parseTabAddress(rest);
    const layout = now.current.layout;
    if (!isReady || layout === null || target === null || isInFront(layout, target)) return;
    const tab = findTab(layout, target.kind, target.ref) ?? { id: randomId(), ...target, ...titleOf(layout, target.kind) };
    write(arrangeLayout(layout, { type: 'open', tab, pane: null }));
  }, [isReady, rest, write]);

  return {
    layout: shown,
    notice: known.notice,
    dismissNotice: () => layouts.dismissNotice(id),
    arrange,
    open,
    goals,
    freshIds,
    replaceOf,
  };
}

/** A terminal whose tab is closed is not needed any more; one whose window is closed lives on. */
function closedTerminals(before: Layout, after: Layout): readonly TerminalId[] {
  return listPanes(before.root)
    .flatMap((pane) => pane.tabs)
    .filter((tab) => tab.kind === 'terminal' && findPaneOf(after, tab.id) === null)
    .flatMap((tab) => TerminalId.safeParse(tab.ref).data ?? []);
}

function ignoreEnded(): void {
  // its shell has ended by itself, or the server was started again since
}

function freshIds(): FreshIds {
  return { pane: randomId(), split: randomId() };
}

function isInFront(layout: Layout, target: TabTarget): boolean {
  const front = frontTab(layout);
  return front?.kind === target.kind && front.ref === target.ref;
}

/** Several of a kind without a name of their own get numbers: the smallest that is free. */
function titleOf(layout: Layout, kind: string): { readonly title?: string } {
  const found = PANE_KINDS[kind];
  if (kind === 'chat' || found?.offer !== 'each') return {};
  const taken = new Set(listPanes(layout.root).flatMap((pane) => pane.tabs.map((tab) => tab.title)));
  let number = 1;
  while (taken.has(`${found.label} ${number}`)) number += 1;
  return { title: `${found.label} ${number}` };
}
