import { ChangeHunk } from '@boocode/contracts/change.ts';
import type { ChatId, TaskId } from '@boocode/contracts/ids.ts';
import * as z from 'zod/mini';

/** A hunk with what it says, so that it is known again elsewhere. */
export const StoredHunk = z.object({ ...ChangeHunk.shape, print: z.string() });
export type StoredHunk = z.infer<typeof StoredHunk>;

/** Whose a hunk is. */
export interface Attribution {
  /** Null: a person. */
  readonly agent: string | null;
  readonly chatId: ChatId | null;
  readonly taskId: TaskId | null;
}
