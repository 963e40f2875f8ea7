import {
  type ButtonHTMLAttributes,
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { MenuHolderContext } from './menu-holder.ts';

interface MenuProps {
  /** Of the list. */
  readonly label: string;
  /** The button: its looks and its name. */
  readonly trigger: Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'onClick' | 'onKeyDown'>;
  readonly side?: 'top' | 'bottom';
  readonly align?: 'start' | 'end';
  /** Sentences below the lines, read with the list. */
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

const CloseContext = createContext<() => void>(() => undefined);
const GAP_PX = 6;
const EDGE_PX = 8;
const TYPING_MS = 700;

/** A button that opens a list of things to do: arrows, Home, End and letters walk through it, Esc and Tab leave it, and the focus goes back to the button. */
export function Menu({ label, trigger, side = 'bottom', align = 'start', footer = null, children }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setIsOpen(false);
    button.current?.focus({ preventScroll: true });
  };
  return (
    <>
      <button
        {...trigger}
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        data-state={isOpen ? 'open' : 'closed'}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setIsOpen(true);
        }}
      />
      {isOpen ? (
        <CloseContext value={close}>
          <MenuList id={id} label={label} button={button.current} side={side} align={align} footer={footer} onClose={close} onLeave={() => setIsOpen(false)}>
            {children}
          </MenuList>
        </CloseContext>
      ) : null}
    </>
  );
}

interface ContextMenuProps {
  readonly label: string;
  /** What it is about: the list stands beside it, and the focus goes back to it. */
  readonly of: HTMLElement;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The list of things to do with something that is not a button for it: a right click, a held finger or the menu key opened it. */
export function ContextMenu({ label, of, onClose, children }: ContextMenuProps) {
  const id = useId();
  const close = () => {
    onClose();
    of.focus({ preventScroll: true });
  };
  return (
    <CloseContext value={close}>
      <MenuList id={id} label={label} button={of} side="bottom" align="start" footer={null} onClose={close} onLeave={onClose}>
        {children}
      </MenuList>
    </CloseContext>
  );
}

interface MenuListProps {
  readonly id: string;
  readonly label: string;
  readonly button: HTMLElement | null;
  readonly side: 'top' | 'bottom';
  readonly align: 'start' | 'end';
  readonly footer: ReactNode;
  readonly onClose: () => void;
  /** Somebody pressed elsewhere: the focus is theirs. */
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

function MenuList({ id, label, button, side, align, footer, onClose, onLeave, children }: MenuListProps) {
  const holder = useContext(MenuHolderContext);
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || button === null) return;
    place(element, button.getBoundingClientRect(), side, align);
    const items = itemsOf(element);
    (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0] ?? element).focus({ preventScroll: true });
  }, [button, side, align]);
  useEffect(() => {
    const life = new AbortController();
    const leave = (event: Event) => {
      const { target } = event;
      if (target instanceof Node && (list.current?.contains(target) === true || button?.contains(target) === true)) return;
      onLeave();
    };
    addEventListener('pointerdown', leave, { signal: life.signal, capture: true });
    addEventListener('resize', leave, { signal: life.signal });
    return () => life.abort();
  });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation();
    const items = itemsOf(event.currentTarget);
    const at = items.findIndex((item) => item === document.activeElement);
    const goal = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
    if (goal !== undefined) items.at(goal % Math.max(1, items.length))?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (event.key === 'Enter' || event.key === ' ') items[at]?.click();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const text = event.timeStamp - typed.current.at < TYPING_MS ? typed.current.text + event.key.toLowerCase() : event.key.toLowerCase();
      typed.current = { text, at: event.timeStamp };
      items.find((item) => item.textContent.trim().toLowerCase().startsWith(text))?.focus();
    } else return;
    event.preventDefault();
  };
  return createPortal(
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- it has the keys of the lines in it
    <div ref={list} tabIndex={-1} className="menu" onKeyDown={onKeyDown}>
      <div id={id} role="menu" aria-label={label} aria-describedby={footer === null ? undefined : `${id}-footer`}>
        {children}
      </div>
      {footer === null ? null : <div id={`${id}-footer`}>{footer}</div>}
    </div>,
    holder ?? document.getElementById('main') ?? document.body,
  );
}

interface MenuItemProps {
  readonly onSelect: () => void;
  /** Given where one of several is chosen: whether this one is. */
  readonly isChosen?: boolean;
  /** It is read and reached like the others, and does nothing. */
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

/** One line of a menu. The menu closes before it acts. */
export function MenuItem({ onSelect, isChosen, isDisabled = false, children }: MenuItemProps) {
  const close = useContext(CloseContext);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the menu has the keys of its lines
    <div
      role={isChosen === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={isChosen}
      aria-disabled={isDisabled || undefined}
      tabIndex={-1}
      className="menu-item"
      onPointerMove={(event) => event.pointerType === 'mouse' && event.currentTarget.focus({ preventScroll: true })}
      onClick={() => {
        if (isDisabled) return;
        close();
        onSelect();
      }}
    >
      {children}
    </div>
  );
}

function itemsOf(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
}

/** Beside the button, on the side with room, inside the window. */
function place(list: HTMLElement, button: DOMRect, side: 'top' | 'bottom', align: 'start' | 'end'): void {
  const { innerWidth, innerHeight } = window;
  const above = button.top - GAP_PX - EDGE_PX;
  const below = innerHeight - button.bottom - GAP_PX - EDGE_PX;
  const wanted = Math.min(list.scrollHeight + 2, 420);
  const isAbove = side === 'top' ? above >= wanted || above >= below : below < wanted && above > below;
  list.style.maxHeight = `${Math.min(420, isAbove ? above : below)}px`;
  const { width, height } = list.getBoundingClientRect();
  const left = align === 'start' ? button.left : button.right - width;
  list.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`;
  list.style.top = `${isAbove ? button.top - GAP_PX - height : button.bottom + GAP_PX}px`;
}
