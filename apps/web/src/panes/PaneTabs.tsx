import type { LayoutPane, LayoutTab } from '@boocode/contracts/layout.ts';
import { X } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useEffect, useRef } from 'react';
import { StatusDot } from '../ui/StatusDot.tsx';
import type { TabFace } from './tab-face.ts';

interface PaneTabsProps {
  readonly pane: LayoutPane;
  /** Counted from 1, for its name. */
  readonly number: number;
  readonly faceOf: (tab: LayoutTab) => TabFace;
  readonly onShow: (tab: string, isStep: boolean) => void;
  readonly onClose: (tab: string) => void;
  readonly onDragStart: (event: PointerEvent, tab: string) => void;
}

/** The tabs of a pane: arrows, Home and End walk through them, Delete closes one, a mouse drags them. */
export function PaneTabs({ pane, number, faceOf, onShow, onClose, onDragStart }: PaneTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const focusAfter = useRef(false);
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
    if (event.key === 'Delete' && tab !== undefined) {
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
            onPointerDown={(event) => onDragStart(event, tab.id)}
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
    </div>
  );
}
