import type { Change } from '@boocode/contracts/change.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Permission } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Connection } from '../connection/connect.ts';

/** What is known of a turn now. */
export interface TurnUpdate {
  readonly task: Task;
  /** Its answer; null until it is there. */
  readonly answer: Message | null;
  /** Its open questions. */
  readonly permissions: readonly Permission[];
}

/** One way to show a turn. It is told of every change in order, then once of the end. */
export interface TurnView {
  /** `model` is how its model is shown; null when that is not known. */
  begin(task: Task, model: string | null): void;
  show(update: TurnUpdate): void;
  connectionLost(): void;
  connectionBack(connection: Connection): void;
  /** The person wants the turn to end; its end is still to come. */
  cancelling(): void;
  end(update: TurnUpdate, pending: readonly Change[]): void;
}
