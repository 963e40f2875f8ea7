import type { Message } from '@boocode/contracts/message.ts';
import { Clock, Pencil, Undo2 } from 'lucide-react';
import { memo, useState } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';

interface PromptRowProps {
  readonly message: Message;
  readonly isQueued: boolean;
  readonly waitsFor: string | null;
  /** Gives the text of a message that was taken back to the composer. */
  readonly onTakenBack: (text: string) => void;
}

/** What a person sent. While it waits it is a dashed bubble that can be edited or taken back. */
export const PromptRow = memo(function PromptRow({ message, isQueued, waitsFor, onTakenBack }: PromptRowProps) {
  const { api } = useLive();
  const { isBusy, message: problem, run } = useAction();
  const [draft, setDraft] = useState<string | null>(null);
  const text = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const params = { id: message.id };
  const save = async () => {
    const words = (draft ?? '').trim();
    if (words !== '' && (await run(() => api.patchMessage({ params, body: { text: words } })))) setDraft(null);
  };
  const takeBack = () =>
    run(async () => {
      const taken = await api.deleteMessage({ params });
      onTakenBack(taken.text);
    });

  return (
    <div className="flex flex-col items-end px-4 pt-3 pb-2.5 md:px-7" data-queued={isQueued ? '' : undefined}>
      <div
        className={`appear max-w-[min(88%,64ch)] rounded-l border px-3.5 py-2.5 ${isQueued ? 'border-dashed border-control bg-transparent' : 'border-line bg-bg-3'} ${draft === null ? '' : 'w-full'}`}
      >
        {draft === null ? (
          <p className="text-15 leading-[1.55] whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</p>
        ) : (
          <textarea
            className="field !bg-bg-1 text-15"
            rows={3}
            aria-label="Edit the waiting message"
            value={draft}
            autoFocus
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                event.stopPropagation();
                setDraft(null);
              }
              if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
                event.preventDefault();
                void save();
              }
            }}
          />
        )}
        {message.parts.map((part) =>
          part.type === 'file' ? (
            <p key={part.name} className="mt-1 font-mono text-12 text-fg-1">
              {part.name}
            </p>
          ) : null,
        )}
      </div>
      {isQueued ? (
        <div className="mt-1 flex flex-wrap items-center justify-end gap-1 text-12 text-fg-2">
          <Clock size={13} />
          <span className="mr-1">Waits for {waitsFor ?? 'the turn before it'}</span>
          {draft === null ? (
            <>
              <button type="button" className="btn btn-small text-fg-1" disabled={isBusy} onClick={() => setDraft(text)}>
                <Pencil size={13} /> Edit
              </button>
              <button type="button" className="btn btn-small text-fg-1" disabled={isBusy} onClick={() => void takeBack()}>
                <Undo2 size={13} /> Take back
              </button>
            </>
          ) : (
            <>
              <button type="button" className="btn btn-small btn-line" disabled={isBusy} onClick={() => void save()}>
                Save
              </button>
              <button type="button" className="btn btn-small" onClick={() => setDraft(null)}>
                Keep as it was
              </button>
            </>
          )}
        </div>
      ) : null}
      <div className="mt-1 empty:mt-0">
        <ErrorLine message={problem} />
      </div>
    </div>
  );
});
