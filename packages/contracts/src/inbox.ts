import * as z from 'zod/mini';
import { Permission } from './permission.ts';
import { Task } from './task.ts';

/** What needs a person: open questions first, then tasks that failed or were interrupted and are not settled. */
export const InboxItem = z.discriminatedUnion('type', [
  z.object({ type: z.literal('permission'), permission: Permission }),
  z.object({ type: z.literal('task'), task: Task }),
]);
export type InboxItem = z.infer<typeof InboxItem>;
