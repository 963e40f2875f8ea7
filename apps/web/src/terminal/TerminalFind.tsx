import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useState } from 'react';

interface TerminalFindProps {
  readonly onFind: (text: string, direction: 'next' | 'before') => boolean;
  readonly onClose: () => void;
}

/** Finds text in the terminal; Enter goes back in time, as the newest output is at the end. Lies over it: making room would resize it and so lose what was found. */
export function TerminalFind({ onFind, onClose }: TerminalFindProps) {
  const [text, setText] = useState('');
  const [isFound, setIsFound] = useState(true);
  const find = (value: string, direction: 'next' | 'before') => setIsFound(value === '' || onFind(value, direction));
  return (
    <search className="absolute top-2 right-5 z-10 flex max-w-[calc(100%-28px)] items-center gap-1 rounded-m border border-line-2 bg-bg-2 p-1">
      <input
        autoFocus
        type="text"
        aria-label="Find in terminal"
        placeholder="Find in terminal"
        className="field !w-56 !py-1 !text-13"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          find(event.target.value, 'before');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(text, event.shiftKey ? 'next' : 'before');
          if (event.key === 'Escape') onClose();
        }}
      />
      <button type="button" className="btn btn-icon" aria-label="Find before" onClick={() => find(text, 'before')}>
        <ChevronUp size={15} />
      </button>
      <button type="button" className="btn btn-icon" aria-label="Find after" onClick={() => find(text, 'next')}>
        <ChevronDown size={15} />
      </button>
      <span role="status" className="truncate text-12 text-fg-1">
        {isFound ? '' : 'Not found'}
      </span>
      <button type="button" className="btn btn-icon" aria-label="Close find" onClick={onClose}>
        <X size={15} />
      </button>
    </search>
  );
}
