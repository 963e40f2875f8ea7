import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import { applyEvent, EMPTY_TURN, type TurnState } from '@boocode/contracts/turn-state.ts';
import type { Hub } from '../live/hub.ts';
import type { ClaimedTask } from '../tasks/task-store.ts';
import { cleanEvent } from './clean-event.ts';
import { Steering } from './steering.ts';

/** About one frame of a screen: text that arrives faster is sent together. */
const FLUSH_MS = 16;

/** What comes in many small pieces. */
function isGrowing({ type }: AgentEvent): boolean {
  return type === 'text' || type === 'reasoning' || type === 'tool_output';
}

/**
 * A running turn in memory. Events wait here for at most one screen frame; then they are folded and published together, so that `state` is
 * always exactly what the channel's last seq says.
 */
export class LiveTurn {
  readonly claimed: ClaimedTask;
  readonly steering = new Steering();
  readonly #hub: Hub;
  readonly #onFold: (turn: LiveTurn) => void;
  #state: TurnState = EMPTY_TURN;
  #pending: AgentEvent[] = [];
  /** The first half of a character that a model server cut in two. */
  #halfCharacter = '';
  #timer: NodeJS.Timeout | null = null;
  /** When text was published last: the first of it does not wait. */
  #grownAt = Number.NEGATIVE_INFINITY;

  constructor(claimed: ClaimedTask, hub: Hub, onFold: (turn: LiveTurn) => void) {
    this.claimed = claimed;
    this.#hub = hub;
    this.#onFold = onFold;
  }

  get state(): TurnState {
    return this.#state;
  }

  push(event: AgentEvent): void {
    this.#queue(event);
    const now = performance.now();
    if (!isGrowing(event) || now - this.#grownAt >= FLUSH_MS) return this.flush();
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS - (now - this.#grownAt));
  }

  /** Folds and publishes what waits. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    if (events.some(isGrowing)) this.#grownAt = performance.now();
    for (const event of events) this.publish(event);
    this.#onFold(this);
  }

  /** Folds the ending, so that it can be stored; `publish` it when it is. */
  end(event: Extract<AgentEvent, { type: 'ended' }>): void {
    this.flush();
    this.#state = applyEvent(this.#state, event);
  }

  /** Folds one event and publishes it, in one step. An ending already folded changes nothing more. */
  publish(event: AgentEvent): void {
    this.#state = applyEvent(this.#state, event);
    const { task } = this.claimed;
    this.#hub.publish(chatChannel(task.chatId), { type: 'chat_event', chatId: task.chatId, messageId: task.answerId, event });
  }

  #queue(raw: AgentEvent): void {
    const event = raw.type === 'text' || raw.type === 'reasoning' ? { ...raw, delta: this.#wholeCharacters(raw.delta) } : raw;
    const cleaned = cleanEvent(event);
    const last = this.#pending.at(-1);
    if (cleaned.type === 'text' && last?.type === 'text') this.#pending[this.#pending.length - 1] = { type: 'text', delta: last.delta + cleaned.delta };
    else if (cleaned.type === 'reasoning' && last?.type === 'reasoning')
      this.#pending[this.#pending.length - 1] = { type: 'reasoning', delta: last.delta + cleaned.delta };
    else if (cleaned.type === 'tool_output' && last?.type === 'tool_output' && last.callId === cleaned.callId) {
      this.#pending[this.#pending.length - 1] = { ...last, delta: last.delta + cleaned.delta };
    } else this.#pending.push(cleaned);
  }

  #wholeCharacters(delta: string): string {
    const text = this.#halfCharacter + delta;
    const last = text.charCodeAt(text.length - 1);
    const isHalf = last >= 0xd800 && last <= 0xdbff;
    this.#halfCharacter = isHalf ? text.slice(-1) : '';
    return isHalf ? text.slice(0, -1) : text;
  }
}
