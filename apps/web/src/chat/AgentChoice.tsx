import type { AgentStatus } from '@boocode/contracts/chat.ts';
import { useUser } from '../live/live-context.tsx';
import { ChoiceMenu } from '../ui/ChoiceMenu.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { agentChoices } from './agent-choices.ts';

interface AgentChoiceProps {
  readonly agent: string;
  /** What it does right now; null where it has not begun. */
  readonly status: AgentStatus | null;
  readonly onChoose: (agent: string) => void;
  readonly side?: 'top' | 'bottom';
}

/** Who is asked, with what it does right now, and who else could be. */
export function AgentChoice({ agent, status, onChoose, side = 'top' }: AgentChoiceProps) {
  const { providers } = useUser();
  const choose = (next: string) => next !== agent && onChoose(next);
  return (
    <ChoiceMenu
      name="Agent"
      value={agent}
      choices={agentChoices(providers, agent)}
      onChoose={choose}
      side={side}
      note="More about each agent: Settings, Agents."
    >
      {status === null ? null : <StatusDot status={status} />}
      <span className={`truncate ${status === null ? '' : '@max-[420px]/prompt:sr-only'}`}>{agent}</span>
    </ChoiceMenu>
  );
}
