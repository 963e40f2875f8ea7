import type { PermissionRule } from '@boocode/contracts/permission.ts';
import { useCallback, useEffect, useState } from 'react';
import { useLive, useUser } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { RetryLine } from '../ui/RetryLine.tsx';
import { timeAgo } from '../ui/time-ago.ts';
import { useNow } from '../ui/use-now.ts';
import { Section } from './Section.tsx';

const KINDS: Readonly<Record<PermissionRule['kind'], string>> = {
  execute: 'Run',
  edit: 'Edit',
  read: 'Read',
  fetch: 'Fetch',
  script: 'Run the script',
  question: 'Answer',
  other: 'Do',
};

/** What a person has allowed for good, by project, each to be taken back. */
export function RulesSection() {
  const { api } = useLive();
  const { projects } = useUser();
  const [rules, setRules] = useState<readonly PermissionRule[] | null>(null);
  const reading = useAction();
  const removing = useAction();
  const [said, setSaid] = useState('');
  const { run } = reading;
  const load = useCallback(() => void run(async () => setRules((await api.listPermissionRules({ query: { limit: 500 } })).items)), [api, run]);
  useEffect(load, [load]);
  const remove = (rule: PermissionRule) =>
    void removing.run(async () => {
      await api.deletePermissionRule({ params: { id: rule.id } });
      setRules((now) => now?.filter(({ id }) => id !== rule.id) ?? null);
      setSaid(`Removed. ${rule.agent} asks again before: ${rule.subject}`);
    });
  const groups = [...Map.groupBy(rules ?? [], (rule) => rule.projectId)].map(([id, own]) => ({
    id,
    name: projects.find((project) => project.id === id)?.name ?? 'A project that was removed',
    own,
  }));
  return (
    <Section
      id="rules"
      title="Always allowed"
      lead="What you allowed for good when an agent asked. Each holds for one agent, in one project, for exactly this."
    >
      <RetryLine message={reading.message} onRetry={load} />
      {rules === null ? (
        reading.message === null ? (
          <div className="skeleton h-14" role="status" aria-label="Reading what is always allowed" />
        ) : null
      ) : groups.length === 0 ? (
        <p className="rounded-l border border-dashed border-control px-3.5 py-3 text-13 text-fg-1">
          Nothing yet. When an agent asks, “Always allow in this project” puts it here.
        </p>
      ) : (
        groups.map((group) => (
          <section key={group.id} aria-label={`Always allowed in ${group.name}`}>
            <h3 className="mb-1.5 font-medium">{group.name}</h3>
            <ul className="divide-y divide-line rounded-l border border-line-2">
              {group.own.map((rule) => (
                <RuleLine key={rule.id} rule={rule} isBusy={removing.isBusy} onRemove={() => remove(rule)} />
              ))}
            </ul>
          </section>
        ))
      )}
      <RetryLine message={removing.message} onRetry={() => void removing.run(async () => load())} />
      <p role="status" className="text-12 text-fg-1 [overflow-wrap:anywhere] empty:hidden">
        {said}
      </p>
    </Section>
  );
}

function RuleLine({ rule, isBusy, onRemove }: { rule: PermissionRule; isBusy: boolean; onRemove: () => void }) {
  const now = useNow(60_000);
  return (
    <li className="flex items-start gap-3 px-3.5 py-2.5">
      <span className="min-w-0 flex-1">
        <code className="line-clamp-4 font-mono text-12 whitespace-pre-wrap text-fg-0 [overflow-wrap:anywhere]">{rule.subject}</code>
        <span className="block text-12 text-fg-2">
          {KINDS[rule.kind]} · {rule.agent} · {timeAgo(rule.createdAt, now)}
        </span>
      </span>
      <button type="button" className="btn btn-small btn-line shrink-0" disabled={isBusy} onClick={onRemove}>
        Remove<span className="sr-only"> {rule.subject.slice(0, 80)}</span>
      </button>
    </li>
  );
}
