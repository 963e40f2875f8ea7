import type { AgentInfo } from '@boocode/contracts/agent-info.ts';
import type { Chat } from '@boocode/contracts/chat.ts';
import { useUser } from '../live/live-context.tsx';
import { AccessChoice } from './AccessChoice.tsx';
import { AgentChoice } from './AgentChoice.tsx';
import { ModeChoice } from './ModeChoice.tsx';
import { ModelChoice } from './ModelChoice.tsx';
import { choiceOfAgent } from './agent-choices.ts';
import type { ChosenFields } from './use-chat-choice.ts';

interface ChatChoicesProps {
  readonly chat: Chat;
  /** What the chat's agent has said of itself here. */
  readonly info: AgentInfo;
  readonly isWorking: boolean;
  readonly onChoose: (fields: ChosenFields) => void;
}

/** Who works in a chat, with which model, in which mode, and what it may do: from the next message on. */
export function ChatChoices({ chat, info, isWorking, onChoose }: ChatChoicesProps) {
  const { models, providers } = useUser();
  const { agent, model, mode, access } = chat;
  return (
    <>
      <AgentChoice agent={agent} status={chat.status} onChoose={(next) => onChoose(choiceOfAgent(next, model, models, providers))} />
      <ModelChoice model={model} agent={agent} info={info} onChoose={(next) => onChoose({ model: next })} />
      <ModeChoice agent={agent} mode={mode} info={info} onChoose={(next) => onChoose({ mode: next })} />
      <AccessChoice access={access} agent={agent} isWorking={isWorking} onChoose={(next) => onChoose({ access: next })} />
    </>
  );
}
