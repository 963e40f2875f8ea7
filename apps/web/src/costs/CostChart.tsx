import { useState } from 'react';
import { shortCount } from '../ui/time-ago.ts';
import { axisTop, type CostDay } from './cost-days.ts';

export type Measure = 'tokens' | 'money';

const HEIGHT = 200;
const GAP = 0.24;

/** A bar per day: what agents read and wrote, or what it cost. The table below it holds the same numbers. */
export function CostChart({ days, measure }: { days: readonly CostDay[]; measure: Measure }) {
  const [shown, setShown] = useState<CostDay | null>(null);
  const parts = (day: CostDay) => (measure === 'tokens' ? ([day.tokensIn, day.tokensOut] as const) : ([0, day.cost] as const));
  const top = axisTop(Math.max(...days.map((day) => parts(day)[0] + parts(day)[1])));
  const say = (value: number) =>
    measure === 'tokens' ? shortCount(Math.round(value)) : `$${value < 1 ? value.toFixed(2) : value.toFixed(value < 10 ? 1 : 0)}`;
  const width = 100 / days.length;
  const highest = days.reduce((best, day) => (parts(day)[0] + parts(day)[1] > parts(best)[0] + parts(best)[1] ? day : best));
  return (
    <figure className="rounded-l border border-line-2 bg-bg-2 p-4">
      <figcaption className="mb-3 flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-12 text-fg-1">
        {measure === 'tokens' ? (
          <>
            <Key className="bg-control" label="Read" />
            <Key className="bg-info" label="Written" />
          </>
        ) : (
          <Key className="bg-info" label="Money" />
        )}
        <span className="ml-auto text-fg-2" aria-hidden="true">
          {shown === null ? 'Per day' : dayWords(shown, measure)}
        </span>
      </figcaption>
      <div className="flex gap-2">
        <div className="flex w-10 shrink-0 flex-col justify-between text-right text-11 leading-none text-fg-2" aria-hidden="true">
          <span>{say(top)}</span>
          <span>{say(top / 2)}</span>
          <span>0</span>
        </div>
        <svg
          role="img"
          aria-label={`${measure === 'tokens' ? 'Tokens' : 'Money'} per day over ${days.length} days. Most on ${dayWords(highest, measure)}`}
          width="100%"
          height={HEIGHT}
          onPointerLeave={() => setShown(null)}
        >
          {[0, 0.5, 1].map((part) => (
            <line
              key={part}
              x1="0"
              x2="100%"
              y1={0.5 + part * (HEIGHT - 1)}
              y2={0.5 + part * (HEIGHT - 1)}
              stroke="var(--line-2)"
              strokeDasharray={part === 1 ? undefined : '2 4'}
            />
          ))}
          {days.map((day, index) => {
            const [read, written] = parts(day);
            const below = (read / top) * HEIGHT;
            const above = (written / top) * HEIGHT;
            const x = `${(index + GAP / 2) * width}%`;
            const bar = `${width * (1 - GAP)}%`;
            return (
              <g key={day.day} opacity={shown === null || shown === day ? 1 : 0.45} onPointerEnter={() => setShown(day)}>
                <rect x={`${index * width}%`} y="0" width={`${width}%`} height={HEIGHT} fill="transparent" />
                <rect x={x} y={HEIGHT - below} width={bar} height={below} fill="var(--control)" />
                <rect x={x} y={HEIGHT - below - above} width={bar} height={above} fill="var(--info)" />
              </g>
            );
          })}
        </svg>
      </div>
      <div className="mt-1.5 ml-12 flex justify-between text-11 text-fg-2" aria-hidden="true">
        <span>{shortDay(days[0]?.day)}</span>
        <span>{shortDay(days[Math.floor(days.length / 2)]?.day)}</span>
        <span>{shortDay(days.at(-1)?.day)}</span>
      </div>
    </figure>
  );
}

function Key({ className, label }: { className: string; label: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span className={`size-2.5 rounded-s ${className}`} />
      {label}
    </span>
  );
}

function dayWords(day: CostDay, measure: Measure): string {
  const amount = measure === 'tokens' ? `${shortCount(day.tokensIn)} read, ${shortCount(day.tokensOut)} written` : `$${day.cost.toFixed(2)}`;
  return `${shortDay(day.day)}: ${amount}, ${day.tasks} ${day.tasks === 1 ? 'task' : 'tasks'}`;
}

export function shortDay(day: string | undefined): string {
  if (day === undefined) return '';
  return new Date(`${day}T12:00:00`).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
}
