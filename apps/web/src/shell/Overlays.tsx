import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.tsx';

const Palette = lazy(async () => ({ default: (await import('../palette/Palette.tsx')).Palette }));
const KeysDialog = lazy(async () => ({ default: (await import('../palette/KeysDialog.tsx')).KeysDialog }));
const RenameSession = lazy(async () => ({ default: (await import('../sessions/RenameSession.tsx')).RenameSession }));
const DeleteSession = lazy(async () => ({ default: (await import('../sessions/DeleteSession.tsx')).DeleteSession }));

/** The dialog that is open, if any. Closing gives the focus back to where it was. */
export function Overlays() {
  const { overlay } = useLive();
  const open = useSyncExternalStore(overlay.subscribe, overlay.get);
  const close = () => overlay.set(null);
  if (open === null) return null;
  return (
    <Suspense fallback={null}>
      {open.kind === 'palette' ? <Palette onClose={close} /> : null}
      {open.kind === 'keys' ? <KeysDialog onClose={close} /> : null}
      {open.kind === 'rename_session' ? <RenameSession sessionId={open.sessionId} onClose={close} /> : null}
      {open.kind === 'delete_session' ? <DeleteSession sessionId={open.sessionId} onClose={close} /> : null}
    </Suspense>
  );
}
