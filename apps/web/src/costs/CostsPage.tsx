import { COST_GROUPS, type CostGroup, type CostItem } from '@boocode/contracts/cost.ts';
import { ChartColumn } from 'lucide-react';
import { useCallback, useEffect, useReducer, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useConnection, useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { PageFrame } from '../shell/PageFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { Segments } from '../ui/Segments.tsx';
import { shortCount } from '../ui/time-ago.ts';
import { CostChart, type Measure, shortDay } from './CostChart.tsx';
import { costDays, costTotal, dayBefore } from './cost-days.ts';

const RANGES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const;
const GROUPS: Record<CostGroup, string> = { project: 'Project', agent: 'Agent', model: 'Model', day: 'Day' };
const MEASURES = [
  { value: 'tokens', label: 'Tokens' },
  { value: 'money', label: 'Money' },
] as const;

/** What work used: a picture first, the numbers behind it. */
export function CostsPage() {
  const [params, setParams] = useSearchParams();
  const range = RANGES.find(({ value }) => value === params.get('days'))?.value ?? '30';
  const group = COST_GROUPS.find((name) => name === params.get('by')) ?? 'project';
  const [measure, setMeasure] = useState<Measure>('tokens');
  const { days, rows, problem, reload } = useCosts(Number(range), group);
  const set = (name: string, value: string) =>
    setParams((now) => new URLSearchParams([...now].filter(([key]) => key !== name).concat([[name, value]])), { replace: true });
  const total = days === null ? null : costTotal(days);
  const isEmpty = total !== null && total.tasks === 0;
  return (
    <PageFrame title="Costs">
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <Segments label="Range" value={range} options={RANGES} onChoose={(value) => set('days', value)} />
        {total?.isCharged ? <Segments label="Measure" value={measure} options={MEASURES} onChoose={setMeasure} /> : null}
      </div>
      <div className="mb-3 empty:mb-0">
        <ErrorLine message={problem}>
          <button type="button" className="btn btn-small btn-line" onClick={reload}>
            Try again
          </button>
        </ErrorLine>
      </div>
      {isEmpty ? (
        <EmptyState
          icon={ChartColumn}
          title="Nothing used in this time"
          text="As soon as an agent works, its tokens and what they cost are drawn here, day by day."
        >
          <Link href="/" className="btn btn-line">
            Go to your projects
          </Link>
        </EmptyState>
      ) : days === null || total === null ? (
        problem === null ? (
          <CostSkeleton />
        ) : null
      ) : (
        <div className="space-y-5">
          <dl className="grid grid-cols-2 gap-2 md:grid-cols-4">
            <Fact name="Tasks" value={String(total.tasks)} />
            <Fact name="Tokens read" value={shortCount(total.tokensIn)} />
            <Fact name="Tokens written" value={shortCount(total.tokensOut)} />
            <Fact name="Money" value={total.isCharged ? `$${total.cost.toFixed(2)}` : 'no charge'} />
          </dl>
          <CostChart days={costDays(days, today(), Number(range))} measure={total.isCharged ? measure : 'tokens'} />
          <section aria-labelledby="cost-table">
            <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
              <h2 id="cost-table" className="text-15 font-semibold">
                By {GROUPS[group].toLowerCase()}
              </h2>
              <Segments
                label="Group by"
                value={group}
                options={COST_GROUPS.map((value) => ({ value, label: GROUPS[value] }))}
                onChoose={(value) => set('by', value)}
              />
            </div>
            <CostTable rows={rows ?? []} group={group} />
          </section>
        </div>
      )}
    </PageFrame>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="rounded-l border border-line-2 px-3.5 py-2.5">
      <dt className="text-12 text-fg-2">{name}</dt>
      <dd className="text-18 font-semibold">{value}</dd>
    </div>
  );
}

function CostTable({ rows, group }: { rows: readonly CostItem[]; group: CostGroup }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by key
    <div className="overflow-x-auto rounded-l border border-line-2" tabIndex={0} role="group" aria-label="Numbers">
      <table className="w-full min-w-[420px] border-collapse text-13">
        <thead>
          <tr className="border-b border-line-2 text-left text-12 text-fg-2">
            <th scope="col" className="px-3.5 py-2 font-medium">
              {GROUPS[group]}
            </th>
            {['Tasks', 'Read', 'Written', 'Cost'].map((name) => (
              <th key={name} scope="col" className="px-3.5 py-2 text-right font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(group === 'day' ? rows.toReversed() : rows).map((row) => (
            <tr key={row.key} className="border-b border-line last:border-0">
              <th scope="row" className="max-w-60 truncate px-3.5 py-2 text-left font-medium">
                {group === 'day' ? shortDay(row.key) : row.label === '' ? 'Not named' : row.label}
              </th>
              <td className="px-3.5 py-2 text-right">{row.tasks}</td>
              <td className="px-3.5 py-2 text-right">{row.tokensIn === null ? <Unsaid /> : shortCount(row.tokensIn)}</td>
              <td className="px-3.5 py-2 text-right">{row.tokensOut === null ? <Unsaid /> : shortCount(row.tokensOut)}</td>
              <td className="px-3.5 py-2 text-right whitespace-nowrap">
                {row.cost === null ? <span className="text-fg-2">no charge</span> : `$${row.cost.toFixed(2)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Unsaid() {
  return <span className="text-fg-2">not said</span>;
}

function CostSkeleton() {
  return (
    <div role="status" aria-label="Adding up the costs" className="space-y-5">
      <div className="grid grid-cols-2 gap-2 md:grid-cols-4">
        {['a', 'b', 'c', 'd'].map((name) => (
          <div key={name} className="skeleton h-[66px]" />
        ))}
      </div>
      <div className="skeleton h-[284px]" />
      <div className="skeleton h-40" />
    </div>
  );
}

interface Costs {
  readonly days: readonly CostItem[] | null;
  readonly rows: readonly CostItem[] | null;
  readonly problem: string | null;
}

function useCosts(range: number, group: CostGroup): Costs & { readonly reload: () => void } {
  const { api } = useLive();
  const isOnline = useConnection() === 'online';
  const [costs, set] = useReducer((_: Costs, next: Costs) => next, { days: null, rows: null, problem: null });
  const load = useCallback(
    (signal?: AbortSignal) => {
      const query = { from: dayBefore(today(), range - 1), timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
      const given = signal === undefined ? {} : { signal };
      Promise.all([api.getCosts({ query: { ...query, group_by: 'day' }, ...given }), api.getCosts({ query: { ...query, group_by: group }, ...given })]).then(
        ([days, rows]) => set({ days: days.items, rows: rows.items, problem: null }),
        (error: unknown) => signal?.aborted || set({ days: null, rows: null, problem: sentenceOf(error) }),
      );
    },
    [api, range, group],
  );
  useEffect(() => {
    const reading = new AbortController();
    load(reading.signal);
    return () => reading.abort();
  }, [load, isOnline]);
  return { ...costs, reload: () => load() };
}

/** By this device's clock. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-');
}
