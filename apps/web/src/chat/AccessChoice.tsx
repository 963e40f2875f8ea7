import type { Access } from '@boocode/contracts/access.ts';
import { NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import { Eye, FilePen, MessageCircleQuestion, Zap } from 'lucide-react';
import { useUser } from '../live/live-context.tsx';
import { type Choice, ChoiceMenu } from '../ui/ChoiceMenu.tsx';

/** From least to most, the risk in colour. */
const CHOICES: readonly Choice<Access>[] = [
  { value: 'read-only', label: 'Read only', detail: 'Looks and answers, changes nothing', mark: <Eye size={14} className="shrink-0 text-info" /> },
  { value: 'ask', label: 'Ask first', detail: 'Asks before it runs a command', mark: <MessageCircleQuestion size={14} className="shrink-0 text-ok" /> },
  {
    value: 'edits',
    label: 'Edit freely',
    detail: 'Edits in its own worktree, asks before commands',
    mark: <FilePen size={14} className="shrink-0 text-warn" />,
  },
  { value: 'full', label: 'Full access', detail: 'Runs any command without asking', mark: <Zap size={14} className="shrink-0 text-bad" /> },
];

interface AccessChoiceProps {
  readonly access: Access;
  readonly onChoose: (access: Access) => void;
  readonly agent?: string;
  /** A turn runs: it keeps what it began with. */
  readonly isWorking?: boolean;
  readonly side?: 'top' | 'bottom';
}

/** What an agent may do without asking. */
export function AccessChoice({ access, onChoose, agent = NATIVE_AGENT, isWorking = false, side = 'top' }: AccessChoiceProps) {
  const { isContained, providers } = useUser();
  const isAgentContained = agent === NATIVE_AGENT ? isContained : (providers?.find(({ id }) => id === agent)?.contained ?? isContained);
  return (
    <ChoiceMenu
      name="Access"
      value={access}
      choices={CHOICES}
      onChoose={onChoose}
      side={side}
      note={isWorking ? 'Applies from the next turn: the running one goes on as it began.' : null}
      footnote={isAgentContained === false ? 'Not contained: an agent that runs commands could approve itself.' : null}
    />
  );
}
