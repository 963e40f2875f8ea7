import type { ChangeContent, ChangeWithPatch } from '@boocode/contracts/change.ts';
import { useEffect, useId, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { sentenceOf, useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';

/** A person's own small edit of a changed file, before it is applied. */
export function EditDialog({ change, onClose }: { change: ChangeWithPatch; onClose: () => void }) {
  const { api, changes } = useLive();
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  const [content, setContent] = useState<ChangeContent | null>(null);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const action = useAction();
  const heading = useId();
  const { id } = change;
  useEffect(() => {
    if (dialog !== null && !dialog.open) dialog.showModal();
  }, [dialog]);
  useEffect(() => {
    const gone = new AbortController();
    api.getChangeContent({ params: { id }, query: { side: 'new' }, signal: gone.signal }).then(
      (read) => {
        setContent(read);
        setText(read.text ?? '');
        if (read.text === null) setProblem('This file cannot be edited here: it is not text, or too large');
      },
      (error: unknown) => !gone.signal.aborted && setProblem(sentenceOf(error)),
    );
    return () => gone.abort();
  }, [api, id]);
  const isChanged = content !== null && text !== content.text;
  const save = async () => {
    const expectedBlob = content?.blob ?? null;
    if (expectedBlob === null || !isChanged) return;
    const isSaved = await action.run(() => api.editChange({ params: { id }, body: { text, expectedBlob } }));
    await changes.load(change.sessionId);
    if (isSaved) dialog?.close();
  };
  return (
    <dialog ref={setDialog} className="sheet" aria-labelledby={heading} onClose={onClose}>
      <form
        className="flex h-full flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div>
          <h2 id={heading} className="truncate text-15 font-semibold">
            Edit {change.path}
          </h2>
          <p className="text-12 text-fg-1">Your edit becomes part of the change. Nothing reaches your folder until you apply it.</p>
        </div>
        {content === null && problem === null ? (
          <div className="skeleton min-h-0 flex-1" role="status" aria-label="Reading the file" />
        ) : (
          <textarea
            className="field code min-h-0 flex-1 resize-none whitespace-pre"
            aria-label={`Text of ${change.path}`}
            spellCheck={false}
            autoFocus
            wrap="off"
            disabled={content?.text === null || content === null}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
            }}
          />
        )}
        <ErrorLine message={action.message ?? problem} />
        <div className="flex justify-end gap-2">
          <button type="button" className="btn" onClick={() => dialog?.close()}>
            Cancel
          </button>
          <button type="submit" className="btn btn-primary" disabled={!isChanged || action.isBusy}>
            Save
          </button>
        </div>
      </form>
    </dialog>
  );
}
