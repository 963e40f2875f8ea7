import { type AgentInfo, EMPTY_AGENT_INFO, NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import { Cpu } from 'lucide-react';
import { useUser } from '../live/live-context.tsx';
import { type Choice, ChoiceMenu } from '../ui/ChoiceMenu.tsx';
import { agentModelChoices, BY_DEFAULT, ownModelChoices } from './agent-choices.ts';
import { DemoTag } from './DemoTag.tsx';

interface ModelChoiceProps {
  readonly model: string | null;
  readonly onChoose: (model: string | null) => void;
  readonly agent?: string;
  /** What the agent has said of itself here. */
  readonly info?: AgentInfo;
  readonly side?: 'top' | 'bottom';
}

/** Which model answers; null = the server's default, or that of the agent. */
export function ModelChoice({ model, onChoose, agent = NATIVE_AGENT, info = EMPTY_AGENT_INFO, side = 'top' }: ModelChoiceProps) {
  const { models, providers } = useUser();
  const isOwn = agent === NATIVE_AGENT;
  if (isOwn && (models === null || models.length === 0))
    return <span className="px-2 text-12 text-fg-2">{models === null ? 'Looking for models' : 'No model'}</span>;
  const { choices, byDefault } = isOwn ? ownModelChoices(models ?? []) : agentModelChoices(providers?.find(({ id }) => id === agent) ?? null, info);
  const value = model ?? byDefault;
  const shown = choices.find((choice) => choice.value === value);
  const unknown: readonly Choice<string>[] = shown === undefined ? [{ value, label: value, detail: 'Not offered now' }] : [];
  return (
    <ChoiceMenu
      name="Model"
      value={value}
      choices={[...choices, ...unknown]}
      onChoose={(next) => onChoose(next === BY_DEFAULT ? null : next)}
      className="max-w-[270px] @max-[420px]/prompt:max-w-[150px] @max-[340px]/prompt:max-w-[124px]"
      side={side}
    >
      <Cpu size={14} className="hidden shrink-0 @max-[280px]/prompt:block" />
      <span className={`truncate @max-[280px]/prompt:sr-only ${value === BY_DEFAULT ? '' : 'font-mono'}`}>
        {value === BY_DEFAULT ? 'Default model' : (shown?.label ?? value)}
      </span>
      {shown?.tag === 'demo' ? (
        <span className="contents @max-[340px]/prompt:hidden">
          <DemoTag />
        </span>
      ) : null}
    </ChoiceMenu>
  );
}
