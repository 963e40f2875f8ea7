import { EMPTY_TURN, type TurnState } from '@boocode/contracts/turn-state.ts';
import type { Task } from '@boocode/contracts/task.ts';
import { jsonLine } from '../terminal/json-line.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { answerCommands } from './permission-text.ts';
import { eventsBetween } from './turn-events.ts';
import { failureLine } from './turn-summary.ts';
import type { TurnUpdate, TurnView } from './turn-view.ts';

/** A turn as NDJSON for programs: `task`, the agent's events, `permission`, and at the end `ended`. */
export class JsonView implements TurnView {
  readonly #out: Terminal;
  readonly #err: Terminal;
  #seen: TurnState = EMPTY_TURN;
  #task = '';
  readonly #asked = new Set<string>();

  constructor(out: Terminal, err: Terminal) {
    this.#out = out;
    this.#err = err;
  }

  begin(task: Task): void {
    this.#showTask(task);
  }

  show({ task, answer, permissions }: TurnUpdate): void {
    this.#showTask(task);
    if (answer !== null) this.#showEvents(answer);
    for (const permission of permissions) {
      if (this.#asked.has(permission.id)) continue;
      this.#asked.add(permission.id);
      this.#out.write(jsonLine({ type: 'permission', permission }));
      const [first, second] = answerCommands(permission);
      this.#err.line(`Waiting for an answer: ${first}${second === undefined ? '' : ` (or: ${second})`}`);
    }
  }

  connectionLost(): void {
    this.#err.line('The connection is lost: waiting for the server to come back');
  }

  connectionBack(): void {
    this.#err.line('The server is back');
  }

  cancelling(): void {
    this.#err.line('Cancelling; once more to leave without waiting');
  }

  end(update: TurnUpdate): void {
    this.show({ ...update, permissions: [] });
    const { task, answer } = update;
    const message = task.state === 'completed' ? answerText(answer ?? EMPTY_TURN) : (task.error?.message ?? `The task was ${task.state}`);
    const failure = failureLine(task);
    if (failure !== null) this.#err.line(failure);
    this.#out.write(
      jsonLine({ type: 'ended', state: task.state, taskId: task.id, sessionId: task.sessionId, chatId: task.chatId, message, usage: answer?.usage ?? null }),
    );
  }

  #showTask(task: Task): void {
    const line = jsonLine(taskLine(task));
    if (line === this.#task) return;
    this.#task = line;
    this.#out.write(line);
  }

  #showEvents(answer: TurnState): void {
    for (const event of eventsBetween(this.#seen, answer)) this.#out.write(jsonLine(event));
    this.#seen = answer;
  }
}

/** How a task is told to programs: at its beginning, and whenever its state changes. */
export function taskLine(task: Task) {
  const { sessionId, chatId, state, waitsFor, agent, model } = task;
  return { type: 'task', taskId: task.id, sessionId, chatId, state, waitsFor, agent, model } as const;
}

/** What the agent said last: its text after the last tool call, or the last text there is. */
function answerText(turn: TurnState): string {
  const text = turn.parts.findLast((part) => part.type === 'text');
  return text?.type === 'text' ? text.text.trim() : '';
}
