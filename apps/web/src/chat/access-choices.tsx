import type { Access } from '@boocode/contracts/access.ts';
import { Eye, FilePen, MessageCircleQuestion, Zap } from 'lucide-react';
import type { Choice } from '../ui/ChoiceMenu.tsx';

/** Access from least to most, its risk in colour. */
export const ACCESS_CHOICES: readonly Choice<Access>[] = [
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
