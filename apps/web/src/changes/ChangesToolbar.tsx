import { Columns2, Pilcrow, WrapText } from 'lucide-react';
import type { ReactNode } from 'react';
import { type DiffOptions, setDiffOption } from './diff-options.ts';

/** How the diffs are shown, and how many files there are. */
export function ChangesToolbar({ options, children }: { options: DiffOptions; children: ReactNode }) {
  const toggle = (name: keyof DiffOptions, label: string, icon: ReactNode, isDisabled = false) => (
    <button
      type="button"
      className={`btn btn-icon ${options[name] ? '!bg-bg-3 !text-fg-0' : ''}`}
      aria-pressed={options[name]}
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={() => setDiffOption(name, !options[name])}
    >
      {icon}
    </button>
  );
  return (
    <div className="flex min-h-(--bar) items-center gap-0.5 border-b border-line pr-2 pl-3">
      <p className="mr-auto min-w-0 truncate text-12 text-fg-1">{children}</p>
      {toggle('isSpaceHidden', 'Hide changes of white space', <Pilcrow size={15} />)}
      {toggle('isWrapped', 'Wrap long lines', <WrapText size={15} />, options.isSplit)}
      {toggle('isSplit', 'Old and new side by side', <Columns2 size={15} />)}
    </div>
  );
}
