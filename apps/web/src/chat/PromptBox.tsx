import { ArrowUp } from 'lucide-react';
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect, useState } from 'react';

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
  /** Inside of the box, above the text. */
  readonly above?: ReactNode;
  /** A list that keys typed here move in. */
  readonly popup?: { readonly id: string; readonly activeId: string | null; readonly list: ReactNode } | null;
  /** Sees keys first; true = it has used this one. */
  readonly onKey?: (event: KeyboardEvent<HTMLTextAreaElement>) => boolean;
  /** Where the caret is now, after every change of it. */
  readonly onCaret?: (text: string, caret: number) => void;
  /** Pasted text and files; true = they do not go into the text. */
  readonly onPaste?: (data: DataTransfer) => boolean;
  readonly onDropFiles?: (files: readonly File[]) => void;
}

const TALLEST_PX = 280;

/** The box one writes to an agent in. Enter sends (with Ctrl or Cmd too), Shift+Enter makes a line. */
export function PromptBox(props: PromptBoxProps) {
  const { label, placeholder, sendLabel, text, onChange, onSend, onEscape, canSend, rows, input, children, extra, above, popup, onKey, onCaret } = props;
  const hint = useId();
  const { isOver, ...dropping } = useDrop(props.onDropFiles);
  useLayoutEffect(() => {
    const area = input.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(TALLEST_PX, area.scrollHeight)}px`;
  }, [text, input]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || onKey?.(event) === true) return;
    if (event.key === 'Escape') onEscape?.();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    if (canSend) onSend();
  };
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    if (props.onPaste?.(event.clipboardData) === true) event.preventDefault();
  };
  const sayCaret = (area: HTMLTextAreaElement) => onCaret?.(area.value, area.selectionStart);
  return (
    <div
      className={`@container/prompt relative rounded-l border bg-bg-2 transition-[border-color] duration-(--d-1) focus-within:border-fg-2 ${isOver ? 'border-accent' : 'border-control'}`}
      {...dropping}
    >
      {popup?.list}
      {above}
      <textarea
        ref={input}
        rows={rows}
        aria-label={label}
        aria-describedby={hint}
        {...(popup === undefined
          ? {}
          : {
              'aria-autocomplete': 'list' as const,
              'aria-haspopup': 'listbox' as const,
              'aria-controls': popup?.id,
              'aria-activedescendant': popup?.activeId ?? undefined,
            })}
        placeholder={placeholder}
        value={text}
        maxLength={400_000}
        onChange={(event) => {
          onChange(event.target.value);
          sayCaret(event.target);
        }}
        onSelect={(event) => sayCaret(event.currentTarget)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="block w-full resize-none rounded-l bg-transparent px-3.5 pt-3 pb-1 text-15 pointer-coarse:min-h-11 leading-[1.5] outline-none placeholder:overflow-hidden placeholder:text-ellipsis placeholder:whitespace-nowrap"
      />
      <span id={hint} className="sr-only">
        Enter sends, Shift and Enter makes a new line
      </span>
      <div className="flex min-h-(--bar) items-center gap-0.5 p-1.5">
        <div className="flex min-w-0 flex-1 items-center gap-0.5">{children}</div>
        {extra}
        <button
          type="button"
          className="btn btn-icon btn-primary shrink-0"
          aria-label={sendLabel}
          title={`${sendLabel} (Enter)`}
          disabled={!canSend}
          onClick={onSend}
        >
          <ArrowUp size={17} />
        </button>
      </div>
    </div>
  );
}

/** Files dropped on the box. */
function useDrop(onFiles: ((files: readonly File[]) => void) | undefined) {
  const [isOver, setIsOver] = useState(false);
  const holdsFiles = (event: DragEvent) => onFiles !== undefined && event.dataTransfer.types.includes('Files');
  return {
    isOver,
    onDragOver(event: DragEvent) {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setIsOver(true);
    },
    onDragLeave: () => setIsOver(false),
    onDrop(event: DragEvent) {
      setIsOver(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      onFiles?.([...event.dataTransfer.files]);
    },
  };
}
