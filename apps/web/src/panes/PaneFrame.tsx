import type { Session } from '@boocode/contracts/chat.ts';
import type { LayoutPane } from '@boocode/contracts/layout.ts';
import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import { faceOf } from './tab-face.ts';
import { EmptyPane } from './EmptyPane.tsx';
import type { Rect } from './layout-geometry.ts';
import { NewTabMenu } from './NewTabMenu.tsx';
import { PaneMenu } from './PaneMenu.tsx';
import { PaneTabs } from './PaneTabs.tsx';
import { restorePlace } from './tab-body.ts';
import type { PaneActions } from './use-pane-actions.ts';
import type { Panes } from './use-panes.ts';
import type { TabDrag } from './use-tab-drag.ts';

interface PaneFrameProps {
  readonly session: Session;
  readonly panes: Panes;
  readonly pane: LayoutPane;
  readonly number: number;
  /** null: it fills the place. */
  readonly rect: Rect | null;
  readonly isHidden: boolean;
  readonly isFocused: boolean;
  readonly isSingle: boolean;
  readonly isMaximised: boolean;
  readonly hasOthers: boolean;
  readonly bodyOf: (tab: string) => HTMLElement;
  readonly actions: PaneActions;
  readonly onDragStart: TabDrag['start'];
}

/** A pane: its tabs, and what is in the one in front. */
export function PaneFrame(props: PaneFrameProps) {
  const { session, panes, pane, number, rect, isFocused, isSingle, hasOthers, bodyOf } = props;
  const faces = pane.tabs.map((tab) => ({ tab, face: faceOf(tab, session) }));
  const frame = useRef<HTMLElement>(null);
  const focus = useEffectEvent(() => {
    if (!isFocused) panes.arrange({ type: 'focus', pane: pane.id }, 'stay');
  });
  useEffect(() => {
    // what is in a tab is drawn elsewhere and put here: its events come by the page, not by React
    const life = new AbortController();
    for (const type of ['focusin', 'pointerdown']) frame.current?.addEventListener(type, () => focus(), { passive: true, signal: life.signal });
    return () => life.abort();
  }, []);
  return (
    <section
      ref={frame}
      aria-label={`Pane ${number}`}
      data-pane={pane.id}
      data-focused={isFocused}
      hidden={props.isHidden}
      className={`pane pane-frame ${isSingle ? 'pane-single' : ''} ${isFocused && hasOthers ? 'pane-focused' : ''} ${isFocused || isSingle ? '' : 'pane-dim'}`}
      style={
        rect === null
          ? { inset: 0 }
          : {
              left: `calc(${rect.left}% + ${rect.left > 0.01 ? 3 : 0}px)`,
              top: `calc(${rect.top}% + ${rect.top > 0.01 ? 3 : 0}px)`,
              right: `calc(${100 - rect.left - rect.width}% + ${rect.left + rect.width < 99.99 ? 3 : 0}px)`,
              bottom: `calc(${100 - rect.top - rect.height}% + ${rect.top + rect.height < 99.99 ? 3 : 0}px)`,
            }
      }
    >
      {isSingle ? null : (
        <div className="flex min-h-(--bar) items-center gap-1 border-b border-line px-1">
          <PaneTabs
            pane={pane}
            number={number}
            faceOf={(tab) => faceOf(tab, session)}
            onShow={(tab, isStep) => panes.arrange({ type: 'show', tab }, isStep ? 'step' : 'stay')}
            onClose={(tab) => panes.arrange({ type: 'close', tab }, 'stay')}
            onDragStart={props.onDragStart}
          />
          <NewTabMenu session={session} panes={panes} pane={pane} number={number} actions={props.actions} />
          {/* the empty part of the bar: it drags the pane with all its tabs */}
          <span className="pane-handle" onPointerDown={(event) => hasOthers && props.onDragStart(event, { kind: 'pane', id: pane.id })} />
          <PaneMenu {...props} />
        </div>
      )}
      {pane.tabs.length === 0 ? <EmptyPane session={session} panes={panes} pane={pane} actions={props.actions} /> : null}
      {faces.map(({ tab, face }) => (
        <Slot key={tab.id} id={tab.id} label={face.title} body={bodyOf(tab.id)} isInFront={tab.id === pane.active} isSingle={isSingle} />
      ))}
    </section>
  );
}

interface SlotProps {
  readonly id: string;
  readonly label: string;
  readonly body: HTMLElement;
  readonly isInFront: boolean;
  readonly isSingle: boolean;
}

/** Where a tab's element stands while the tab is in this pane. */
function Slot({ id, label, body, isInFront, isSingle }: SlotProps) {
  const slot = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    slot.current?.append(body);
    restorePlace(body);
  }, [body]);
  return (
    <div
      ref={slot}
      id={`panel-${id}`}
      role={isSingle ? 'group' : 'tabpanel'}
      aria-label={isSingle ? label : undefined}
      aria-labelledby={isSingle ? undefined : `tab-${id}`}
      hidden={!isInFront}
      className={`min-h-0 min-w-0 flex-1 flex-col ${isInFront ? 'flex' : 'hidden'}`}
    />
  );
}
