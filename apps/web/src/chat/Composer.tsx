import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { Chat, PatchChat } from '@boocode/contracts/chat.ts';
import { Square } from 'lucide-react';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { AccessChoice } from './AccessChoice.tsx';
import { ContextMeter } from './ContextMeter.tsx';
import { ModelChoice } from './ModelChoice.tsx';
import { OutboxList } from './OutboxList.tsx';
import { PromptBox } from './PromptBox.tsx';
import { useDraft } from './use-draft.ts';
import { useStop } from './use-stop.ts';

/** What others may do to the composer. */
export interface ComposerHandle {
  readonly focus: () => void;
  /** Puts a text back before what is written. */
  readonly giveBack: (text: string) => void;
}

/** Writes to one chat: sends, queues behind a running turn, stops it, and keeps the chat's choices. */
export function Composer({ chat, state, ref }: { chat: Chat; state: ChatState; ref: Ref<ComposerHandle> }) {
  const { api, outbox } = useLive();
  const [text, setText] = useDraft(chat.id);
  const choice = useAction();
  const input = useRef<HTMLTextAreaElement>(null);
  const stop = useStop(state);
  const isWorking = stop.task !== null;

  const giveBack = (words: string) => {
    const now = input.current?.value ?? '';
    setText(now.trim() === '' ? words : `${words}\n\n${now}`);
    input.current?.focus();
  };
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus(), giveBack }));
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true });
  }, []);

  const send = () => {
    outbox.send(chat.id, { text: text.trim() });
    setText('');
  };
  const patch = (fields: PatchChat) => void choice.run(() => api.patchChat({ params: { id: chat.id }, body: fields }));

  return (
    <div className="mx-auto w-full max-w-[860px] space-y-2 px-3 pb-3 md:px-5 md:pb-4">
      <OutboxList chatId={chat.id} onTakenBack={giveBack} />
      <ErrorLine message={choice.message} />
      <PromptBox
        label={`Message to ${chat.agent}`}
        placeholder={isWorking ? `Queue what comes next for ${chat.agent}` : `Reply to ${chat.agent}`}
        sendLabel={isWorking ? 'Queue' : 'Send'}
        text={text}
        onChange={setText}
        onSend={send}
        onEscape={stop.press}
        canSend={text.trim() !== ''}
        rows={1}
        input={input}
        extra={
          <>
            {stop.hint === null ? null : <span className="mr-1 text-12 text-fg-1">{stop.hint}</span>}
            <ContextMeter messages={state.messages} />
            {isWorking ? (
              <button type="button" className="btn btn-icon btn-line mr-1" aria-label="Stop" title="Stop (Esc)" disabled={stop.isStopping} onClick={stop.now}>
                <Square size={13} fill="currentColor" />
              </button>
            ) : null}
          </>
        }
      >
        <span className="flex items-center gap-2 px-2 text-12 text-fg-1">
          <StatusDot status={chat.status} />
          <span className="max-md:sr-only">{chat.agent}</span>
        </span>
        <ModelChoice model={chat.model} onChoose={(model) => patch({ model })} />
        <AccessChoice access={chat.access} onChoose={(access) => patch({ access })} />
      </PromptBox>
    </div>
  );
}
