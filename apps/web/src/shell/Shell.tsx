import { Inbox, Menu } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { attentionOf, windowTitle } from '../attention/attention-state.ts';
import { useUser } from '../live/live-context.tsx';
import { MenuHolderContext } from '../ui/menu-holder.ts';
import { ConnectionLine } from './ConnectionLine.tsx';
import { Rail } from './Rail.tsx';
import { useActions } from './use-actions.ts';
import { useRailHidden } from './use-rail-hidden.ts';

interface ShellProps {
  readonly title: string;
  /** Beside the title on a phone. */
  readonly status?: ReactNode;
  readonly children: ReactNode;
  /** The tab bar of a phone. */
  readonly bottom?: ReactNode;
}

/** The frame of every screen: the rail at the left, on a phone behind a button. */
export function Shell({ title, status, children, bottom }: ShellProps) {
  const attention = attentionOf(useUser());
  const { waiting } = attention;
  const words = windowTitle(title, attention);
  useEffect(() => {
    document.title = words;
  }, [words]);
  const [isRailHidden, toggleRail] = useRailHidden();
  useActions({ rail: toggleRail });
  return (
    <div className="flex h-dvh flex-col">
      <a href="#main" className="btn btn-primary sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50">
        Skip to the content
      </a>
      <ConnectionLine />
      <div className="flex min-h-0 flex-1">
        <aside aria-label="Rail" className={isRailHidden ? 'hidden' : 'hidden w-[252px] shrink-0 md:block'}>
          <Rail />
        </aside>
        <div className="flex min-w-0 flex-1 flex-col">
          <header className="flex min-h-14 items-center gap-1 px-2 md:hidden">
            <RailDrawer />
            <div className="min-w-0 flex-1">
              <p className="truncate text-15 font-semibold">{title}</p>
              {status}
            </div>
            <Link
              href="/inbox"
              className="relative grid size-11 place-items-center rounded-m text-fg-1"
              aria-label={waiting > 0 ? `Inbox, ${waiting} waiting` : 'Inbox'}
            >
              <Inbox size={20} />
              {waiting > 0 ? (
                <span className="absolute top-1 right-1 grid h-[18px] min-w-[18px] place-items-center rounded-full bg-warn-fill px-1 text-11 font-bold text-on-warn">
                  {waiting}
                </span>
              ) : null}
            </Link>
          </header>
          <main id="main" tabIndex={-1} className={`flex min-h-0 flex-1 flex-col outline-none md:p-1.5 ${isRailHidden ? '' : 'md:pl-0'}`}>
            {children}
          </main>
          {bottom}
        </div>
      </div>
    </div>
  );
}

function RailDrawer() {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const [location] = useLocation();
  useEffect(() => dialog?.close(), [dialog, location]);
  const open = () => {
    setIsOpen(true);
    dialog?.showModal();
  };
  return (
    <>
      <button type="button" className="btn btn-icon !size-11" aria-label="Open the rail" onClick={open}>
        <Menu size={20} />
      </button>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Esc closes a dialog by itself */}
      <dialog
        ref={setDialog}
        className="drawer"
        aria-label="Rail"
        onClose={() => setIsOpen(false)}
        onClick={(event) => event.target === dialog && dialog.close()}
      >
        <MenuHolderContext value={dialog}>{isOpen ? <Rail /> : null}</MenuHolderContext>
      </dialog>
    </>
  );
}
