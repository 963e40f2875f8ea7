import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import type { Overlay } from './overlay.ts';

const Palette = lazy(async () => ({ default: (await import('../palette/Palette.tsx')).Palette }));
const KeysDialog = lazy(async () => ({ default: (await import('../palette/KeysDialog.tsx')).KeysDialog }));
const RenameSession = lazy(async () => ({ default: (await import('../sessions/RenameSession.tsx')).RenameSession }));
const RenameChat = lazy(async () => ({ default: (await import('../sessions/RenameChat.tsx')).RenameChat }));
const DeleteChat = lazy(async () => ({ default: (await import('../sessions/DeleteChat.tsx')).DeleteChat }));
const ToastLine = lazy(async () => ({ default: (await import('./ToastLine.tsx')).ToastLine }));
const DeleteSession = lazy(async () => ({ default: (await import('../sessions/DeleteSession.tsx')).DeleteSession }));

/** The dialog that is open, if any (closing gives the focus back to where it was), and what was done last, as long as it can be taken back. */
export function Overlays() {
  const { overlay, toasts } = useLive();
  const open = useSyncExternalStore(overlay.subscribe, overlay.get);
  const toast = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <>
      <LiveRegion text={toast?.text ?? ''} />
      <Suspense fallback={null}>{toast === null ? null : <ToastLine key={toast.id} toast={toast} />}</Suspense>
      <Suspense fallback={null}>{open === null ? null : <OpenOverlay open={open} onClose={() => overlay.set(null)} />}</Suspense>
    </>
  );
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
