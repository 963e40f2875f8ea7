import type { LayoutPane, LayoutTab } from '@boocode/contracts/layout.ts';
import { X } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useKeysLabel } from '../shell/use-keys-label.ts';
import { ContextMenu, MenuItem } from '../ui/Menu.tsx';
import { ShortcutHint } from '../ui/ShortcutHint.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { ChatMenuItems } from './ChatMenuItems.tsx';
import type { TabFace } from './tab-face.ts';
import type { TabDrag } from './use-tab-drag.ts';

interface PaneTabsProps {
  readonly pane: LayoutPane;
  /** Counted from 1, for its name. */
  readonly number: number;
  readonly faceOf: (tab: LayoutTab) => TabFace;
  readonly onShow: (tab: string, isStep: boolean) => void;
  readonly onClose: (tab: string) => void;
  readonly onDragStart: TabDrag['start'];
}

/** The tabs of a pane: arrows, Home and End walk through them, Delete closes one, F2 renames a chat, the menu key (a right click, a held finger) offers more, a pointer drags them. */
export function PaneTabs({ pane, number, faceOf, onShow, onClose, onDragStart }: PaneTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const focusAfter = useRef(false);
  const { actions } = useLive();
  const [menu, setMenu] = useState<{ readonly tab: LayoutTab; readonly element: HTMLElement } | null>(null);
  useEffect(() => {
    const front = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    front?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (focusAfter.current) front?.focus();
    focusAfter.current = false;
  }, [pane.active, pane.tabs]);

  const onKeyDown = (event: KeyboardEvent, index: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const last = pane.tabs.length - 1;
    const tab = pane.tabs[index];
    const goal = { ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1, Home: 0, End: last }[event.key];
    if (event.key === 'F2' && tab?.kind === 'chat') {
      actions.run('chat.rename');
    } else if (event.key === 'Delete' && tab !== undefined) {
      focusAfter.current = true;
      onClose(tab.id);
    } else if (goal !== undefined) {
      focusAfter.current = true;
      const next = pane.tabs[goal];
      if (next !== undefined) onShow(next.id, false);
    } else return;
    event.preventDefault();
  };
  return (
    <div ref={list} role="tablist" aria-label={`Tabs of pane ${number}`} className="flex min-w-0 gap-0.5 overflow-x-auto [scrollbar-width:none]">
      {pane.tabs.map((tab, index) => {
        const face = faceOf(tab);
        const isFront = tab.id === pane.active;
        const Icon = face.icon;
        const onClick = (event: MouseEvent<HTMLElement>) => {
          if (event.target instanceof Element && event.target.closest('[data-close]') !== null) onClose(tab.id);
          else onShow(tab.id, true);
        };
        const openMenu = (element: HTMLElement) => {
          onShow(tab.id, false);
          setMenu({ tab, element });
        };
        return (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`tab-${tab.id}`}
            data-tab={tab.id}
            aria-selected={isFront}
            aria-controls={isFront ? `panel-${tab.id}` : undefined}
            aria-keyshortcuts="Delete"
            tabIndex={isFront ? 0 : -1}
            title={face.title}
            onClick={onClick}
            onAuxClick={(event) => event.button === 1 && onClose(tab.id)}
            onKeyDown={(event) => onKeyDown(event, index)}
            onContextMenu={(event) => {
              event.preventDefault();
              if (event.currentTarget.dataset['held'] === undefined) openMenu(event.currentTarget);
            }}
            onPointerDown={(event) => onDragStart(event, { kind: 'tab', id: tab.id }, openMenu)}
            className={`tab ${isFront ? 'tab-front' : ''}`}
          >
            {face.status === null ? <Icon size={14} className="shrink-0" /> : <StatusDot status={face.status} />}
            <span className="truncate">{face.title}</span>
            {face.count > 0 ? (
              <span className="rounded-full bg-bg-3 px-1.5 text-11 font-bold text-fg-0">
                {face.count}
                <span className="sr-only"> to review</span>
              </span>
            ) : null}
            <span data-close aria-hidden="true" className="tab-close">
              <X size={13} />
            </span>
          </button>
        );
      })}
      {menu === null ? null : (
        <ContextMenu label={`Tab ${faceOf(menu.tab).title}`} of={menu.element} onClose={() => setMenu(null)}>
          {menu.tab.kind === 'chat' ? <ChatMenuItems /> : null}
          {pane.tabs.length > 1 ? <TabItem id="tab.close-others" label="Close the other tabs" /> : null}
          <TabItem id="tab.close" label="Close the tab" />
        </ContextMenu>
      )}
    </div>
  );
}

function TabItem({ id, label }: { id: string; label: string }) {
  const { actions } = useLive();
  const keys = useKeysLabel()(id);
  return (
    <MenuItem onSelect={() => actions.run(id)}>
      {id === 'tab.close' ? <X size={15} className="mt-0.5" /> : <span className="w-[15px]" />} {label}
      <ShortcutHint keys={keys} />
    </MenuItem>
  );
}
