import type { FileName } from '@boocode/contracts/project-file.ts';
import { FileText } from 'lucide-react';

interface MentionMenuProps {
  readonly id: string;
  readonly files: readonly FileName[];
  readonly index: number;
  readonly isFailed: boolean;
  readonly onChoose: (file: FileName) => void;
}

/** The files that `@` offers, above the composer. The focus stays in the text. */
export function MentionMenu({ id, files, index, isFailed, onChoose }: MentionMenuProps) {
  return (
    <div className="menu absolute right-2 bottom-full left-2 mb-1 !max-h-72 !max-w-none">
      <div id={id} role="listbox" aria-label="Files">
        {files.map((file, at) => (
          // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the text field holds the focus and its keys
          <div
            key={file.path}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === index}
            className={`menu-item cursor-pointer !items-center pointer-fine:!py-1 hover:bg-bg-3 ${at === index ? 'palette-chosen' : ''}`}
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(file);
            }}
          >
            <FileText size={13} className="shrink-0" />
            <span className="truncate font-mono text-12">
              <Marked file={file} />
            </span>
          </div>
        ))}
      </div>
      {files.length > 0 ? null : (
        <p className="px-2.5 py-1.5 text-12 text-fg-1">{isFailed ? 'Cannot list the files just now. Type the path yourself.' : 'No file with these letters'}</p>
      )}
    </div>
  );
}

function Marked({ file }: { file: FileName }) {
  const marks = new Set(file.marks);
  return Array.from(file.path, (character, at) =>
    marks.has(at) ? (
      <b key={at} className="font-bold text-accent-text">
        {character}
      </b>
    ) : (
      character
    ),
  );
}
