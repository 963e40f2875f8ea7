import type { ChangeComment, ChangeSide } from '@boocode/contracts/change.ts';
import { MessageSquare, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';

/** Where a comment is. */
export interface LinePlace {
  readonly side: ChangeSide;
  readonly line: number;
}

/** A comment that no agent has been given yet. */
export function CommentNote({ comment, onDelete }: { comment: ChangeComment; onDelete: (comment: ChangeComment) => void }) {
  return (
    <div className="diff-note">
      <MessageSquare size={14} className="mt-1 shrink-0 text-info" />
      <div className="min-w-0 flex-1">
        <p className="font-ui text-13 [overflow-wrap:anywhere] whitespace-pre-wrap text-fg-0">{comment.text}</p>
        <p className="font-ui text-12 text-fg-2">On line {comment.line}. The agent gets it with your next message.</p>
      </div>
      <button type="button" className="btn btn-icon btn-small" aria-label={`Take back the comment on line ${comment.line}`} onClick={() => onDelete(comment)}>
        <Trash2 size={14} />
      </button>
    </div>
  );
}

interface CommentFormProps {
  readonly place: LinePlace;
  /** Rejects with the reason when it was not taken. */
  readonly onSend: (text: string) => Promise<unknown>;
  readonly onClose: () => void;
}

export function CommentForm({ place, onSend, onClose }: CommentFormProps) {
  const [text, setText] = useState('');
  const action = useAction();
  const send = () => {
    const words = text.trim();
    if (words !== '' && !action.isBusy) void action.run(() => onSend(words)).then((isSent) => isSent && onClose());
  };
  return (
    <form
      className="diff-note !block"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        className="field block min-h-16 font-ui !text-13"
        aria-label={`Comment on line ${place.line}`}
        placeholder="Say it to the agent: it gets this line with your next message"
        maxLength={4_000}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            send();
          }
        }}
      />
      <div className="mt-2 empty:hidden">
        <ErrorLine message={action.message} />
      </div>
      <div className="mt-2 flex justify-end gap-2">
        <button type="button" className="btn btn-small font-ui" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="btn btn-small btn-line font-ui" disabled={text.trim() === '' || action.isBusy}>
          Comment
        </button>
      </div>
    </form>
  );
}
