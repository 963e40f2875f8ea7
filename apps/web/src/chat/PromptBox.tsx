import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect } from 'react';

interface PromptBoxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly sendLabel: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
  readonly onEscape?: () => void;
  readonly canSend: boolean;
  readonly rows: number;
  readonly input: RefObject<HTMLTextAreaElement | null>;
  /** The choices, left in the bar. */
  readonly children: ReactNode;
  /** Before the send button. */
  readonly extra?: ReactNode;
}

const TALLEST_PX = 280;

/** The box one writes to an agent in. Enter sends, Shift+Enter makes a line. */
export function PromptBox({ label, placeholder, sendLabel, text, onChange, onSend, onEscape, canSend, rows, input, children, extra }: PromptBoxProps) {
  const hint = useId();
  useLayoutEffect(() => {
    const area = input.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(TALLEST_PX, area.scrollHeight)}px`;
  }, [text, input]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Escape') onEscape?.();
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  return (
    <div className="rounded-l border border-control bg-bg-2 transition-[border-color] duration-(--d-1) focus-within:border-fg-2">
      <textarea
        ref={input}
        rows={rows}
        aria-label={label}
        aria-describedby={hint}
        placeholder={placeholder}
        value={text}
        maxLength={400_000}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className="block w-full resize-none rounded-l bg-transparent px-3.5 pt-3 pb-1 text-15 leading-[1.5] outline-none"
      />
      <span id={hint} className="sr-only">
        Enter sends, Shift and Enter makes a new line
      </span>
      <div className="flex min-h-(--bar) items-center gap-0.5 p-1.5">
        <div className="flex min-w-0 flex-1 items-center gap-0.5">{children}</div>
        {extra}
        <button type="button" className="btn btn-icon btn-primary" aria-label={sendLabel} title={`${sendLabel} (Enter)`} disabled={!canSend} onClick={onSend}>
          <ArrowUp size={17} />
        </button>
      </div>
    </div>
  );
}
