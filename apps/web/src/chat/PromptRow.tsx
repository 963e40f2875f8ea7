import type { MessageId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import { Clock, CornerDownRight, FileText, Pencil, Undo2 } from 'lucide-react';
import { memo, useState } from 'react';
import { RestoreToHere } from '../checkpoints/RestoreToHere.tsx';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { CodeArea } from '../ui/CodeArea.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { attachmentsOf, sizeWords, type TakenBack } from './attachments.ts';
import { useExpanded } from './expanded.tsx';

interface PromptRowProps {
  readonly message: Message;
  readonly isQueued: boolean;
  /** Whether it can be handed to the turn that runs. */
  readonly canSteer: boolean;
  readonly waitsFor: string | null;
  /** Gives a message that was taken back to the composer. */
  readonly onTakenBack: (taken: TakenBack) => void;
}

/** What a person sent. While it waits it is a dashed bubble that can be edited or taken back. */
export const PromptRow = memo(function PromptRow({ message, isQueued, canSteer, waitsFor, onTakenBack }: PromptRowProps) {
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
      onTakenBack({ text: taken.text, attachments: attachmentsOf(message.parts) });
    });
  const steer = useSteer(message.id);

  return (
    <div className="flex flex-col items-end px-3 pt-3 pb-2.5 @min-[560px]/chat:px-7" data-queued={isQueued ? '' : undefined}>
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
        {attachmentsOf(message.parts).map((file) => (
          <SentFile key={file.name} rowKey={`${message.id}:${file.name}`} name={file.name} text={file.text} />
        ))}
      </div>
      {isQueued ? (
        <div className="mt-1 flex flex-wrap items-center justify-end gap-1 text-12 text-fg-2">
          <Clock size={13} />
          <span className="mr-1" role="status">
            {steer.said ?? `Waits for ${waitsFor ?? 'the turn before it'}`}
          </span>
          {draft === null ? (
            <>
              {canSteer ? (
                <button
                  type="button"
                  className="btn btn-small text-fg-1"
                  title="Tell the agent now, in the turn that runs"
                  disabled={isBusy || steer.isBusy}
                  onClick={steer.ask}
                >
                  <CornerDownRight size={13} /> Steer
                </button>
              ) : null}
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
      ) : (
        <RestoreToHere chatId={message.chatId} messageId={message.id} onTakenBack={onTakenBack} />
      )}
      <div className="mt-1 empty:mt-0">
        <ErrorLine message={problem ?? steer.problem} />
      </div>
    </div>
  );
});

/** A file that went with a message: its name, opening to its text. */
function SentFile({ rowKey, name, text }: { rowKey: string; name: string; text: string }) {
  const [isOpen, toggle] = useExpanded(rowKey, false);
  return (
    <div className="mt-1.5">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={toggle}
        className="flex max-w-full min-h-7 pointer-coarse:min-h-11 items-center gap-1.5 rounded-m border border-line-2 px-2 text-12 hover:bg-bg-2"
      >
        <FileText size={13} className="shrink-0 text-fg-1" />
        <span className="truncate font-mono">{name}</span>
        <span className="shrink-0 text-fg-1">{sizeWords(text)}</span>
      </button>
      {isOpen ? (
        <CodeArea label={`Text of ${name}`} className="well code mt-1.5 max-h-72 px-3 py-2 text-left whitespace-pre-wrap [overflow-wrap:anywhere]">
          {text}
        </CodeArea>
      ) : null}
    </div>
  );
}

interface Steer {
  readonly isBusy: boolean;
  readonly said: string | null;
  readonly problem: string | null;
  readonly ask: () => void;
}

/** Hands a waiting message to the running turn. When it is delivered it stands in the answer, and this row is gone. */
function useSteer(id: MessageId): Steer {
  const { api } = useLive();
  const { isBusy, message, run } = useAction();
  const [isLate, setIsLate] = useState(false);
  const ask = () =>
    void run(async () => {
      const { result } = await api.steerMessage({ params: { id } });
      setIsLate(result === 'queued');
    });
  const said = isBusy ? 'Handed to the running turn at its next step' : isLate ? 'The turn takes nothing more: this is its next message' : null;
  return { isBusy, said, problem: message, ask };
}
