import type { Part, ToolPart, TurnState } from '@boocode/contracts/turn-state.ts';
import { neutralise, neutraliseLine } from '../terminal/neutralise.ts';
import { formatBytes, formatDuration, formatPlural } from '../terminal/quantity.ts';
import type { Look, Paint } from '../terminal/terminal.ts';
import { fitText, padText, textWidth } from '../terminal/text-width.ts';
import { EMPTY_WRAP, wrapEnd, wrapMore, type WrapState, wrapText } from '../terminal/wrap-text.ts';

/** How far a turn has been written. Text is written as it comes, a tool call when it has ended, all in the order of the parts. */
export interface TranscriptState {
  /** The part being written. */
  readonly index: number;
  /** How much of its text has been taken. */
  readonly taken: number;
  readonly wrap: WrapState;
  /** What the last written part was, to know where a blank line belongs. */
  readonly last: 'nothing' | 'prose' | 'row';
}

export const EMPTY_TRANSCRIPT: TranscriptState = { index: 0, taken: 0, wrap: EMPTY_WRAP, last: 'nothing' };

export interface TranscriptLook {
  readonly width: number;
  readonly paint: Paint;
  /** Reasoning is streamed (dimmed), or folded into a line when it has ended. */
  readonly reasoning: 'streamed' | 'folded';
}

export interface Written {
  readonly state: TranscriptState;
  readonly out: string;
}

/** Writes what a turn has become since the last call. Pure: the same states give the same transcript, however they were cut. */
export function writeTurn(from: TranscriptState, turn: TurnState, look: TranscriptLook): Written {
  let state = from;
  let out = '';
  for (let part = turn.parts[state.index]; part !== undefined; part = turn.parts[state.index]) {
    const isLast = state.index === turn.parts.length - 1;
    const isClosed = !isLast || turn.status !== 'streaming';
    const step = writePart(state, part, isClosed, look);
    state = step.state;
    out += step.out;
    if (!step.isDone) break;
  }
  return { state, out };
}

/** Whether the cursor is at the beginning of a line. */
export function isAtLineStart(state: TranscriptState): boolean {
  return state.wrap.column === 0;
}

interface Step extends Written {
  readonly isDone: boolean;
}

function writePart(state: TranscriptState, part: Part, isClosed: boolean, look: TranscriptLook): Step {
  switch (part.type) {
    case 'text':
      return writeProse(state, part.text, 'plain', isClosed, look);
    case 'reasoning':
      return look.reasoning === 'streamed'
        ? writeProse(state, part.text, 'dim', isClosed, look)
        : isClosed
          ? writeRows(state, foldReasoning(part.text, look))
          : stay(state);
    case 'tool':
      return isOpen(part) ? stay(state) : writeRows(state, toolRow(part, look));
    case 'notice':
      return writeRows(state, look.paint(part.level === 'warning' ? 'yellow' : 'dim', wrapText(`! ${neutraliseLine(part.text)}`, look.width)));
    case 'steered':
      return writeRows(state, look.paint('bold', wrapText(`> ${neutralise(part.text)}`, look.width)));
    case 'plan':
      return isClosed ? writeRows(state, look.paint('dim', planRows(part, look.width))) : stay(state);
    case 'limit_reached':
      return writeRows(state, look.paint('yellow', wrapText(`! Stopped after ${formatPlural(part.value, 'step')}, the limit of one turn`, look.width)));
    case 'file':
      return { ...skip(state), isDone: true };
  }
}

const PLAN_MARKS = { pending: '[ ]', in_progress: '[>]', completed: '[x]' } as const;

function planRows(part: Extract<Part, { type: 'plan' }>, width: number): string {
  return part.entries.map((entry) => wrapText(`${PLAN_MARKS[entry.status]} ${neutraliseLine(entry.text)}`, width)).join('\n');
}

