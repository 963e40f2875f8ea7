import type { Access } from '@boocode/contracts/access.ts';
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

/** What an agent may do without asking. */
export function AccessChoice({ access, onChoose, side = 'top' }: { access: Access; onChoose: (access: Access) => void; side?: 'top' | 'bottom' }) {
  const { isContained } = useUser();
  const footnote = isContained === false ? 'Not contained: an agent that runs commands could approve itself.' : null;
  return <ChoiceMenu name="Access" value={access} choices={CHOICES} onChoose={onChoose} side={side} footnote={footnote} />;
}
