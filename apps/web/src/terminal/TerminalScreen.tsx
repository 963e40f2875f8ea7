import type { TerminalId } from '@boocode/contracts/ids.ts';
import type { Terminal } from '@boocode/contracts/terminal.ts';
import { Accessibility, Search, SquareTerminal } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useReducer, useRef } from 'react';
import { TerminalFind } from './TerminalFind.tsx';
import type { TerminalKey } from './terminal-keys.ts';
import { useTerminal } from './use-terminal.ts';

const READER_KEY = 'boocode.terminal.reader';

interface TerminalScreenProps {
  readonly id: TerminalId;
  readonly hasFocus: boolean;
  /** Opens another one in the same place; null where the place is not known. */
  readonly onReplace: (() => void) | null;
}

interface Bars {
  readonly isFinding: boolean;
  readonly isForReader: boolean;
}

/** One terminal with its bar: who it is, how it is, find, and the way out by keyboard. */
export function TerminalScreen({ id, hasFocus, onReplace }: TerminalScreenProps) {
  const host = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const [{ isFinding, isForReader }, change] = useReducer((bars: Bars, patch: Partial<Bars>): Bars => ({ ...bars, ...patch }), {
    isFinding: false,
    isForReader: localStorage.getItem(READER_KEY) === 'on',
  });
  const onKey = useCallback((key: TerminalKey) => {
    if (key === 'find') change({ isFinding: true });
    if (key === 'out') end.current?.focus();
    if (key === 'out_back') bar.current?.querySelector<HTMLElement>('button:last-of-type')?.focus();
  }, []);
  const { state, view } = useTerminal(id, host, onKey);
  useEffect(() => view?.setScreenReader(isForReader), [view, isForReader]);
  useEffect(() => {
    if (hasFocus) view?.focus();
  }, [view, hasFocus]);
  const chooseReader = () => {
    localStorage.setItem(READER_KEY, isForReader ? 'off' : 'on');
    change({ isForReader: !isForReader });
  };
  const closeFind = () => {
    change({ isFinding: false });
    view?.focus();
  };
  const { terminal } = state;
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-well">
      <div ref={bar} role="toolbar" aria-label="Terminal" className="flex min-h-(--bar) items-center gap-1 border-b border-line bg-bg-1 px-3">
        <SquareTerminal size={15} className="shrink-0 text-fg-1" />
        <span className="truncate font-semibold">{terminal?.title ?? 'Terminal'}</span>
        <span className="min-w-0 flex-1 truncate text-12 text-fg-2" title={terminal?.cwd}>
          {terminal === null ? '' : placeOf(terminal)}
        </span>
        <span className="text-12 whitespace-nowrap text-fg-1 max-md:hidden">
          <span className="kbd">F6</span> leaves
        </span>
        <button
          type="button"
          className="btn btn-icon"
          aria-label="Find in terminal"
          title="Find (Ctrl+Shift+F)"
          onClick={() => change({ isFinding: !isFinding })}
        >
          <Search size={15} />
        </button>
        <button
          type="button"
          className={`btn btn-icon ${isForReader ? 'bg-bg-3 text-accent-text' : ''}`}
          aria-label="Screen reader mode"
          title="Screen reader mode"
          aria-pressed={isForReader}
          onClick={chooseReader}
        >
          <Accessibility size={15} />
        </button>
      </div>
      <TerminalNote phase={state.phase} terminal={terminal} message={state.message} onReplace={onReplace} />
      <div className="relative min-h-0 flex-1 overflow-hidden py-1 pl-2">
        {isFinding ? <TerminalFind onFind={(text, direction) => view?.find(text, direction) ?? false} onClose={closeFind} /> : null}
        <div ref={host} className="h-full" />
      </div>
      {/* where F6 puts the focus: from here Tab goes on to what follows the terminal */}
      <div ref={end} tabIndex={-1} className="sr-only">
        After the terminal
      </div>
    </div>
  );
}

interface TerminalNoteProps {
  readonly phase: 'connecting' | 'live' | 'away' | 'gone';
  readonly terminal: Terminal | null;
  readonly message: string | null;
  readonly onReplace: (() => void) | null;
}

/** An honest line while the shell cannot be typed to. */
function TerminalNote({ phase, terminal, message, onReplace }: TerminalNoteProps) {
  if (phase === 'away') return <Note>Reconnecting. What runs here goes on, unless BooCode was stopped.</Note>;
  const again =
    onReplace === null ? null : (
      <button type="button" className="btn btn-small btn-line" onClick={onReplace}>
        Open a new terminal
      </button>
    );
  if (phase === 'gone') return <Note action={again}>{message}</Note>;
  if (terminal?.state !== 'ended') return null;
  return <Note action={again}>{endingOf(terminal)}</Note>;
}

function Note({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <p role="status" className="flex min-h-9 items-center gap-3 border-b border-line bg-bg-2 px-3 py-1.5 text-13">
      <span className="min-w-0 flex-1">{children}</span>
      {action}
    </p>
  );
}

function placeOf({ cwd, isInWorktree }: Terminal): string {
  const folder = cwd.slice(cwd.lastIndexOf('/') + 1);
  return isInWorktree ? `${folder}, worktree` : folder;
}

function endingOf({ exit, title }: Terminal): string {
  if (exit?.signal != null) return `${title} was ended by ${exit.signal}.`;
  return exit?.code === 0 ? `${title} has ended.` : `${title} has ended with status ${exit?.code ?? 'unknown'}.`;
}
