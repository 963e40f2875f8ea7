import { type AgentInfo, EMPTY_AGENT_INFO } from '@boocode/contracts/agent-info.ts';
import { SlidersHorizontal } from 'lucide-react';
import { useUser } from '../live/live-context.tsx';
import { type Choice, ChoiceMenu } from '../ui/ChoiceMenu.tsx';
import { BY_DEFAULT, modeChoices } from './agent-choices.ts';

interface ModeChoiceProps {
  readonly agent: string;
  readonly mode: string | null;
  readonly onChoose: (mode: string | null) => void;
  /** What the agent has said of itself here. */
  readonly info?: AgentInfo;
  readonly side?: 'top' | 'bottom';
}

/** The agent's own mode, where it has modes; null = the one that fits the access. */
export function ModeChoice({ agent, mode, onChoose, info = EMPTY_AGENT_INFO, side = 'top' }: ModeChoiceProps) {
  const { providers } = useUser();
  const choices = modeChoices(providers?.find(({ id }) => id === agent) ?? null, info);
  if (choices.length === 0) return null;
  const value = mode ?? BY_DEFAULT;
  const shown = choices.find((choice) => choice.value === value);
  const unknown: readonly Choice<string>[] = shown === undefined ? [{ value, label: value, detail: 'Not offered now' }] : [];
  return (
    <ChoiceMenu
      name="Mode"
      value={value}
      choices={[...choices, ...unknown]}
      onChoose={(next) => onChoose(next === BY_DEFAULT ? null : next)}
      side={side}
      note="Modes are the agent's own. What it may do without asking is said by the access."
    >
      <SlidersHorizontal size={14} className="shrink-0" />
      <span className={value === BY_DEFAULT ? 'sr-only' : 'truncate @max-[420px]/prompt:sr-only'}>{shown?.label ?? value}</span>
    </ChoiceMenu>
  );
}
