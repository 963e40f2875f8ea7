import { type ChangeEvent, useState } from 'react';
import { shortCount } from '../ui/time-ago.ts';
import { axisTop } from './cost-days.ts';
import type { CostPicture, CostStack, Measure } from './cost-stacks.ts';

const HEIGHT = 200;
const GAP = 0.24;
/** Between the parts of a bar, so that they are told apart without their colours. */
const SEAM = 1;

interface CostChartProps {
  readonly picture: CostPicture;
  readonly measure: Measure;
  /** For instance "by model". */
  readonly words: string;
}

/** Stacked bars, one per day. A pointer, or the arrow keys on its slider, read a day; the table below holds the same numbers. */
export function CostChart({ picture: { series, stacks }, measure, words }: CostChartProps) {
  const [chosen, choose] = useState<number | null>(null);
  const shown = chosen === null ? null : (stacks[chosen] ?? null);
  const top = axisTop(Math.max(...stacks.map(({ total }) => total)));
  const say = (value: number) => amount(value, measure);
  const width = 100 / stacks.length;
  const highest = stacks.reduce((best, stack) => (stack.total > best.total ? stack : best));
  const name = `${measure === 'tokens' ? 'Tokens' : 'Money'} per day ${words}`;
  const dayWords = ({ day, tasks, total, values }: CostStack) => {
    const parts = series.flatMap(({ label }, index) => ((values[index] ?? 0) > 0 ? [`${label} ${say(values[index] ?? 0)}`] : []));
    return `${shortDay(day)}: ${say(total)}${measure === 'tokens' ? ' tokens' : ''} in ${tasks} ${tasks === 1 ? 'task' : 'tasks'}${parts.length > 1 ? ` (${parts.join(', ')})` : ''}`;
  };
  return (
    <figure className="cost-chart rounded-l border border-line-2 bg-bg-2 p-4" onPointerLeave={() => choose(null)}>
      <figcaption>
        <ul aria-label={`${name}: colours`} className="flex flex-wrap gap-x-4 gap-y-1 text-12 text-fg-1">
          {series.map(({ key, label, total }, index) => (
            <li key={key ?? 'others'} className="flex min-w-0 items-center gap-1.5">
              <span className={`chart-key chart-${index + 1}`} />
              <span className="min-w-0 truncate">{nameOf(label)}</span>
              <span className="text-fg-2">{say(shown === null ? total : (shown.values[index] ?? 0))}</span>
            </li>
          ))}
        </ul>
        <p className="mt-1 mb-3 min-h-5 truncate text-12 text-fg-2" aria-hidden="true">
          {shown === null
            ? `In all ${stacks.length} days`
            : `${shortDay(shown.day)}: ${say(shown.total)}, ${shown.tasks} ${shown.tasks === 1 ? 'task' : 'tasks'}`}
        </p>
      </figcaption>
      <div className="flex gap-2">
        <div className="flex w-10 shrink-0 flex-col justify-between text-right text-11 leading-none text-fg-2" aria-hidden="true">
          <span>{say(top)}</span>
          <span>{say(top / 2)}</span>
          <span>0</span>
        </div>
        <svg role="img" aria-label={`${name} over ${stacks.length} days. Most on ${dayWords(highest)}`} width="100%" height={HEIGHT}>
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
          {stacks.map((stack, index) => (
            <g key={stack.day} opacity={chosen === null || chosen === index ? 1 : 0.4} onPointerEnter={() => choose(index)} onPointerDown={() => choose(index)}>
              <rect x={`${index * width}%`} y="0" width={`${width}%`} height={HEIGHT} fill="transparent" />
              {partsOf(stack, top).map(({ place, y, height }) => (
                <rect key={place} className={`chart-${place + 1}`} x={`${(index + GAP / 2) * width}%`} y={y} width={`${width * (1 - GAP)}%`} height={height} />
              ))}
            </g>
          ))}
        </svg>
      </div>
      <div className="mt-1.5 ml-12 flex justify-between text-11 text-fg-2" aria-hidden="true">
        <span>{shortDay(stacks[0]?.day)}</span>
        <span>{shortDay(stacks[Math.floor(stacks.length / 2)]?.day)}</span>
        <span>{shortDay(stacks.at(-1)?.day)}</span>
      </div>
      <input
        type="range"
        className="sr-only"
        aria-label={`${name}, day by day`}
        min={0}
        max={stacks.length - 1}
        value={chosen ?? stacks.length - 1}
        aria-valuetext={dayWords(shown ?? stacks.at(-1) ?? highest)}
        onFocus={() => choose(chosen ?? stacks.length - 1)}
        onBlur={() => choose(null)}
        onChange={(event: ChangeEvent<HTMLInputElement>) => choose(event.target.valueAsNumber)}
      />
    </figure>
  );
}

/** The parts of a bar from the bottom up. */
function partsOf({ values }: CostStack, top: number): readonly { readonly place: number; readonly y: number; readonly height: number }[] {
  const parts = [];
  let below = 0;
  for (const [place, value] of values.entries()) {
    const height = (value / top) * HEIGHT;
    if (height > 0) parts.push({ place, y: HEIGHT - below - height, height: Math.max(height - SEAM, Math.min(height, 0.5)) });
    below += height;
  }
  return parts;
}

function amount(value: number, measure: Measure): string {
  if (measure === 'tokens') return shortCount(Math.round(value));
  return `$${value.toFixed(value < 100 ? 2 : 0)}`;
}

export function nameOf(label: string): string {
  return label === '' ? 'Not named' : label;
}

export function shortDay(day: string | undefined): string {
  if (day === undefined) return '';
  return new Date(`${day}T12:00:00`).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
}
