import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { AgentCommand } from '@boocode/contracts/agent-info.ts';
import type { Chat } from '@boocode/contracts/chat.ts';
import { Square } from 'lucide-react';
import { type KeyboardEvent, lazy, type Ref, useContext, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { useLive, useUser } from '../live/live-context.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { isFocusFree, MayTakeFocusContext } from '../ui/may-take-focus.ts';
import { LazyBoundary } from '../ui/LazyBoundary.tsx';
import { infoOf } from './agent-choices.ts';
import type { TakenBack } from './attachments.ts';
import { ChatChoices } from './ChatChoices.tsx';
import { hintFor, putCommand } from './command-token.ts';
import { composerNote } from './composer-note.ts';
import { ConnectionDot } from './ConnectionDot.tsx';
import { ContextMeter } from './ContextMeter.tsx';
import { FileChips } from './FileChips.tsx';
import { mentionAt, putMention } from './mention-token.ts';
import { OutboxList } from './OutboxList.tsx';
import { PromptBox } from './PromptBox.tsx';
import { useChatChoice } from './use-chat-choice.ts';
import { useCommands } from './use-commands.ts';
import { useDraft } from './use-draft.ts';
import { useDraftFiles } from './use-draft-files.ts';
import { useMentions } from './use-mentions.ts';
import { usePromptHistory } from './use-prompt-history.ts';
import { useStop } from './use-stop.ts';

const CommandMenu = lazy(async () => ({ default: (await import('./CommandMenu.tsx')).CommandMenu }));
const MentionMenu = lazy(async () => ({ default: (await import('./MentionMenu.tsx')).MentionMenu }));

/** What others may do to the composer. */
export interface ComposerHandle {
  readonly focus: () => void;
  /** Puts a text back before what is written, and its files beside it. */
  readonly giveBack: (taken: TakenBack) => void;
}

/** Writes to one chat: sends, queues behind a running turn, stops it, and keeps the chat's choices. */
export function Composer({ chat: known, state, onSent, ref }: { chat: Chat; state: ChatState; onSent: () => void; ref: Ref<ComposerHandle> }) {
  const { outbox } = useLive();
  const { chosen: chat, choose, problem } = useChatChoice(known);
  const [text, setText] = useDraft(chat.id);
  const files = useDraftFiles(chat.id);
  const mentions = useMentions(chat);
  const { providers } = useUser();
  const info = infoOf(state, chat.agent);
  const commands = useCommands(info.commands);
  const history = usePromptHistory(chat.id);
  const input = useRef<HTMLTextAreaElement>(null);
  const caret = useCaret(input, text);
  const menuId = useId();
  const mayTakeFocus = useContext(MayTakeFocusContext);
  const stop = useStop(state);
  const isWorking = stop.task !== null;
  const canSend = text.trim() !== '' || files.files.length > 0;

  const giveBack = (taken: TakenBack) => {
    const now = input.current?.value ?? '';
    setText(now.trim() === '' ? taken.text : `${taken.text}\n\n${now}`);
    if (taken.attachments.length > 0) files.put(taken.attachments);
    input.current?.focus();
  };
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus(), giveBack }));
  useEffect(() => {
    if (mayTakeFocus && isFocusFree() && matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true });
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only on arrival
  }, []);

  const send = () => {
    const words = text.trim() === '' ? `See ${files.files.map((file) => file.name).join(', ')}` : text.trim();
    const { agent, model, mode, access } = chat; // with the message, so that it goes to whom it was written, however late
    outbox.send(chat.id, {
      text: words,
      ...(files.files.length === 0 ? {} : { attachments: [...files.files] }),
      agent,
      access,
      ...(model === null ? {} : { model }),
      ...(mode === null ? {} : { mode }),
    });
    setText(history.sent());
    if (files.files.length > 0) files.clear();
    mentions.follow(null);
    commands.follow('', 0);
    onSent();
  };
  const takes = hintFor(info.commands, text);
  const hint = stop.hint ?? (takes === null ? null : `Takes: ${takes}`);
  const note = composerNote(chat, stop.task, state, providers);

  const mention = (path: string) => {
    if (mentions.token === null) return;
    const put = putMention(text, mentions.token, path);
    setText(put.text);
    caret.putAt(put.caret);
    mentions.follow(null);
  };
  const command = (chosen: AgentCommand) => {
    const put = putCommand(text, chosen);
    setText(put.text);
    caret.putAt(put.caret);
    commands.follow(put.text, put.caret);
  };
  const recall = async (direction: 'older' | 'newer') => {
    const recalled = await history.step(text, direction);
    if (recalled === null || input.current?.value !== text) return; // what was typed meanwhile stays
    setText(recalled);
    caret.putAt(0);
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const area = event.currentTarget;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isTaken = isPlain && (commands.query !== null ? takeCommandKey(event.key) : mentions.token !== null && takeMenuKey(event.key));
    if (isTaken) {
      event.preventDefault();
      return true;
    }
    const isAtStart = isPlain && area.selectionStart === 0 && area.selectionEnd === 0;
    if (!isAtStart || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return false;
    if (event.key === 'ArrowDown' && !history.isRecalled(text)) return false;
    event.preventDefault();
    void recall(event.key === 'ArrowUp' ? 'older' : 'newer');
    return true;
  };
  const takeMenuKey = (key: string): boolean => {
    const file = mentions.files[mentions.index];
    if (key === 'Escape') mentions.close();
    else if (file === undefined) return false;
    else if (key === 'ArrowDown' || key === 'ArrowUp') mentions.move(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Enter' || key === 'Tab') mention(file.path);
    else return false;
    return true;
  };
  const takeCommandKey = (key: string): boolean => {
    const chosen = commands.found[commands.index];
    if (key === 'Escape') commands.close();
    else if (chosen === undefined) return false;
    else if (key === 'ArrowDown' || key === 'ArrowUp') commands.move(key === 'ArrowDown' ? 1 : -1);
    else if (key === 'Enter' || key === 'Tab') command(chosen);
    else return false;
    return true;
  };
  const paste = (data: DataTransfer): boolean => {
    if (data.files.length > 0) {
      void files.add([...data.files]);
      return true;
    }
    return files.paste(data.getData('text/plain'));
  };

  const popup =
    commands.query !== null
      ? {
          id: menuId,
          activeId: commands.found.length === 0 ? null : `${menuId}-${commands.index}`,
          list: (
            <LazyBoundary>
              <CommandMenu id={menuId} commands={commands.found} index={commands.index} empty={noCommands(chat.agent, info.commands)} onChoose={command} />
            </LazyBoundary>
          ),
        }
      : mentions.token === null
        ? null
        : {
            id: menuId,
            activeId: mentions.files.length === 0 ? null : `${menuId}-${mentions.index}`,
            list: (
              <LazyBoundary>
                <MentionMenu id={menuId} files={mentions.files} index={mentions.index} isFailed={mentions.isFailed} onChoose={(file) => mention(file.path)} />
              </LazyBoundary>
            ),
          };
  return (
    <div className="mx-auto w-full max-w-[860px] space-y-2 px-2 pb-2 @min-[340px]/chat:px-3 @min-[340px]/chat:pb-3 @min-[560px]/chat:px-5 @min-[560px]/chat:pb-4">
      <OutboxList chatId={chat.id} onTakenBack={giveBack} />
      <ErrorLine message={problem ?? files.problem} />
      {note === null ? null : (
        <p role="status" className="px-1 text-12 [overflow-wrap:anywhere] text-fg-1">
          {note}
        </p>
      )}
      <PromptBox
        label={`Message to ${chat.agent}`}
        placeholder={isWorking ? `Queue what comes next for ${chat.agent}` : `Reply to ${chat.agent}`}
        sendLabel={isWorking ? 'Queue' : 'Send'}
        text={text}
        onChange={setText}
        onSend={send}
        onEscape={stop.press}
        canSend={canSend}
        rows={1}
        input={input}
        popup={popup}
        onKey={onKey}
        onCaret={(now, at) => {
          mentions.follow(mentionAt(now, at));
          commands.follow(now, at);
        }}
        onPaste={paste}
        onDropFiles={(dropped) => void files.add(dropped)}
        above={<FileChips files={files.files} onRemove={files.remove} />}
        extra={
          <>
            {hint === null ? null : (
              <span
                role="status"
                className="menu pointer-events-none absolute right-0 bottom-full mb-1.5 w-max !max-w-full !min-w-0 !px-2.5 !py-1.5 text-12 [overflow-wrap:anywhere]"
              >
                {hint}
              </span>
            )}
            <ContextMeter messages={state.messages} />
            {isWorking ? (
              <button
                type="button"
                className="btn btn-icon btn-line mr-1 shrink-0"
                aria-label="Stop"
                title="Stop (Esc)"
                disabled={stop.isStopping}
                onClick={stop.now}
              >
                <Square size={13} fill="currentColor" />
              </button>
            ) : null}
          </>
        }
      >
        <ConnectionDot />
        <ChatChoices chat={chat} info={info} isWorking={isWorking} onChoose={choose} />
      </PromptBox>
    </div>
  );
}

function noCommands(agent: string, commands: readonly AgentCommand[]): string {
  if (commands.length > 0) return `${agent} has no command with these letters. The text is sent as it is.`;
  return `${agent} has told of no commands in this chat. The text is sent as it is.`;
}

/** Puts the caret somewhere once a text that was set is drawn. */
function useCaret(input: React.RefObject<HTMLTextAreaElement | null>, text: string) {
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current !== null) input.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  }, [input, text]);
  return {
    putAt(position: number) {
      wanted.current = position;
    },
  };
}
