import { lazy, useEffect, useState, useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.tsx';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import type { Overlay } from './overlay.ts';

const loadPalette = async () => ({ default: (await import('../palette/Palette.tsx')).Palette });
const Palette = lazy(loadPalette);
const KeysDialog = lazy(async () => ({ default: (await import('../palette/KeysDialog.tsx')).KeysDialog }));
const RenameSession = lazy(async () => ({ default: (await import('../sessions/RenameSession.tsx')).RenameSession }));
const RenameChat = lazy(async () => ({ default: (await import('../sessions/RenameChat.tsx')).RenameChat }));
const DeleteChat = lazy(async () => ({ default: (await import('../sessions/DeleteChat.tsx')).DeleteChat }));
const ToastLine = lazy(async () => ({ default: (await import('./ToastLine.tsx')).ToastLine }));
const DeleteSession = lazy(async () => ({ default: (await import('../sessions/DeleteSession.tsx')).DeleteSession }));

const FAILED = 'pane fixed inset-x-4 bottom-4 z-50 mx-auto max-w-[480px]';

/** The dialog that is open, if any (closing gives the focus back to where it was), and what was done last, as long as it can be taken back. */
export function Overlays() {
  const { overlay, toasts } = useLive();
  const open = useSyncExternalStore(overlay.subscribe, overlay.get);
  const toast = useSyncExternalStore(toasts.subscribe, toasts.get);
  // a dialog says that it is closed a moment after it is: by then another may be open, also one of its kind
  const [last, setLast] = useState({ open, count: 0 });
  if (last.open !== open) setLast({ open, count: last.count + 1 });
  useEffect(loadPaletteSoon, []);
  const close = (closed: Overlay) => overlay.update((now) => (now === closed ? null : now));
  return (
    <>
      <LiveRegion text={toast?.text ?? ''} />
      {toast === null ? null : (
        <LazyBoundary key={toast.id} className={FAILED}>
          <ToastLine toast={toast} />
        </LazyBoundary>
      )}
      {open === null ? null : (
        <LazyBoundary key={last.count} className={FAILED}>
          <OpenOverlay open={open} onClose={() => close(open)} />
        </LazyBoundary>
      )}
    </>
  );
}

/** Fetches the palette with the first press of the key that its shortcut begins with: words typed at once must not land in the field behind it. */
function loadPaletteSoon(): () => void {
  const listening = new AbortController();
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key !== 'Control' && key !== 'Meta') return;
    listening.abort();
    loadPalette().catch(() => {}); // opening it says what is wrong
  };
  window.addEventListener('keydown', onKeyDown, { signal: listening.signal });
  return () => listening.abort();
}

function OpenOverlay({ open, onClose: close }: { open: Overlay; onClose: () => void }) {
  return (
    <>
      {open.kind === 'palette' ? <Palette onClose={close} /> : null}
      {open.kind === 'keys' ? <KeysDialog onClose={close} /> : null}
      {open.kind === 'rename_session' ? <RenameSession sessionId={open.sessionId} onClose={close} /> : null}
      {open.kind === 'delete_session' ? <DeleteSession sessionId={open.sessionId} onClose={close} /> : null}
      {open.kind === 'rename_chat' ? <RenameChat chat={open.chat} onClose={close} /> : null}
      {open.kind === 'delete_chat' ? <DeleteChat chat={open.chat} onClose={close} /> : null}
    </>
  );
}
