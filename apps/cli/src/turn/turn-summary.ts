import type { Change } from '@boocode/contracts/change.ts';
import type { Usage } from '@boocode/contracts/agent-event.ts';
import type { Task } from '@boocode/contracts/task.ts';
import { changeRow, changeTotals } from '../changes/change-rows.ts';
import { shortId } from '../connection/resolve-id.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { formatCount, formatDuration, formatPlural } from '../terminal/quantity.ts';
import type { Look, Paint } from '../terminal/terminal.ts';
import { wrapIndented, wrapText } from '../terminal/wrap-text.ts';

const WORDS: Record<Task['state'], readonly [string, Look]> = {
  pending: ['Waiting', 'yellow'],
  running: ['Running', 'cyan'],
  blocked: ['Waits for you', 'yellow'],
  completed: ['Completed', 'green'],
  failed: ['Failed', 'red'],
  cancelled: ['Cancelled', 'yellow'],
  interrupted: ['Interrupted', 'yellow'],
};

const SHOWN = 20;

/** What is said at the end of a turn: how it ended, what it cost, what waits for the person, and what to do next. */
export function formatSummary(task: Task, usage: Usage | null, pending: readonly Change[], width: number, paint: Paint): string {
  const [word, look] = WORDS[task.state];
  const lines = [wrapText([`${word}${timeOf(task)}`, tokensOf(task, usage)].filter((fact) => fact !== '').join(' · '), width).replace(word, paint(look, word))];
  if (pending.length > 0) {
    lines.push(wrapText(`${formatPlural(pending.length, 'changed file')} waiting for you (${changeTotals(pending)}):`, width));
    lines.push(...pending.slice(0, SHOWN).map((change) => changeRow(change, width, paint)));
    if (pending.length > SHOWN) lines.push(`  and ${formatPlural(pending.length - SHOWN, 'more file')}`);
  }
  const next = nextSteps(task, pending.length > 0);
  if (next.length > 0) lines.push('Next:', ...stepRows(next, width));
  return lines.map((line) => `${line}\n`).join('');
}

/** The one line on stderr for a turn that did not come to its end by itself; null for one that did, or that the person ended. */
export function failureLine(task: Task): string | null {
  if (task.error === null || (task.state !== 'failed' && task.state !== 'interrupted')) return null;
  return `boocode: ${neutraliseLine(task.error.message)}`;
}

type NextStep = readonly [command: string, does: string];

function nextSteps(task: Task, hasChanges: boolean): readonly NextStep[] {
  const id = shortId(task.id);
  const changes: readonly NextStep[] = hasChanges
    ? [
        [`boocode changes ${id} --diff`, 'look at them'],
        [`boocode apply ${id}`, 'take them into your folder'],
        [`boocode reject ${id}`, 'throw them away'],
      ]
    : [];
  if (task.state === 'failed' || task.state === 'interrupted' || task.state === 'cancelled') {
    const settle: readonly NextStep[] = task.state === 'cancelled' ? [] : [[`boocode discard ${id}`, 'leave it at that']];
    return [[`boocode continue ${id}`, 'go on where it stopped'], [`boocode retry ${id}`, 'the prompt again'], ...settle, ...changes];
  }
  return changes;
}

/** What a step does is said where there is room for it. */
function stepRows(steps: readonly NextStep[], width: number): string[] {
  const size = Math.max(...steps.map(([command]) => command.length));
  const rows = steps.map(([command, does]) => `  ${command.padEnd(size)}  ${does}`);
  return rows.every((row) => row.length <= width) ? rows : steps.map(([command]) => wrapIndented(command, '  ', width));
}

function timeOf(task: Task): string {
  if (task.startedAt === null || task.endedAt === null) return '';
  const time = formatDuration(Date.parse(task.endedAt) - Date.parse(task.startedAt));
  return task.state === 'completed' ? ` in ${time}` : ` after ${time}`;
}

function tokensOf(task: Task, usage: Usage | null): string {
  const input = task.tokensIn ?? usage?.inputTokens ?? null;
  const output = task.tokensOut ?? usage?.outputTokens ?? null;
  if (input === null && output === null) return '';
  const tokens = `${formatCount(input ?? 0)} tokens in, ${formatCount(output ?? 0)} out`;
  const context =
    usage?.contextUsed != null && usage.contextSize !== null ? ` · context ${formatCount(usage.contextUsed)} of ${formatCount(usage.contextSize)}` : '';
  const cost = task.cost === null ? '' : ` · $${task.cost.toFixed(4)}`;
  return tokens + context + cost;
}
