import type { Session } from '@boocode/contracts/chat.ts';
import { listPanes } from '@boocode/contracts/layout.ts';
import { X } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { placesOf } from './layout-geometry.ts';
import { focusedPane } from './layout-state.ts';
import { PaneFrame } from './PaneFrame.tsx';
import { enterPane } from './enter-pane.ts';
import { Separator } from './Separator.tsx';
import { createTabBody } from './tab-body.ts';
import { TabBodies } from './TabBodies.tsx';
import { usePaneActions } from './use-pane-actions.ts';
import type { Panes } from './use-panes.ts';
import { type Dragged, type Drop, useTabDrag } from './use-tab-drag.ts';

/** Whoever took something away has this long to say where the focus goes. */
const RESCUE_MS = 150;
const OPENING = '[data-focused="true"] [role="tabpanel"]:not([hidden]) [role="status"] .skeleton';

interface WorkspaceProps {
  readonly session: Session;
  readonly panes: Panes;
  /** One pane fills the place, without its tabs. */
  readonly isSingle: boolean;
}

/** The panes of a session. All stand beside each other on the page, so that nothing starts anew when the tree around it changes. */
export function Workspace({ session, panes, isSingle }: WorkspaceProps) {
  const { arrange, freshIds, layout } = panes;
  const area = useRef<HTMLDivElement>(null);
  const bodies = useBodies();
  const onDrop = ({ kind, id }: Dragged, { pane, side, index }: Drop) => {
    if (kind === 'pane') arrange({ type: 'move_pane', pane: id, to: pane, side, ids: freshIds() });
    else arrange(side === null ? { type: 'move', tab: id, pane, index } : { type: 'move_to_side', tab: id, pane, side, ids: freshIds() });
  };
  const drag = useTabDrag(area, onDrop);
  const actions = usePaneActions({ session, panes, area });
  useFocusRescue(area);

  if (layout === null) return <div role="status" aria-label="Arranging the panes" className="pane flex-1 max-md:!rounded-none" />;
  const focused = focusedPane(layout);
  const alone = isSingle ? focused.id : layout.maximised;
  const count = listPanes(layout.root).length;
  const numbers = new Map(listPanes(layout.root).map((pane, index) => [pane.id, index + 1]));
  return (
    <>
      {panes.notice === null ? null : (
        <p role="status" className="mb-1.5 flex items-center gap-3 rounded-m bg-bg-2 px-3 py-1.5 text-13">
          <span className="flex-1">{panes.notice}</span>
          <button type="button" className="btn btn-small btn-icon" aria-label="Close this message" onClick={panes.dismissNotice}>
            <X size={14} />
          </button>
        </p>
      )}
      <div ref={area} className="relative min-h-0 flex-1">
        {placesOf(layout.root).map((place) =>
          place.type === 'separator' ? (
            alone === null ? (
              <Separator key={`${place.split.id} ${place.index}`} {...place} onResize={(sizes) => arrange({ type: 'resize', split: place.split.id, sizes })} />
            ) : null
          ) : (
            <PaneFrame
              key={place.pane.id}
              session={session}
              panes={panes}
              pane={place.pane}
              number={numbers.get(place.pane.id) ?? 1}
              rect={alone === null ? place.rect : null}
              isHidden={alone !== null && alone !== place.pane.id}
              isFocused={place.pane.id === focused.id}
              isSingle={isSingle}
              isMaximised={layout.maximised !== null}
              hasOthers={count > 1}
              bodyOf={bodies}
              actions={actions}
              onDragStart={drag.start}
            />
          ),
        )}
        {drag.drop === null ? null : <div className="drop-hint" aria-hidden="true" style={{ ...drag.drop.box }} />}
      </div>
      <TabBodies session={session} panes={panes} bodyOf={bodies} alone={alone} />
    </>
  );
}

/** One element per tab, made once: it is put into the pane that the tab is in, and what lives in it keeps living when the tab moves. */
function useBodies(): (tab: string) => HTMLElement {
  const [bodies] = useState(() => new Map<string, HTMLElement>());
  return useCallback(
    (tab: string) => {
      const known = bodies.get(tab);
      if (known !== undefined) return known;
      const body = createTabBody();
      bodies.set(tab, body);
      return body;
    },
    [bodies],
  );
}

/** Gives the focus to the pane's tab when what had it is gone and nobody else has taken it: it never falls back to the page. */
function useFocusRescue(area: RefObject<HTMLElement | null>): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      last.current = target instanceof Element && area.current?.contains(target) === true ? target : null;
    };
    addEventListener('focusin', note);
    const timer = setInterval(() => {
      const before = last.current;
      if (before === null || document.activeElement !== document.body || (before.isConnected && before.checkVisibility())) return;
      if (area.current?.querySelector(OPENING) != null) return; // what is opening there takes it when it has come
      last.current = null;
      enterPane(area.current);
    }, RESCUE_MS);
    return () => {
      removeEventListener('focusin', note);
      clearInterval(timer);
    };
  }, [area]);
}
