import type { ProjectId, SessionId, TerminalId } from '@boocode/contracts/ids.ts';
import { lazy, useEffect } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';

const TerminalScreen = lazy(async () => ({ default: (await import('./TerminalScreen.tsx')).TerminalScreen }));

/** Where a terminal stands: a session's worktree (the project's folder while it has none), or with null the project's folder. */
export interface TerminalPlace {
  readonly projectId: ProjectId;
  readonly sessionId: SessionId | null;
}

export interface TerminalPaneProps {
  /** The terminal to show. Null: one is opened in the place, and `onOpen` is told its id, to be remembered and given here. */
  readonly terminalId: TerminalId | null;
  /** Null: only the given terminal can be shown. */
  readonly place: TerminalPlace | null;
  readonly onOpen: (id: TerminalId) => void;
  /** Takes the focus when it is there. */
  readonly hasFocus?: boolean;
}

/** A terminal that fills its parent (a flex column). Leaving the component leaves the shell running; `api.closeTerminal` ends it. */
export function TerminalPane({ terminalId, place, onOpen, hasFocus = false }: TerminalPaneProps) {
  if (terminalId === null) return place === null ? null : <NewTerminal place={place} onOpen={onOpen} />;
  return (
    <LazyBoundary fallback={<div className="flex-1 bg-well" />}>
      <ShownTerminal key={terminalId} terminalId={terminalId} place={place} onOpen={onOpen} hasFocus={hasFocus} />
    </LazyBoundary>
  );
}

function ShownTerminal({ terminalId, place, onOpen, hasFocus }: TerminalPaneProps & { terminalId: TerminalId; hasFocus: boolean }) {
  const { api } = useLive();
  const { run, message } = useAction();
  const replace = (where: TerminalPlace) => () =>
    void run(async () => {
      const { id } = await api.createTerminal({ body: where });
      // The one that has ended is not needed any more; it may be gone already.
      await api.closeTerminal({ params: { id: terminalId } }).catch(() => undefined);
      onOpen(id);
    });
  return (
    <>
      <ErrorLine message={message} />
      <TerminalScreen id={terminalId} hasFocus={hasFocus} onReplace={place === null ? null : replace(place)} />
    </>
  );
}

function NewTerminal({ place: { projectId, sessionId }, onOpen }: Pick<TerminalPaneProps, 'onOpen'> & { place: TerminalPlace }) {
  const { api } = useLive();
  const { run, message } = useAction();
  useEffect(() => {
    const life = new AbortController();
    void run(async () => {
      const { id } = await api.createTerminal({ body: { projectId, sessionId } });
      if (life.signal.aborted) await api.closeTerminal({ params: { id } });
      else onOpen(id);
    });
    return () => life.abort();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for a place, whatever the caller's function is now
  }, [api, run, projectId, sessionId]);
  return (
    <div className="flex-1 bg-well p-3">
      <ErrorLine message={message} />
    </div>
  );
}
