import { type Channel, chatChannel } from '@boocode/contracts/frames.ts';
import type { MessageId } from '@boocode/contracts/ids.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { LiveTurn } from './live-turn.ts';
import type { Steered } from './steering.ts';

/** The turns that run in this process. */
export class LiveTurns {
  readonly #byAnswer = new Map<MessageId, LiveTurn>();

  add(turn: LiveTurn): void {
    this.#byAnswer.set(turn.claimed.task.answerId, turn);
  }

  remove(turn: LiveTurn): void {
    this.#byAnswer.delete(turn.claimed.task.answerId);
    turn.steering.close();
  }

  /** Hands a waiting message to the turn that runs in its chat, if one does that can be told more. Resolves when it has it, or never will. */
  async steer(message: Message): Promise<Steered> {
    const turn = this.ofChat(message.chatId);
    return turn === null ? 'queued' : turn.steering.ask(message.id);
  }

  /** The turn that runs in a chat, if one does. */
  ofChat(chatId: string): LiveTurn | null {
    return [...this.#byAnswer.values()].find(({ claimed }) => claimed.task.chatId === chatId) ?? null;
  }

  /** The channels of chats with a running turn. */
  channels(): ReadonlySet<Channel> {
    return new Set([...this.#byAnswer.values()].map((turn) => chatChannel(turn.claimed.task.chatId)));
  }

  /** Puts what is alive over what the rows say: a running answer is newer in memory. */
  overlay(message: Message): Message {
    const turn = this.#byAnswer.get(message.id);
    if (turn === undefined) return message;
    const { status, parts, usage, activity, failure } = turn.state;
    return { ...message, status, parts: [...parts], usage, activity, failure, endedAt: null };
  }
}
