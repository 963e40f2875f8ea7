import type { Change } from '@boocode/contracts/change.ts';
import { hasEnded, type Task } from '@boocode/contracts/task.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Context } from '../command/context.ts';
import type { Connection } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { formatDuration } from '../terminal/quantity.ts';
import { fitText } from '../terminal/text-width.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { PermissionAsker } from './permission-asker.ts';
import { formatAnswerHint, formatQuestion } from './permission-text.ts';
import { failureLine, formatSummary } from './turn-summary.ts';
import { EMPTY_TRANSCRIPT, isAtLineStart, toolTitle, type TranscriptLook, type TranscriptState, writeTurn } from './turn-transcript.ts';
import type { TurnUpdate, TurnView } from './turn-view.ts';

/** A turn for a person: the transcript as it grows, questions where they come up, and at the end a summary. */
export class HumanView implements TurnView {
  readonly #context: Context;
  readonly #asker: PermissionAsker | null;
  readonly #printedQuestions = new Set<string>();
  #connection: Connection;
  #transcript: TranscriptState = EMPTY_TRANSCRIPT;
  #latest: TurnUpdate | null = null;
  #waitsFor: string | null = null;
  #phase = '';
  #phaseStart = 0;
  #ticker: NodeJS.Timeout | null = null;

  constructor(context: Context, connection: Connection) {
    this.#context = context;
    this.#connection = connection;
    const resume = () => this.#latest !== null && this.show(this.#latest);
    this.#asker = context.isInteractive ? new PermissionAsker(context, () => this.#connection, resume) : null;
  }

  begin(task: Task, model: string | null): void {
    const { out } = this.#context;
    const facts = [`Task ${shortId(task.id)}`, task.agent, model ?? task.model ?? 'default model', `access ${task.access}`];
    out.line(out.paint('dim', wrapText(facts.map(neutraliseLine).join(' · '), out.width)));
    out.line('');
    if (out.isTerminal) this.#ticker = setInterval(() => this.#showStatus(), 1_000).unref();
  }

  show(update: TurnUpdate): void {
    this.#latest = update;
    const open = update.permissions.filter((permission) => permission.state === 'open');
    if (this.#asker?.isAsking === true) {
      this.#asker.consider(open);
      return;
    }
    this.#showWaiting(update.task);
    this.#writeAnswer(update.answer);
    this.#notePhase(update);
    if (this.#asker === null) this.#printQuestions(update);
    else this.#askNext(update);
    this.#showStatus();
  }

  connectionLost(): void {
    this.#asker?.withdraw();
    this.#interject('The connection is lost: waiting for the server to come back');
  }

  connectionBack(connection: Connection): void {
    this.#connection = connection;
    this.#interject('The server is back');
  }

  cancelling(): void {
    this.#asker?.withdraw();
    this.#interject('Cancelling; once more to leave without waiting');
  }

  end(update: TurnUpdate, pending: readonly Change[]): void {
    const { out } = this.#context;
    if (this.#ticker !== null) clearInterval(this.#ticker);
    this.#asker?.withdraw();
    this.#writeAnswer(update.answer);
    out.clearStatus();
    if (!isAtLineStart(this.#transcript)) out.line('');
    if (this.#transcript.last !== 'nothing') out.line('');
    const failure = failureLine(update.task);
    if (failure !== null) this.#context.err.line(this.#context.err.isTerminal ? wrapText(failure, this.#context.err.width) : failure);
    out.write(formatSummary(update.task, update.answer?.usage ?? null, pending, out.width, out.paint));
  }

  #writeAnswer(answer: Message | null): void {
    if (answer === null) return;
    const written = writeTurn(this.#transcript, answer, this.#look());
    this.#transcript = written.state;
    this.#context.out.write(written.out);
  }

  #look(): TranscriptLook {
    const { out } = this.#context;
    return { width: out.width, paint: out.paint, reasoning: out.isTerminal && out.hasColour ? 'streamed' : 'folded' };
  }

  #showWaiting(task: Task): void {
    if (task.state !== 'pending' || task.waitsFor === this.#waitsFor) return;
    this.#waitsFor = task.waitsFor;
    if (task.waitsFor !== null)
      this.#context.out.line(this.#context.out.paint('dim', wrapText(`Waiting: ${neutraliseLine(task.waitsFor)}`, this.#context.out.width)));
  }

  #printQuestions(update: TurnUpdate): void {
    const { out } = this.#context;
    for (const permission of update.permissions) {
      if (this.#printedQuestions.has(permission.id)) continue;
      this.#printedQuestions.add(permission.id);
      this.#breakLine();
      out.line(formatQuestion(permission, out.width, out.paint));
      out.line(formatAnswerHint(permission, out.width));
    }
  }

  #askNext(update: TurnUpdate): void {
    if (update.permissions.length === 0 || hasEnded(update.task.state)) return;
    this.#breakLine();
    this.#context.out.clearStatus();
    this.#asker?.consider(update.permissions);
  }

  /** A line of ours never begins in the middle of one of the agent's. */
  #breakLine(): void {
    if (isAtLineStart(this.#transcript)) return;
    this.#context.out.line('');
    this.#transcript = { ...this.#transcript, wrap: { ...this.#transcript.wrap, column: 0 } };
  }

  #interject(text: string): void {
    const { out, err } = this.#context;
    if (this.#asker?.isAsking === true) out.line('');
    else if (out.isTerminal) this.#breakLine();
    out.clearStatus();
    err.line(err.isTerminal ? wrapText(text, err.width) : text);
  }

  #notePhase(update: TurnUpdate): void {
    const phase = phaseOf(update);
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#phaseStart = Date.now();
  }

  /** What goes on now, below the transcript: only on a terminal, and only between lines. */
  #showStatus(): void {
    const { out } = this.#context;
    if (!out.isTerminal || this.#phase === '' || this.#asker?.isAsking === true || !isAtLineStart(this.#transcript)) return;
    const seconds = Math.floor((Date.now() - this.#phaseStart) / 1_000);
    out.showStatus(fitText(`· ${this.#phase}${seconds < 2 ? '' : ` ${formatDuration(seconds * 1_000).replace('.0 s', ' s')}`}`, out.width - 1));
  }
}

const PHASES = {
  starting: 'starting',
  waiting_for_model: 'waiting for the model',
  generating: 'writing',
  running_tool: 'working',
  waiting_for_person: 'waiting for you',
} as const;

function phaseOf({ task, answer }: TurnUpdate): string {
  if (task.state === 'pending') return 'waiting for its turn';
  const tool = answer?.parts.find((part) => part.type === 'tool' && (part.status === 'running' || part.status === 'pending'));
  if (tool?.type === 'tool') return toolTitle(tool);
  if (answer !== null && answer.status !== 'streaming' && answer.status !== 'waiting') return '';
  const activity = answer?.activity ?? null;
  if (activity === null) return 'starting';
  return activity.detail === null ? PHASES[activity.phase] : neutraliseLine(activity.detail);
}
