import { Undo2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import type { Toast } from './toast.ts';
import { useActions } from './use-actions.ts';
import { useKeysLabel } from './use-keys-label.ts';

const SHOWN_MS = 12_000;

/** Says what was done, with Undo, for as long as nobody looks away from it. Later the key and the palette still take it back. */
export function ToastLine({ toast }: { toast: Toast }) {
  const { toasts } = useLive();
  const keys = useKeysLabel()('undo');
  const action = useAction();
  const [isHeld, setIsHeld] = useState(false);
  const [isOver, setIsOver] = useState(false);
  const stays = isHeld || action.isBusy || action.message !== null;
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => setIsOver(true), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [stays]);
  const takeBack = toast.undo;
  const undo = () => {
    if (takeBack === null) return;
    setIsOver(false);
    void action.run(takeBack).then((isDone) => isDone && toasts.update((now) => (now === toast ? null : now)));
  };
  useActions(takeBack === null ? null : { undo });
  if (isOver) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only notes whether somebody is at it
    <section
      aria-label="Done just now"
      className="toast appear"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{toast.text}</span>
        {takeBack === null ? null : (
          <button
            type="button"
            className="btn btn-small btn-line shrink-0"
            title={keys === null ? undefined : `Undo (${keys})`}
            disabled={action.isBusy}
            onClick={undo}
          >
            <Undo2 size={14} /> Undo
          </button>
        )}
        <button type="button" className="btn btn-small btn-icon shrink-0" aria-label="Close this message" onClick={() => setIsOver(true)}>
          <X size={14} />
        </button>
      </div>
      <ErrorLine message={action.message} />
    </section>
  );
}
