import type { Attachment } from '@boocode/contracts/message.ts';
import { FileText, X } from 'lucide-react';
import { sizeWords } from './attachments.ts';

/** Files that go with a message. */
export function FileChips({ files, onRemove }: { files: readonly Attachment[]; onRemove: (name: string) => void }) {
  if (files.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-1.5 px-3 pt-3">
      {files.map((file) => (
        <li key={file.name} className="flex max-w-full min-w-0 items-center gap-1.5 rounded-m border border-line-2 bg-bg-3 pl-2 text-12">
          <FileText size={13} className="shrink-0 text-fg-1" />
          <span className="truncate font-mono text-fg-0">{file.name}</span>
          <span className="shrink-0 text-fg-1">{sizeWords(file.text)}</span>
          <button type="button" className="btn btn-icon btn-tiny" aria-label={`Remove ${file.name}`} title="Remove" onClick={() => onRemove(file.name)}>
            <X size={13} />
          </button>
        </li>
      ))}
    </ul>
  );
}