function writeProse(state: TranscriptState, text: string, paint: Look, isClosed: boolean, look: TranscriptLook): Step {
  const more = wrapMore(state.wrap, text.slice(state.taken), look.width);
  const end = isClosed ? wrapEnd(more.state, look.width) : { state: more.state, out: '' };
  const written = more.out + end.out;
  const begins = state.wrap.isEmpty && written !== '';
  const out = (begins && state.last !== 'nothing' ? '\n' : '') + paintLines(look.paint, paint, written);
  if (!isClosed) return { state: { ...state, taken: text.length, wrap: end.state, last: state.last }, out, isDone: false };
  const wroteAny = written !== '' || !state.wrap.isEmpty;
  return { state: { index: state.index + 1, taken: 0, wrap: EMPTY_WRAP, last: wroteAny ? 'prose' : state.last }, out, isDone: true };
}

function writeRows(state: TranscriptState, rows: string): Step {
  if (rows === '') return { ...skip(state), isDone: true };
  const gap = state.last === 'prose' ? '\n' : '';
  return { state: { index: state.index + 1, taken: 0, wrap: EMPTY_WRAP, last: 'row' }, out: `${gap}${rows}\n`, isDone: true };
}

function skip(state: TranscriptState): Written {
  return { state: { ...state, index: state.index + 1, taken: 0 }, out: '' };
}

function stay(state: TranscriptState): Step {
  return { state, out: '', isDone: false };
}

/** Line by line, so that nothing else on the screen is painted when the output is cut or piped. */
function paintLines(paint: Paint, look: Look, text: string): string {
  if (look === 'plain') return text;
  return text
    .split('\n')
    .map((line) => paint(look, line))
    .join('\n');
}

function foldReasoning(text: string, look: TranscriptLook): string {
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  if (words === 0) return '';
  const size = formatPlural(words, 'word');
  const room = look.width - size.length - 13;
  return look.paint('dim', `· thought (${size}) ${fitText(neutraliseLine(text.slice(0, 400)), Math.max(0, room))}`.trimEnd());
}

const MARKS: Record<ToolPart['status'], readonly [string, Look]> = {
  pending: ['·', 'dim'],
  running: ['·', 'dim'],
  completed: ['✓', 'green'],
  failed: ['✗', 'red'],
  cancelled: ['–', 'yellow'],
};

/** One line: what was done on the left, the size of the result and the time on the right. */
function toolRow(part: ToolPart, look: TranscriptLook): string {
  const [mark, colour] = MARKS[part.status];
  const facts = toolFacts(part, look.width);
  const room = Math.max(1, look.width - textWidth(facts) - 4);
  const title = padText(fitText(toolTitle(part), room), room, 'start');
  return `${look.paint(colour, mark)} ${title}  ${look.paint('dim', facts)}`;
}

/** In columns where there is room for them; on a narrow terminal only the time. */
function toolFacts(part: ToolPart, width: number): string {
  const time = formatDuration((part.endedAt ?? part.startedAt) - part.startedAt);
  return width < 50 ? time : `${padText(resultSize(part), 16, 'end')}  ${padText(time, 9, 'end')}`;
}

/** What a tool call is called: its title, or its name. */
export function toolTitle(part: Pick<ToolPart, 'title' | 'name'>): string {
  const title = neutraliseLine(part.title);
  return title === '' ? neutraliseLine(part.name) : title;
}

function resultSize(part: ToolPart): string {
  const { output } = part;
  if (part.status === 'cancelled' && output === null) return 'cancelled';
  if (output === null) return part.status === 'failed' ? 'failed' : '';
  if (output.exitCode !== null && output.exitCode !== 0) return `exit ${output.exitCode}, ${formatBytes(output.bytes)}`;
  if (part.status === 'failed') return `failed, ${formatBytes(output.bytes)}`;
  if (output.diffs.length > 0) return `+${sum(output.diffs.map((diff) => diff.additions))} -${sum(output.diffs.map((diff) => diff.deletions))}`;
  return output.lines > 1 ? `${output.lines} lines, ${formatBytes(output.bytes)}` : formatBytes(output.bytes);
}

function isOpen(part: ToolPart): boolean {
  return part.status === 'pending' || part.status === 'running';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
