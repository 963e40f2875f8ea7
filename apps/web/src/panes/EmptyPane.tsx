import type { Session } from '@boocode/contracts/chat.ts';
import type { LayoutPane } from '@boocode/contracts/layout.ts';
import { type RefObject, useContext, useEffect, useRef } from 'react';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { isFocusFree } from '../ui/may-take-focus.ts';
import { MenuHolderContext } from '../ui/menu-holder.ts';
import { ShortcutHint } from '../ui/ShortcutHint.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { findTab } from './layout-state.ts';
import { PANE_KINDS } from './pane-kinds.tsx';
import { chatTitle } from './tab-face.ts';
import type { PaneActions } from './use-pane-actions.ts';
import type { Panes } from './use-panes.ts';

interface EmptyPaneProps {
  readonly session: Session;
  readonly panes: Panes;
  readonly pane: LayoutPane;
  readonly actions: PaneActions;
}

/** A pane without tabs asks what to put into it. */
export function EmptyPane({ session, panes, pane, actions }: EmptyPaneProps) {
  const keysLabel = useKeysLabel();
  const list = useFirstFocus();
  const { layout } = panes;
  const closed = session.chats.flatMap((chat, index) => (layout !== null && findTab(layout, 'chat', chat.id) === null ? [{ chat, index }] : []));
  return (
    <div className="grid min-h-0 flex-1 place-content-center overflow-y-auto p-4">
      <h2 className="mb-2 text-15 font-semibold">What goes into this pane?</h2>
      <ul ref={list} className="w-[min(300px,calc(100vw-48px))] space-y-1">
        {Object.entries(PANE_KINDS).map(([kind, { label, icon: Icon, offer }]) =>
          offer === 'never' ? null : (
            <li key={kind}>
              <button type="button" className="btn btn-line w-full !justify-start" onClick={() => actions.openKind(kind, pane.id)}>
                <Icon size={15} /> {kind === 'chat' ? 'New chat' : label}
                <ShortcutHint keys={keysLabel(kind === 'chat' ? 'open.new-chat' : `open.${kind}`)} />
              </button>
            </li>
          ),
        )}
        {closed.map(({ chat, index }) => (
          <li key={chat.id}>
            <button type="button" className="btn btn-line w-full !justify-start" onClick={() => panes.open('chat', { ref: chat.id }, pane.id)}>
              <StatusDot status={chat.status} /> <span className="truncate">{chatTitle(chat.title, index)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className="mt-2 empty:mt-0">
        <ErrorLine message={actions.problem} />
      </div>
    </div>
  );
}

/** Whoever asked for the pane goes on in it. */
function useFirstFocus(): RefObject<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement>(null);
  const isInDialog = useContext(MenuHolderContext) !== null;
  useEffect(() => {
    if (!isInDialog && isFocusFree()) list.current?.querySelector('button')?.focus();
  }, [isInDialog]);
  return list;
}
