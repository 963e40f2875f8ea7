import { COST_GROUPS, type CostGroup, type CostItem, type CostSlice } from '@boocode/contracts/cost.ts';
import { ChartColumn } from 'lucide-react';
import { useCallback, useEffect, useReducer, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useConnection, useLive } from '../live/live-context.tsx';
import { sentenceOf } from '../live/use-action.ts';
import { PageFrame } from '../shell/PageFrame.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { RetryLine } from '../ui/RetryLine.tsx';
import { Segments } from '../ui/Segments.tsx';
import { shortCount } from '../ui/time-ago.ts';
import { CostChart, nameOf, shortDay } from './CostChart.tsx';
import { costTotal, dayBefore } from './cost-days.ts';
import { costPicture, type CostPicture, dayPicture, type Measure } from './cost-stacks.ts';

const RANGES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const;
const GROUP_ORDER = ['model', 'agent', 'project', 'day'] as const satisfies readonly CostGroup[];
const GROUPS: Record<CostGroup, string> = { project: 'Project', agent: 'Agent', model: 'Model', day: 'Day' };
const MEASURES = [
  { value: 'tokens', label: 'Tokens' },
  { value: 'money', label: 'Money' },
] as const;

/** What work used: a picture first, the numbers behind it. */
export function CostsPage() {
  const [params, setParams] = useSearchParams();
  const range = RANGES.find(({ value }) => value === params.get('days'))?.value ?? '30';
  const group = COST_GROUPS.find((name) => name === params.get('by')) ?? 'model';
  const [measure, setMeasure] = useState<Measure>('tokens');
  const { days, rows, slices, problem, reload } = useCosts(Number(range), group);
  const set = (name: string, value: string) =>
    setParams((now) => new URLSearchParams([...now].filter(([key]) => key !== name).concat([[name, value]])), { replace: true });
  const total = days === null ? null : costTotal(days);
  const isEmpty = total !== null && total.tasks === 0;
  const drawn = { today: today(), count: Number(range), measure: total?.isCharged ? measure : 'tokens' } as const;
  const picture = days === null ? null : slices === null ? dayPicture(days, drawn) : costPicture(slices, drawn);
  return (
    <PageFrame title="Costs">
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <Segments label="Range" value={range} options={RANGES} onChoose={(value) => set('days', value)} />
        {total?.isCharged ? <Segments label="Measure" value={measure} options={MEASURES} onChoose={setMeasure} /> : null}
      </div>
      <div className="mb-3 empty:mb-0">
        <RetryLine message={problem} onRetry={reload} />
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
          <section aria-labelledby="cost-picture">
            <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
              <h2 id="cost-picture" className="text-15 font-semibold">
                Per day{group === 'day' ? '' : `, by ${GROUPS[group].toLowerCase()}`}
              </h2>
              <Segments
                label="Group by"
                value={group}
                options={GROUP_ORDER.map((value) => ({ value, label: GROUPS[value] }))}
                onChoose={(value) => set('by', value)}
              />
            </div>
            {picture === null ? null : (
              <CostChart picture={picture} measure={drawn.measure} words={group === 'day' ? 'in all' : `by ${GROUPS[group].toLowerCase()}`} />
            )}
          </section>
          <section aria-labelledby="cost-table">
            <h2 id="cost-table" className="mb-2 text-15 font-semibold">
              The numbers
            </h2>
            <CostTable rows={rows ?? []} group={group} picture={picture} />
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

function CostTable({ rows, group, picture }: { rows: readonly CostItem[]; group: CostGroup; picture: CostPicture | null }) {
  const series = picture?.series ?? [];
  const placeOf = (key: string) => {
    const own = series.findIndex((one) => one.key === key);
    return own === -1 && series.at(-1)?.key === null ? series.length : own + 1;
  };
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
                {group === 'day' ? null : <span className={`chart-key mr-2 inline-block chart-${placeOf(row.key)}`} />}
                {group === 'day' ? shortDay(row.key) : nameOf(row.label)}
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
  /** Null: by day alone. */
  readonly slices: readonly CostSlice[] | null;
  readonly problem: string | null;
}

function useCosts(range: number, group: CostGroup): Costs & { readonly reload: () => void } {
  const { api } = useLive();
  const isOnline = useConnection() === 'online';
  const [costs, set] = useReducer((_: Costs, next: Costs) => next, { days: null, rows: null, slices: null, problem: null });
  const load = useCallback(
    (signal?: AbortSignal) => {
      const query = { from: dayBefore(today(), range - 1), timezone: Intl.DateTimeFormat().resolvedOptions().timeZone };
      const given = signal === undefined ? {} : { signal };
      const read = async () => {
        const [days, rows, slices] = await Promise.all([
          api.getCosts({ query: { ...query, group_by: 'day' }, ...given }),
          api.getCosts({ query: { ...query, group_by: group }, ...given }),
          group === 'day' ? null : api.getCostDays({ query: { ...query, group_by: group }, ...given }),
        ]);
        set({ days: days.items, rows: rows.items, slices: slices?.items ?? null, problem: null });
      };
      read().catch((error: unknown) => signal?.aborted || set({ days: null, rows: null, slices: null, problem: sentenceOf(error) }));
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
