import type { PlanEntry } from '@boocode/contracts/agent-event.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';
import { Check, Circle, CircleDot, ListTodo } from 'lucide-react';
import { useId } from 'react';
import type { Edge } from './timeline-rows.ts';
import { TurnRow } from './TurnRow.tsx';

const WORDS = { pending: 'to do', in_progress: 'in progress', completed: 'done' } as const;
const LOOKS = { pending: 'text-fg-1', in_progress: 'font-medium text-fg-0', completed: 'text-fg-2' } as const;

/** What the agent means to do, and how far it is. */
export function PlanRow({ part, edge }: { readonly part: Extract<Part, { type: 'plan' }>; readonly edge: Edge }) {
  const titleId = useId();
  const done = part.entries.filter((entry) => entry.status === 'completed').length;
  return (
    <TurnRow edge={edge} knot={<ListTodo size={14} />} knotTop={9} className="py-1.5">
      <section aria-labelledby={titleId} className="max-w-[680px] rounded-l border border-line-2 px-3.5 py-2.5">
        <p id={titleId} className="flex items-baseline gap-2 text-13">
          <span className="font-semibold text-fg-0">Plan</span>
          <span className="text-12 text-fg-2">
            {done} of {part.entries.length} done
          </span>
        </p>
        <ol className="mt-1.5 space-y-1 text-13">
          {part.entries.map((entry, index) => (
            <li key={index} className={`flex gap-2 ${LOOKS[entry.status]}`}>
              <span aria-hidden="true" className="grid h-5 w-4 shrink-0 place-items-center">
                <Mark status={entry.status} />
              </span>
              <span className="min-w-0 [overflow-wrap:anywhere]">
                {entry.text}
                <span className="sr-only">, {WORDS[entry.status]}</span>
              </span>
            </li>
          ))}
        </ol>
      </section>
    </TurnRow>
  );
}

function Mark({ status }: { status: PlanEntry['status'] }) {
  switch (status) {
    case 'completed':
      return <Check size={14} className="text-ok" />;
    case 'in_progress':
      return <CircleDot size={13} className="text-accent-text" />;
    case 'pending':
      return <Circle size={13} className="text-fg-2" />;
  }
}
