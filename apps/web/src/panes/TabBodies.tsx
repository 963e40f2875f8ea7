import type { Session } from '@boocode/contracts/chat.ts';
import { type LayoutTab, listPanes } from '@boocode/contracts/layout.ts';
import { Activity, memo, useRef } from 'react';
import { createPortal } from 'react-dom';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { MayTakeFocusContext } from '../ui/may-take-focus.ts';
import { focusedPane } from './layout-state.ts';
import { PANE_KINDS } from './pane-kinds.tsx';
import type { LineGoal, PaneProps } from './pane-props.ts';
import type { Panes } from './use-panes.ts';

interface TabBodiesProps {
  readonly session: Session;
  readonly panes: Panes;
  readonly bodyOf: (tab: string) => HTMLElement;
  /** The only pane that is seen; null = all are. */
  readonly alone: string | null;
}

/** What is in the tabs. A tab starts when it first comes to the front; behind others it rests and keeps its state. */
export function TabBodies({ session, panes, bodyOf, alone }: TabBodiesProps) {
  const started = useRef(new Set<string>());
  const { layout } = panes;
  if (layout === null) return null;
  const focused = focusedPane(layout);
  const shown = listPanes(layout.root).flatMap((pane) =>
    pane.tabs.map((tab) => ({ tab, isInFront: tab.id === pane.active && (alone === null || alone === pane.id), isActive: pane.id === focused.id })),
  );
  for (const { tab, isInFront } of shown) if (isInFront) started.current.add(tab.id);
  return shown
    .filter(({ tab }) => started.current.has(tab.id))
    .toSorted((a, b) => (a.tab.id < b.tab.id ? -1 : 1))
    .map(({ tab, isInFront, isActive }) => (
      <Activity key={tab.id} mode={isInFront ? 'visible' : 'hidden'}>
        {createPortal(<TabBody tab={tab} session={session} panes={panes} isActive={isActive && isInFront} goal={panes.goals.get(tab.id)} />, bodyOf(tab.id))}
      </Activity>
    ));
}

interface TabBodyProps {
  readonly tab: LayoutTab;
  readonly session: Session;
  readonly panes: Panes;
  readonly isActive: boolean;
  readonly goal: LineGoal | undefined;
}

function TabBody({ tab, session, panes, isActive, goal }: TabBodyProps) {
  const Component = PANE_KINDS[tab.kind]?.component;
  if (Component === undefined) return <p className="m-auto p-6 text-fg-1">This kind of tab cannot be shown here. Reload the page, or close the tab.</p>;
  return (
    <MayTakeFocusContext value={isActive}>
      <LazyBoundary fallback={<BodySkeleton />}>
        <TabContent
          Component={Component}
          projectId={session.projectId}
          sessionId={session.id}
          refName={tab.ref}
          goal={goal}
          isActive={isActive}
          onOpen={panes.open}
          onReplace={panes.replaceOf(tab.id)}
        />
      </LazyBoundary>
    </MayTakeFocusContext>
  );
}

interface TabContentProps extends Omit<PaneProps, 'params'> {
  readonly Component: React.ComponentType<PaneProps>;
  readonly refName: string | null;
}

/** Drawn again only when something of the tab itself is different. */
const TabContent = memo(function TabContent({ Component, refName, ...props }: TabContentProps) {
  return <Component {...props} params={{ ref: refName }} />;
});

function BodySkeleton() {
  return (
    <div className="flex-1 space-y-3 p-3" role="status" aria-label="Opening the tab">
      <div className="skeleton h-5 w-2/3" />
      <div className="skeleton h-24 w-full" />
    </div>
  );
}
