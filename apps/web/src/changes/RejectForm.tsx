import { useState } from 'react';

/** Asks for a reason, which may be left empty. */
export function RejectForm({ label, button, onReject, onClose }: { label: string; button: string; onReject: (note: string) => void; onClose: () => void }) {
  const [note, setNote] = useState('');
  return (
    <form
      className="flex flex-wrap gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onReject(note.trim());
      }}
    >
      <input
        className="field min-w-0 flex-1 basis-48 !py-1.5 !text-13"
        aria-label={label}
        placeholder="Why? The agent reads it with your next message"
        maxLength={4_000}
        autoFocus
        value={note}
        onChange={(event) => setNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
      />
      <button type="submit" className="btn btn-small btn-line">
        {button}
      </button>
      <button type="button" className="btn btn-small" onClick={onClose}>
        Back
      </button>
    </form>
  );
}
