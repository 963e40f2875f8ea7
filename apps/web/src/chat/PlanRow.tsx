import { ListTodo } from 'lucide-react';
import type { Part } from '@boocode/contracts/turn-state.ts';
import type { Edge } from './timeline-rows.ts';
import { TurnRow } from './TurnRow.tsx';

const WORDS = { pending: 'to do', in_progress: 'in progress', completed: 'done' } as const;

/** What the agent means to do, and how far it is. */
export function PlanRow({ part, edge }: { readonly part: Extract<Part, { type: 'plan' }>; readonly edge: Edge }) {
  return (
    <TurnRow edge={edge} knot={<ListTodo size={14} />} className="py-1.5">
      <ul aria-label="Plan" className="max-w-[64ch] space-y-0.5 text-13">
        {part.entries.map((entry, index) => (
          <li key={index} className={`flex gap-2 ${entry.status === 'completed' ? 'text-fg-2' : 'text-fg-1'}`}>
            <span aria-hidden="true" className={`w-3 shrink-0 font-mono ${entry.status === 'in_progress' ? 'text-accent' : ''}`}>
              {entry.status === 'completed' ? '✓' : entry.status === 'in_progress' ? '›' : '·'}
            </span>
            <span className="[overflow-wrap:anywhere]">
              {entry.text}
              <span className="sr-only">, {WORDS[entry.status]}</span>
            </span>
          </li>
        ))}
      </ul>
    </TurnRow>
  );
}
