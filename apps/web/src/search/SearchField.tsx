import { Search } from 'lucide-react';
import { type ReactNode, useContext } from 'react';
import { MayTakeFocusContext } from '../ui/may-take-focus.ts';

interface SearchFieldProps {
  readonly label: string;
  readonly words: string;
  readonly onChange: (words: string) => void;
  /** What goes to the first result. */
  readonly onDown: () => void;
  readonly children?: ReactNode;
}

/** Where one types what to search for. */
export function SearchField({ label, words, onChange, onDown, children }: SearchFieldProps) {
  const mayTakeFocus = useContext(MayTakeFocusContext);
  return (
    <div className="flex items-center gap-1 border-b border-line p-2">
      <div className="relative min-w-0 flex-1">
        <Search size={14} className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-2" />
        <input
          type="search"
          className="field !py-1.5 !pl-8 !text-13"
          aria-label={label}
          placeholder={label}
          maxLength={200}
          autoFocus={mayTakeFocus}
          value={words}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            onDown();
          }}
        />
      </div>
      {children}
    </div>
  );
}
