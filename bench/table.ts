import { type Figure, type Goal, isMet } from './figure.ts';

const NAME_WIDTH = 66;

/** The figures of one measure for a person: name, ours, the relay's, the ratio, the goals. */
export function tableOf(title: string, figures: readonly Figure[]): string {
  const head = ['', 'BooCode', 'relay', 'ratio', 'goal'];
  const rows = figures.map((one) => [
    one.name,
    `${round(one.value)} ${one.unit}`.trim(),
    one.relay === null ? '' : round(one.relay),
    one.ratio === null ? '' : `${one.ratio.toFixed(2)}x`,
    goalsOf(one),
  ]);
  return [`\n${title}`, ...[head, ...rows].map((row) => rowOf(row).trimEnd())].join('\n');
}

function rowOf([name = '', ours = '', relay = '', ratio = '', goals = '']: readonly string[]): string {
  return `  ${name.padEnd(NAME_WIDTH)} ${ours.padStart(12)} ${relay.padStart(9)} ${ratio.padStart(8)}  ${goals}`;
}

function goalsOf(one: Figure): string {
  return one.goals.map((goal) => `${isMet(goal, one) ? 'ok  ' : 'over'} ${describe(goal, one.unit)}`).join('  ');
}

function describe({ at, value, of }: Goal, unit: string): string {
  return `(at ${at} ${value}${of === 'ratio' ? 'x' : unit === '' ? '' : ` ${unit}`})`;
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(Number.isInteger(value) ? 0 : 1);
}
