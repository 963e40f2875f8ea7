import { type ReactNode, useEffect, useRef } from 'react';

interface ModalDialogProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly className?: string;
  /** `close` ends it and gives the focus back. */
  readonly children: (close: () => void) => ReactNode;
}

/** A dialog over the page. Esc and a press beside it close it; the focus goes back to where it was. */
export function ModalDialog({ label, onClose, className = '', children }: ModalDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const close = () => dialog.current?.close();
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Esc closes a dialog by itself
    <dialog ref={dialog} aria-label={label} className={`modal ${className}`} onClose={onClose} onClick={(event) => event.target === dialog.current && close()}>
      {children(close)}
    </dialog>
  );
}
