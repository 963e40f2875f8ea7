import type { AgentStatus } from '@boocode/contracts/chat.ts';
import { ChoiceMenu } from '../ui/ChoiceMenu.tsx';
import { StatusDot } from '../ui/StatusDot.tsx';
import { useAgents } from './use-agents.ts';

/** Who is asked, with what it does right now; a choice where there is one. */
export function AgentChoice({ agent, status, onChoose }: { agent: string; status: AgentStatus; onChoose: (agent: string) => void }) {
  const agents = useAgents();
  const others = agents.filter((other) => other.id !== agent);
  const name = (
    <>
      <StatusDot status={status} />
      <span className="truncate @max-[420px]/prompt:sr-only">{agent}</span>
    </>
  );
  if (others.length === 0)
    return (
      <span className="flex min-w-0 items-center gap-2 px-2 text-12 text-fg-1 @max-[280px]/prompt:px-1" title={agent}>
        {name}
      </span>
    );
  const own = agents.find((other) => other.id === agent) ?? { id: agent, label: agent, detail: 'Not available now' };
  const choices = [own, ...others].map((other) => ({ value: other.id, label: other.label, detail: other.detail ?? undefined }));
  return (
    <ChoiceMenu name="Agent" value={agent} choices={choices} onChoose={onChoose}>
      {name}
    </ChoiceMenu>
  );
}
