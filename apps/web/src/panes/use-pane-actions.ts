import type { Session } from '@boocode/contracts/chat.ts';
import { listPanes } from '@boocode/contracts/layout.ts';
import type { RefObject } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { useActions } from '../shell/use-actions.ts';
import { enterPane } from './enter-pane.ts';
import { neighbourOf } from './layout-geometry.ts';
import { focusedPane, frontTab, type Side } from './layout-state.ts';
import { PANE_KINDS } from './pane-kinds.tsx';
import type { Panes } from './use-panes.ts';

export interface PaneActions {
  /** Makes a chat and opens it; `pane` null: in the pane with the focus. */
  readonly newChat: (pane: string | null) => void;
  /** Opens one of a kind: the one there is, or where there may be several, a new one. */
  readonly openKind: (kind: string, pane: string | null) => void;
  /** What the last of them said when it failed. */
  readonly problem: string | null;
}

interface Place {
  readonly session: Session;
  readonly panes: Panes;
  readonly area: RefObject<HTMLElement | null>;
}

const SIDES: readonly Side[] = ['left', 'right', 'up', 'down'];

/** What keys, menus and the palette can do with panes. */
export function usePaneActions({ session, panes, area }: Place): PaneActions {
  const { api, user, overlay } = useLive();
  const action = useAction();
  const { layout, arrange, freshIds, open } = panes;
  const newChat = (pane: string | null) =>
    void action.run(async () => {
      const chat = await api.createChat({ params: { id: session.id }, body: {} });
      user.addSession(await api.getSession({ params: { id: session.id } }));
      open('chat', { ref: chat.id }, pane);
    });
  const openKind = (kind: string, pane: string | null) => {
    if (kind === 'chat') newChat(pane);
    else open(kind, { ref: null }, pane);
  };
  const withFocused = (act: (paneId: string, tabId: string | null) => void) => () => {
    if (layout === null) return;
    const pane = focusedPane(layout);
    act(pane.id, pane.active);
  };
  const show = (kind: string) => () => {
    const known =
      layout === null
        ? undefined
        : listPanes(layout.root)
            .flatMap((pane) => pane.tabs)
            .find((tab) => tab.kind === kind);
    if (known !== undefined) arrange({ type: 'show', tab: known.id });
    else if (kind !== 'chat') open(kind, { ref: null });
    else if (session.chats[0] !== undefined) open('chat', { ref: session.chats[0].id });
    enterPane(area.current);
  };
  const step = (by: number) =>
    withFocused((paneId, tabId) => {
      const tabs = layout === null ? [] : (listPanes(layout.root).find((pane) => pane.id === paneId)?.tabs ?? []);
      const next = tabs.at((tabs.findIndex((tab) => tab.id === tabId) + by) % Math.max(1, tabs.length));
      if (next !== undefined) arrange({ type: 'show', tab: next.id });
      enterPane(area.current);
    });
  const toSide = (side: Side) =>
    withFocused((paneId) => {
      const next = layout === null ? null : neighbourOf(layout.root, paneId, side);
      if (next === null) return;
      arrange({ type: 'focus', pane: next.id });
      enterPane(area.current);
    });
  const moveTo = (side: Side) =>
    withFocused((paneId, tab) => {
      if (layout === null || tab === null) return;
      const next = neighbourOf(layout.root, paneId, side);
      if (next === null) arrange({ type: 'move_to_side', tab, pane: paneId, side, ids: freshIds() });
      else arrange({ type: 'move', tab, pane: next.id, index: next.tabs.length });
      enterPane(area.current);
    });

  const movePaneTo = (side: Side) =>
    withFocused((pane) => {
      const next = layout === null ? null : neighbourOf(layout.root, pane, side);
      if (next !== null) arrange({ type: 'move_pane', pane, to: next.id, side, ids: freshIds() });
      enterPane(area.current);
    });

  const entries: Record<string, () => void> = {
    'open.new-chat': () => newChat(null),
    'pane.split-right': withFocused((pane) => arrange({ type: 'split', pane, side: 'right', ids: freshIds() })),
    'pane.split-down': withFocused((pane) => arrange({ type: 'split', pane, side: 'down', ids: freshIds() })),
    'pane.maximise': withFocused((pane) => arrange({ type: 'maximise', pane: layout?.maximised == null ? pane : null })),
    'pane.close': withFocused((pane) => arrange({ type: 'close_pane', pane }, 'stay')),
    'tab.next': step(1),
    'tab.previous': step(-1),
    'tab.close': withFocused((pane, tab) => (tab === null ? arrange({ type: 'close_pane', pane }, 'stay') : arrange({ type: 'close', tab }, 'stay'))),
    'tab.close-others': withFocused((_, tab) => tab !== null && arrange({ type: 'close_others', tab }, 'stay')),
  };
  for (const kind of Object.keys(PANE_KINDS)) if (PANE_KINDS[kind]?.offer !== 'never') entries[`open.${kind}`] = show(kind);
  for (const side of SIDES) {
    entries[`pane.${side}`] = toSide(side);
    entries[`tab.move-${side}`] = moveTo(side);
    entries[`pane.move-${side}`] = movePaneTo(side);
  }
  for (let number = 1; number <= 9; number++) {
    entries[`tab.${number}`] = () => {
      const tab = layout === null ? undefined : focusedPane(layout).tabs[number - 1];
      if (tab !== undefined) arrange({ type: 'show', tab: tab.id });
      enterPane(area.current);
    };
  }
  useActions(entries);
  const front = layout === null ? null : frontTab(layout);
  const chat = front?.kind === 'chat' ? session.chats.find((other) => other.id === front.ref) : undefined;
  useActions(
    chat === undefined
      ? null
      : { 'chat.rename': () => overlay.set({ kind: 'rename_chat', chat }), 'chat.delete': () => overlay.set({ kind: 'delete_chat', chat }) },
  );
  return { newChat, openKind, problem: action.message };
}
