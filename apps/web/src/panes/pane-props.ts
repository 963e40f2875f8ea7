import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';

/** A wish to see a line; the same line wished for again is another object. */
export interface LineGoal {
  readonly line: number;
}

/** What a tab shows. `ref`: which one of its kind (a chat's id, a path, a terminal's id), kept with the layout; `line` only leads there once. */
export interface PaneParams {
  readonly ref: string | null;
  readonly line?: number | undefined;
}

/** What the component of a tab is given. It fills its parent, a flex column. */
export interface PaneProps {
  readonly projectId: ProjectId;
  readonly sessionId: SessionId;
  readonly params: Pick<PaneParams, 'ref'>;
  readonly goal: LineGoal | undefined;
  /** Whether this tab is in front in the pane that has the focus. */
  readonly isActive: boolean;
  /** Opens a tab, or brings it to the front where it is open already. */
  readonly onOpen: (kind: string, params: PaneParams) => void;
  /** This tab shows another one of its kind from now on (for instance the terminal it has just opened). */
  readonly onReplace: (ref: string | null) => void;
}
